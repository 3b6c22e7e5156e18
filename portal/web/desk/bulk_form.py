"""What can be done to many cases at once."""

from wtforms import SelectField

from portal.cases.words import STAFF_STATUS_WORDS
from portal.desk.changing_many import MOVES
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.desk.loading import teams, workers
from portal.web.forms import Form, Line

NOBODY, PERSON, TEAM = "nobody", "person", "team"


class BulkForm(Form):
    """One of the two is done, by the button that was pressed; the reason goes with either."""

    to = SelectField(N_("Assign or hand over to"), id="bulk-to")
    status = SelectField(N_("Change status to"), id="bulk-status")
    reason = Line(N_("Reason, for the customer"), id="bulk-reason")


def bulk_form(*, is_sent: bool = False) -> BulkForm:
    form = BulkForm() if is_sent else BulkForm(formdata=None)
    people = [(f"{PERSON}-{person.id}", person.name) for person in workers()]
    groups = [(f"{TEAM}-{team.id}", _("Team: %(name)s", name=team.name)) for team in teams()]
    form.to.choices = [("", N_("Choose")), *people, *groups, (NOBODY, N_("Nobody"))]
    moves = [(move.value, STAFF_STATUS_WORDS[move]) for move in MOVES]
    form.status.choices = [("", N_("Choose")), *moves]
    return form
