"""A higher level, with a reason that stays visible; or why it stays, to a customer who asked."""

from flask.typing import ResponseReturnValue

from portal.cases.assigning import StaysAssignedError
from portal.cases.case import IllegalMoveError
from portal.cases.escalating import answer_escalation, escalate
from portal.cases.revision import ChangedMeanwhileError
from portal.cases.routing import team_at
from portal.clock import now
from portal.locale import gettext as _
from portal.people.queries import find_person
from portal.people.teams import find_team
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import conflict, done, refused
from portal.web.desk.choices import prepare_choices
from portal.web.desk.forms import EscalationAnswerForm, EscalationForm
from portal.web.desk.loading import load_case, worker
from portal.web.messages import tell
from portal.web.transaction import db


@blueprint.post("/desk/cases/<reference>/escalation")
@allow(Who.AGENT)
def escalation(reference: str) -> ResponseReturnValue:
    """Escalate the case to a level, its team and a named engineer."""
    case, form = load_case(reference), EscalationForm()
    prepare_choices(case, [form], is_new=form)
    if not form.validate_on_submit():
        return refused(case, form)
    level = int(form.level.data)
    chosen = find_team(db(), int(form.team.data)) if form.team.data else None
    try:
        escalate(
            db(),
            case=case,
            by=worker(),
            reason=form.reason.text,
            now=now(),
            revision=form.shown_revision,
            level=level,
            team=chosen or team_at(db(), level),
            assignee=find_person(db(), int(form.assignee.data)) if form.assignee.data else None,
        )
    except ChangedMeanwhileError as error:
        return conflict(error, form)
    except (IllegalMoveError, StaysAssignedError):
        form.reason.errors = [_("It is over, or at that level already.")]
        return refused(case, form)
    tell("success", _("Escalated to level %(level)s.", level=case.level))
    return done(case)


@blueprint.post("/desk/cases/<reference>/escalation-answer")
@allow(Who.AGENT)
def escalation_answer(reference: str) -> ResponseReturnValue:
    """The case stays at its level, and the customer who asked reads why."""
    case, form = load_case(reference), EscalationAnswerForm()
    if not form.validate_on_submit():
        return refused(case, form)
    try:
        answer_escalation(
            db(),
            case=case,
            by=worker(),
            reason=form.reason.text,
            now=now(),
            revision=form.shown_revision,
        )
    except ChangedMeanwhileError as error:
        return conflict(error, form)
    except IllegalMoveError:
        form.reason.errors = [_("That was answered already. Look at the case again.")]
        return refused(case, form)
    words = _("%(name)s is told why the case stays at level %(level)s.")
    tell("success", words % {"name": case.contact_name, "level": case.level})
    return done(case)
