"""Another kind of request: it goes to the team of that kind."""

from flask.typing import ResponseReturnValue

from portal.cases.case import IllegalMoveError
from portal.cases.revision import ChangedMeanwhileError
from portal.cases.routing import UnknownKindError, change_kind
from portal.clock import now
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import conflict, done, refused
from portal.web.desk.choices import prepare_choices
from portal.web.desk.forms import KindForm
from portal.web.desk.loading import load_case, worker
from portal.web.messages import tell
from portal.web.transaction import db


@blueprint.post("/desk/cases/<reference>/kind")
@allow(Who.AGENT)
def kind(reference: str) -> ResponseReturnValue:
    case, form = load_case(reference), KindForm()
    prepare_choices(case, [form], is_new=form)
    if not form.validate_on_submit():
        form.kind.errors = [_("Choose one of the kinds on the list.")]
        return refused(case, form)
    try:
        change_kind(
            db(),
            case=case,
            request_kind=form.kind.data,
            reason=form.reason.text,
            by=worker(),
            now=now(),
            revision=form.shown_revision,
        )
    except ChangedMeanwhileError as error:
        return conflict(error, form)
    except (UnknownKindError, IllegalMoveError) as error:
        form.kind.errors = [f"{error}"]
        return refused(case, form)
    words = _("The kind of request is changed.")
    if case.team:
        words += " " + _("It is in the queue of %(team)s.", team=case.team.name)
    tell("success", words)
    return done(case)
