"""Let a case stand still for a reason that the customer reads."""

from flask.typing import ResponseReturnValue

from portal.cases.case import IllegalMoveError
from portal.cases.revision import ChangedMeanwhileError
from portal.cases.waiting import NoPartyError, WrongPauseError, pause
from portal.cases.words import waits_for
from portal.clock import now
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import conflict, done, refused
from portal.web.desk.choices import prepare_choices
from portal.web.desk.forms import PauseForm
from portal.web.desk.loading import load_case, worker
from portal.web.messages import tell
from portal.web.transaction import db


@blueprint.post("/desk/cases/<reference>/pause")
@allow(Who.AGENT)
def pausing(reference: str) -> ResponseReturnValue:
    """Pause the case; the reason says whose turn it is and which clocks stand still."""
    case, form = load_case(reference), PauseForm()
    prepare_choices(case, [form], is_new=form)
    if not form.validate_on_submit():
        return refused(case, form)
    try:
        pause(
            db(),
            case=case,
            reason=form.pause.data,
            party=form.party.text,
            until=form.until.instant,
            words=form.reason.text,
            by=worker(),
            now=now(),
            revision=form.shown_revision,
        )
    except ChangedMeanwhileError as error:
        return conflict(error, form)
    except WrongPauseError as error:
        field = form.party if isinstance(error, NoPartyError) else form.until_day
        field.errors = [str(error)]
        return refused(case, form)
    except IllegalMoveError:
        form.pause.errors = [_("It can’t be paused from here. Open it again first.")]
        return refused(case, form)
    words = _("Paused: waiting for %(what)s. %(name)s is told.")
    tell("success", words % {"what": waits_for(case), "name": case.contact_name})
    return done(case)
