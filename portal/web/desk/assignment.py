"""Who works on a case."""

from flask.typing import ResponseReturnValue

from portal.cases.assigning import NotStaffError, StaysAssignedError, assign
from portal.cases.case import IllegalMoveError
from portal.cases.revision import ChangedMeanwhileError, check_revision
from portal.cases.routing import hand_to_team
from portal.clock import now
from portal.locale import gettext as _
from portal.people.queries import find_person
from portal.people.teams import find_team
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import conflict, done, refused
from portal.web.desk.choices import prepare_choices
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
        form.assignee.errors = [_("Choose one of the people on the list.")]
        return refused(case, form)
    chosen = find_person(db(), int(form.assignee.data)) if form.assignee.data else None
    team = find_team(db(), int(form.team.data)) if form.team.data else None
    reason = form.reason.text
    try:
        check_revision(case, form.shown_revision)
        assign(
            db(),
            case=case,
            assignee=chosen,
            by=worker(),
            now=now(),
            reason=reason,
        )
        if team is not None and team is not case.team:
            hand_to_team(db(), case=case, team=team, by=worker(), now=now(), reason=reason)
    except ChangedMeanwhileError as error:
        return conflict(error, form)
    except NotStaffError:
        form.assignee.errors = [_("Choose somebody who works on cases.")]
        return refused(case, form)
    except StaysAssignedError as error:
        field = form.reason if chosen else form.assignee
        field.errors = [str(error)]
        return refused(case, form)
    except IllegalMoveError:
        form.team.errors = [_("The case is over: open it again first.")]
        return refused(case, form)
    if chosen:
        tell("success", _("Assigned to %(name)s.", name=chosen.name))
    else:
        tell("success", _("Assigned to nobody now."))
    return done(case)
