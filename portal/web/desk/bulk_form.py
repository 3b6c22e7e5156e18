"""What can be done to many cases at once."""

from wtforms import SelectField

from portal.cases.words import STAFF_STATUS_WORDS
from portal.desk.changing_many import MOVES
from portal.web.desk.loading import teams, workers
from portal.web.forms import Form, Line

NOBODY, PERSON, TEAM = "nobody", "person", "team"


class BulkForm(Form):
    """One of the two is done, by the button that was pressed; the reason goes with either."""

    to = SelectField("Assign or hand over to", id="bulk-to")
    status = SelectField("Change status to", id="bulk-status")
    reason = Line("Reason, for the customer", id="bulk-reason")


def bulk_form(*, is_sent: bool = False) -> BulkForm:
    form = BulkForm() if is_sent else BulkForm(formdata=None)
    people = [(f"{PERSON}-{person.id}", person.name) for person in workers()]
    groups = [(f"{TEAM}-{team.id}", f"Team: {team.name}") for team in teams()]
    form.to.choices = [("", "Choose"), *people, *groups, (NOBODY, "Nobody")]
    moves = [(move.value, STAFF_STATUS_WORDS[move]) for move in MOVES]
    form.status.choices = [("", "Choose"), *moves]
    return form
