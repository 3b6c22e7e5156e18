"""By which day a fix will be delivered: agreed by people, not computed, and moved only with a
reason that the customer reads. How often it was moved stays visible.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.revision import check_revision, count_change
from portal.events import Event, record
from portal.locale import N_
from portal.locale import gettext as _
from portal.people.person import Person
from portal.policy.moments import full_day

_TIMES = {1: N_("%(day)s (moved once)"), 2: N_("%(day)s (moved twice)")}


class WrongDeliveryDateError(ValueError):
    """The date makes no sense, or a reason is missing; the message says what to do."""


class NoReasonError(WrongDeliveryDateError):
    """A date that was promised moves only with a reason."""


def is_promised(case: Case) -> bool:
    """Whether the policy promises a delivery date at this priority."""
    policy = clocks.policy_of(case)
    if not policy.has_priority(case.priority):
        return False
    patch_date = policy.priority(case.priority).patch_date
    return patch_date is not None and patch_date.promised


def set_delivery_date(
    db: Session,
    *,
    case: Case,
    on: date,
    by: Person,
    now: datetime,
    reason: str = "",
    revision: int | None = None,
) -> None:
    """Set the day, or move it with a reason. The same day again changes nothing.

    Raises WrongDeliveryDateError, IllegalMoveError (the case is over), ChangedMeanwhileError.
    """
    check_revision(case, revision)
    case.must_be_open()
    before = case.fix_due_on
    if on == before:
        return
    if on < now.astimezone(clocks.policy_of(case).zone).date():
        raise WrongDeliveryDateError(N_("Choose today or a later day."))
    if before is not None and not reason.strip():
        raise NoReasonError(N_("Say why it moves, in words for the customer."))
    case.fix_due_on = on
    count_change(case, now=now)
    record(
        db,
        Happening.DELIVERY_DATE_SET,
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        case_id=case.id,
        before=before.isoformat() if before else "",
        after=on.isoformat(),
        reason=reason,
    )
    clocks.refresh(db, case=case, now=now)


def delivery_words(db: Session, case: Case) -> str:
    """ "Tuesday 1 December 2026 (moved twice)"; "" while there is no date."""
    if case.fix_due_on is None:
        return ""
    query = select(Event.detail).where(
        Event.case_id == case.id, Event.kind == Happening.DELIVERY_DATE_SET
    )
    moves = sum(bool(detail.get("before")) for detail in db.scalars(query))
    day = full_day(case.fix_due_on)
    if not moves:
        return day
    if moves in _TIMES:
        return _(_TIMES[moves], day=day)
    return _("%(day)s (moved %(count)s times)", day=day, count=moves)
