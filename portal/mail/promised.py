"""When the customer will hear next, in a sentence, in the customer's zone and in ours.

It reads what was promised and stored; it computes nothing.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.case import Case, CaseStatus
from portal.cases.policies import load
from portal.cases.promise import Promise

_MEASURES = "This is the time to the first answer, not to a solution."
_OWN_FIGURE = "It is a typical time, not a published one."


def next_word(db: Session, case: Case) -> str:
    """By when the customer hears from us next; "" when it isn't our turn."""
    if not case.is_open or case.status is CaseStatus.WAITING:
        return ""
    if case.first_responded_at is None:
        return _first_answer(case, _latest(db, case, "first_response"))
    due = case.next_update_due_at
    return f"You will hear from us again by {when(due, case)}." if due else ""


def when(instant: datetime, case: Case) -> str:
    """An instant in the contact's zone, and in the desk's where that reads differently."""
    desk = load(case.policy_version).zone
    contact = contact_zone(case) or desk
    here, there = _written(instant, contact), _written(instant, desk)
    return here if here == there else f"{here} ({there})"


def contact_zone(case: Case) -> ZoneInfo | None:
    known = case.contact_time_zone or (case.contact.time_zone if case.contact else None)
    return ZoneInfo(known) if known else None


def _first_answer(case: Case, promise: Promise | None) -> str:
    due = case.first_response_due_at
    if due is None:
        words = promise.words if promise else ""
        return words or "There is no published time for a first answer at this priority."
    is_usual = promise is not None and promise.strength == "usual"
    start = "We usually answer by" if is_usual else "We will first answer by"
    own = f" {_OWN_FIGURE}" if promise is not None and promise.basis == "default" else ""
    return f"{start} {when(due, case)}. {_MEASURES}{own}"


def _latest(db: Session, case: Case, clock: str) -> Promise | None:
    return db.scalar(
        select(Promise)
        .where(Promise.case_id == case.id, Promise.clock == clock)
        .order_by(Promise.id.desc())
        .limit(1)
    )


def _written(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    hour, half = local.hour % 12 or 12, "am" if local.hour < 12 else "pm"
    return f"{local:%a} {local.day} {local:%b %Y}, {hour}:{local:%M} {half} {_zone_name(local)}"


def _zone_name(local: datetime) -> str:
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name
