"""One level up, with a reason that stays visible."""

from flask.typing import ResponseReturnValue

from portal.cases.case import IllegalMoveError
from portal.cases.escalating import escalate
from portal.cases.revision import ChangedMeanwhileError
from portal.clock import now
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import conflict, done, refused
from portal.web.desk.forms import EscalationForm
from portal.web.desk.loading import load_case, worker
from portal.web.messages import tell
from portal.web.transaction import db


@blueprint.post("/desk/cases/<reference>/escalation")
@allow(Who.AGENT)
def escalation(reference: str) -> ResponseReturnValue:
    """Escalate the case to the next level."""
    case, form = load_case(reference), EscalationForm()
    if not form.validate_on_submit():
        return refused(case, form)
    try:
        escalate(
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
        form.reason.errors = ["It is over, or at the highest level already."]
        return refused(case, form)
    tell("success", f"Escalated to level {case.level}.")
    return done(case)
