"""Who works on a case."""

from flask.typing import ResponseReturnValue

from portal.cases.assigning import NotStaffError, assign
from portal.cases.revision import ChangedMeanwhileError
from portal.clock import now
from portal.people.queries import find_person
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import conflict, done, prepare_choices, refused
from portal.web.desk.forms import AssignmentForm
from portal.web.desk.loading import load_case, worker
from portal.web.messages import tell
from portal.web.transaction import db


@blueprint.post("/desk/cases/<reference>/assignment")
@allow(Who.AGENT)
def assignment(reference: str) -> ResponseReturnValue:
    """Give the case to somebody, or to nobody."""
    case, form = load_case(reference), AssignmentForm()
    prepare_choices(case, [form], is_new=form)
    if not form.validate_on_submit():
        form.assignee.errors = ["Choose one of the people on the list."]
        return refused(case, form)
    chosen = find_person(db(), int(form.assignee.data)) if form.assignee.data else None
    try:
        assign(
            db(),
            case=case,
            assignee=chosen,
            by=worker(),
            now=now(),
            reason=form.reason.text,
            revision=form.shown_revision,
        )
    except ChangedMeanwhileError as error:
        return conflict(error, form)
    except NotStaffError:
        form.assignee.errors = ["Choose somebody who works on cases."]
        return refused(case, form)
    tell("success", f"Assigned to {chosen.name}." if chosen else "Assigned to nobody now.")
    return done(case)
