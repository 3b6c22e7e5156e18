"""The day of deferred work: the customer accepts what we propose, or answers with another day."""

from flask.typing import ResponseReturnValue

from portal.cases.case import Case, IllegalMoveError
from portal.cases.moving import Acting
from portal.cases.scheduling import WrongDayError, accept, propose
from portal.clock import now
from portal.locale import gettext as _
from portal.policy.moments import full_day
from portal.web.access import Who, allow
from portal.web.identity import current_person
from portal.web.support import blueprint
from portal.web.support.act_forms import ScheduleForm
from portal.web.support.acts import TOO_LATE, again, back
from portal.web.support.loading import load_case
from portal.web.transaction import db


@blueprint.post("/cases/<reference>/schedule")
@allow(Who.HOLDER)
def schedule(reference: str) -> ResponseReturnValue:
    """Accept the proposed day, or propose another one."""
    case, form = load_case(reference), ScheduleForm(prefix="schedule-")
    if not _is_right(form):
        return again(case, form, schedule=form)
    who: Acting = {"by": current_person(), "by_name": case.contact_name, "now": now()}
    try:
        words = (_accept if form.accepts else _propose)(case, form, who)
    except WrongDayError as error:
        form.on.errors = [_(str(error))]
        return again(case, form, schedule=form)
    except IllegalMoveError:
        return back(case, "warning", _(TOO_LATE))
    return back(case, "success", words)


def _is_right(form: ScheduleForm) -> bool:
    form.validate()
    if form.answer.data != "other":
        form.on.errors = []
    if form.answer.data not in {"accept", "other"}:
        form.answer.errors = [_("Choose whether the day suits you.")]
    return not any((form.answer.errors, form.on.errors, form.reason.errors))


def _accept(case: Case, form: ScheduleForm, who: Acting) -> str:
    """Only the day that stood on the page is agreed to, not one proposed meanwhile."""
    shown = case.proposed_on
    if shown is None or form.proposed.data != shown.isoformat():
        raise IllegalMoveError(f"another day is proposed for {case.reference}")
    accept(db(), case=case, on=shown, by_customer=True, **who)
    return _("Agreed: %(day)s.", day=full_day(shown))


def _propose(case: Case, form: ScheduleForm, who: Acting) -> str:
    on = form.on.day
    propose(db(), case=case, on=on, reason=form.reason.text, by_customer=True, **who)
    return _("You proposed %(day)s. We answer you here and by mail.", day=full_day(on))
