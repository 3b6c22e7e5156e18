"""What the clock asks for is done, once: also after a restart, after hours of standstill, and when
several workers look at the same time.

Each act is one transaction on one locked case, the earliest duty of all first. What was done is
stored with the case, so nothing is done twice and nothing is left out.
"""

from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.case import Case
from portal.cases.escalating import escalate
from portal.cases.happenings import Happening
from portal.cases.waking import Duty, duties
from portal.events import record
from portal.policy.evaluation import ClockState, Evaluation
from portal.policy.moments import full_day, moment

LATER = timedelta(hours=1)


def something_is_due(db: Session, *, now: datetime) -> bool:
    """A look without any lock: is there a case whose time has come?"""
    return bool(db.scalar(select(exists().where(Case.wakes_at <= now))))


def next_due(db: Session, *, now: datetime) -> Case | None:
    """The case whose duty is the oldest, locked; cases that another worker holds are passed by."""
    query = (
        select(Case)
        .where(Case.wakes_at <= now)
        .order_by(Case.wakes_at, Case.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Case)
    )
    return db.scalar(query)


def do_what_is_due(db: Session, *, case: Case, now: datetime) -> None:
    """The earliest duty of this case, if its time has come; then the case knows its next one."""
    found = clocks.evaluation_of(db, case)
    duty = next((each for each in duties(case, found) if each.at <= now), None)
    if duty is not None:
        _do(db, case, duty, found, now)
    clocks.refresh(db, case=case, now=now)


def put_off(db: Session, *, case_id: int, now: datetime) -> None:
    """A case on which this failed is looked at again later, so that it holds up no other."""
    db.execute(update(Case).where(Case.id == case_id).values(wakes_at=now + LATER))


def _do(db: Session, case: Case, duty: Duty, found: Evaluation, now: datetime) -> None:
    if duty.kind == "escalation" and duty.clock is not None:
        _escalate(db, case, duty.clock, found, now)
    elif duty.kind == "warning" and duty.clock is not None:
        _warn(db, case, duty.clock, now)
    else:
        _remind(db, case, now)


def _escalate(db: Session, case: Case, clock: ClockState, found: Evaluation, now: datetime) -> None:
    promised = moment(clock.due_at or now, found.policy.zone).desk
    escalate(
        db,
        case=case,
        by=None,
        reason=f"It was not solved by {promised}.",
        now=now,
        to=clock.to,
        due_at=clock.due_at,
        quiet_until=_quiet_until(clock, now),
    )


def _warn(db: Session, case: Case, clock: ClockState, now: datetime) -> None:
    due_at = clock.due_at or now
    case.warned = {**case.warned, clock.clock: due_at.isoformat()}
    record(
        db,
        Happening.PROMISE_NEAR,
        now=now,
        case_id=case.id,
        is_internal=True,
        clock=clock.clock,
        due_at=due_at.isoformat(),
        is_late=clock.is_late(now),
        quiet_until=_quiet_until(clock, now),
    )


def _quiet_until(clock: ClockState, now: datetime) -> str:
    """Until when mail about this waits for the opening; "" where the time runs day and night."""
    promise = clock.account.standing.promise
    if promise.target.phrase.kind == "clock" or promise.calendar.is_open(now):
        return ""
    return promise.calendar.next_open(now).isoformat()


def _remind(db: Session, case: Case, now: datetime) -> None:
    case.reminded_at = now
    policy = clocks.policy_of(case)
    opened = full_day(case.opened_at.astimezone(policy.zone).date())
    record(
        db,
        Happening.DELIVERY_DATE_MISSING,
        now=now,
        case_id=case.id,
        is_internal=True,
        opened=opened,
    )
