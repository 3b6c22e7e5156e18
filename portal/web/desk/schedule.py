"""The day of deferred work: proposed by staff, or the customer's proposal accepted or declined."""

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue

from portal.cases.case import Case, IllegalMoveError
from portal.cases.moving import Acting
from portal.cases.revision import ChangedMeanwhileError
from portal.cases.scheduling import WrongDayError, accept, propose, withdraw
from portal.clock import now
from portal.locale import gettext as _
from portal.policy.moments import full_day
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.case import conflict, done, refused
from portal.web.desk.forms import ScheduleForm
from portal.web.desk.loading import load_case, worker
from portal.web.messages import tell
from portal.web.transaction import db


@blueprint.post("/desk/cases/<reference>/schedule")
@allow(Who.AGENT)
def schedule(reference: str) -> ResponseReturnValue:
    """What the pressed button says: propose, accept or withdraw."""
    case, form = load_case(reference), ScheduleForm()
    decide = _DECISIONS.get(request.form.get("decision", "propose"), _propose)
    form.validate()
    if decide is not _propose:
        form.on.errors = []
    if form.errors:
        return refused(case, form)
    who: Acting = {"by": worker(), "now": now(), "revision": form.shown_revision}
    try:
        words = decide(case, form, who)
    except ChangedMeanwhileError as error:
        return conflict(error, form)
    except WrongDayError as error:
        form.on.errors = [str(error)]
    except IllegalMoveError:
        form.on.errors = [_("That is not open any more. Look at the case again.")]
    if form.errors:
        return refused(case, form)
    tell("success", words)
    return done(case)


def _propose(case: Case, form: ScheduleForm, who: Acting) -> str:
    on = form.on.day
    propose(db(), case=case, on=on, reason=form.reason.text, **who)
    words = _("You proposed %(day)s; %(name)s is asked.")
    return words % {"day": full_day(on), "name": case.contact_name}


def _accept(case: Case, _form: ScheduleForm, who: Acting) -> str:
    on = case.proposed_on
    if on is None:
        raise IllegalMoveError("nothing is proposed")
    accept(db(), case=case, on=on, **who)
    return _("Agreed: %(day)s. The clocks stand still until then.", day=full_day(on))


def _withdraw(case: Case, form: ScheduleForm, who: Acting) -> str:
    withdraw(db(), case=case, reason=form.reason.text, **who)
    return _("The proposal is off; %(name)s is told.", name=case.contact_name)


_DECISIONS: dict[str, Callable[[Case, ScheduleForm, Acting], str]] = {
    "propose": _propose,
    "accept": _accept,
    "withdraw": _withdraw,
}
