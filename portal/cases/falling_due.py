"""What the clock asks for is done, once: also after a restart, after hours of standstill, and when
several workers look at the same time.

Each act is one transaction on one locked case, the earliest duty of all first. What was done is
stored with the case, so nothing is done twice and nothing is left out.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.case import Case
from portal.cases.closing import close_by_itself, remind_of_closing
from portal.cases.escalating import escalate
from portal.cases.happenings import Happening
from portal.cases.routing import team_at
from portal.cases.waiting import resume
from portal.cases.waking import Duty, Kind, duties
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
    if duty.clock is not None:
        act = _escalate if duty.kind == "escalation" else _warn
        act(db, case, duty.clock, found, now)
    else:
        _ACTS[duty.kind](db, case, now)


def _escalate(db: Session, case: Case, clock: ClockState, found: Evaluation, now: datetime) -> None:
    promised = moment(clock.due_at or now, found.policy.zone).desk
    escalate(
        db,
        case=case,
        by=None,
        reason=f"It was not solved by {promised}.",
        now=now,
        team=team_at(db, case.level + 1, name=clock.to),
        to=clock.to,
        due_at=clock.due_at,
        quiet_until=_quiet_until(clock, now),
    )


def _warn(db: Session, case: Case, clock: ClockState, _found: Evaluation, now: datetime) -> None:
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
    _tell_staff(db, Happening.DELIVERY_DATE_MISSING, case, now, opened=opened)


def _day_near(db: Session, case: Case, now: datetime, kind: Kind, on: date, *, what: str) -> None:
    """A day that was promised or agreed comes, or has passed."""
    _remember(case, kind, on)
    is_late = kind == "delivery_late"
    _tell_staff(db, Happening.DAY_NEAR, case, now, what=what, on=on.isoformat(), is_late=is_late)


def _delivery(db: Session, case: Case, now: datetime) -> None:
    """Remembered after a standstill too, unless the day has passed meanwhile."""
    on = case.fix_due_on or now.date()
    _day_near(db, case, now, "delivery", on, what="delivery")


def _delivery_late(db: Session, case: Case, now: datetime) -> None:
    on = case.fix_due_on or now.date()
    _remember(case, "delivery", on)
    _day_near(db, case, now, "delivery_late", on, what="delivery")


def _schedule(db: Session, case: Case, now: datetime) -> None:
    _day_near(db, case, now, "schedule", case.scheduled_on or now.date(), what="schedule")


def _escalation_answer(db: Session, case: Case, now: datetime) -> None:
    due_at = case.escalation_answer_due_at or now
    _remember(case, "escalation_answer", due_at)
    _tell_staff(db, Happening.ESCALATION_UNANSWERED, case, now, due_at=due_at.isoformat())


def _resume(db: Session, case: Case, now: datetime) -> None:
    resume(db, case=case, by=None, now=now)


def _remember(case: Case, kind: Kind, what: date) -> None:
    case.warned = {**case.warned, kind: what.isoformat()}


def _tell_staff(
    db: Session, happening: Happening, case: Case, now: datetime, **detail: Any
) -> None:
    record(db, happening, now=now, case_id=case.id, is_internal=True, **detail)


_ACTS: dict[Kind, Callable[[Session, Case, datetime], None]] = {
    "reminder": _remind,
    "delivery": _delivery,
    "delivery_late": _delivery_late,
    "schedule": _schedule,
    "escalation_answer": _escalation_answer,
    "resume": _resume,
    "close_reminder": lambda db, case, now: remind_of_closing(db, case=case, now=now),
    "close": lambda db, case, now: close_by_itself(db, case=case, now=now),
}
