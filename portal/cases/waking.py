"""What will have to be done on a case when its time has come, and when that is.

Staff are warned before a promise falls due, while there is still support time to keep it; a case
that is not solved in time goes one level up; a delivery date that was promised and is still empty
is remembered once a business day. Days that were agreed with the customer are remembered before
they come. What stands still goes on, or closes, when its time has come.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from portal.cases.case import Case, CaseStatus
from portal.policy.calendar import Calendar
from portal.policy.evaluation import ClockState, Evaluation
from portal.policy.ledger import Span
from portal.policy.versions import day_begins
from portal.policy.words import ClockName

LONGEST_LEAD_SECONDS = 30 * 60
LONGEST_LEAD = timedelta(seconds=LONGEST_LEAD_SECONDS)
LONGEST_CLOSURE_DAYS = 31
WARNED_CLOCKS: tuple[ClockName, ...] = ("first_response", "next_update", "resolution")
Kind = Literal[
    "escalation",
    "warning",
    "reminder",
    "delivery",
    "delivery_late",
    "schedule",
    "escalation_answer",
    "resume",
    "close_reminder",
    "close",
]


@dataclass(frozen=True)
class Duty:
    """One thing that the clock asks for, and when."""

    at: datetime
    kind: Kind
    clock: ClockState | None = None


def duties(case: Case, found: Evaluation) -> list[Duty]:
    """Everything still to be done on this case by the clock, the earliest first."""
    asked = [*_standing_still(case)]
    if case.is_open:
        asked += [*_promised(case, found), *_dated(case, found)]
    return sorted(asked, key=lambda duty: duty.at)


def wakes_at(case: Case, found: Evaluation) -> datetime | None:
    """When the worker has to look at the case next."""
    return next((duty.at for duty in duties(case, found)), None)


def warning_instant(clock: ClockState) -> datetime | None:
    """A quarter of the promised time before it is used up, at most half an hour.

    Only time that counts is gone back through: nobody is warned on a Sunday of Monday morning.
    """
    counted = [span for span in clock.ledger if span.counted]
    lead = min(LONGEST_LEAD_SECONDS, sum(_seconds(span) for span in counted) // 4)
    for span in reversed(counted):
        if span.end is not None and _seconds(span) >= lead:
            return span.end - timedelta(seconds=lead)
        lead -= _seconds(span)
    return clock.due_at


def misses_delivery_date(case: Case, found: Evaluation) -> bool:
    """Whether a date for the fix was promised at this priority, and nobody has set one."""
    policy = found.runs_under
    if case.fix_due_on is not None or not policy.has_priority(found.priority_id):
        return False
    patch_date = policy.priority(found.priority_id).patch_date
    return patch_date is not None and patch_date.promised


def _promised(case: Case, found: Evaluation) -> Iterator[Duty]:
    if case.level == 1 and found.escalation.state == "running" and found.escalation.due_at:
        yield Duty(found.escalation.due_at, "escalation", found.escalation)
    for clock in found.clocks:
        if clock.clock in WARNED_CLOCKS and clock.state == "running" and clock.due_at:
            at = warning_instant(clock) or clock.due_at
            if not is_warned(case, clock):
                yield Duty(at, "warning", clock)
    answer_due = case.escalation_answer_due_at
    if answer_due and not is_remembered(case, "escalation_answer", answer_due):
        yield Duty(answer_due - LONGEST_LEAD, "escalation_answer")


def _dated(case: Case, found: Evaluation) -> Iterator[Duty]:
    """The days that people promised or agreed on, or should have."""
    hours = _hours(found)
    if misses_delivery_date(case, found):
        yield Duty(_next_business_day(hours, case.reminded_at or case.opened_at), "reminder")
    if (day := case.fix_due_on) is not None:
        if not is_remembered(case, "delivery", day):
            yield Duty(_business_day_before(hours, day), "delivery")
        if not is_remembered(case, "delivery_late", day):
            morrow = day_begins(found.runs_under, day + timedelta(days=1))
            yield Duty(hours.next_open(morrow), "delivery_late")
    if (day := case.scheduled_on) is not None and not is_remembered(case, "schedule", day):
        yield Duty(_business_day_before(hours, day), "schedule")


def _standing_still(case: Case) -> Iterator[Duty]:
    if case.resumes_at is not None and case.status is CaseStatus.PAUSED:
        yield Duty(case.resumes_at, "resume")
    if case.close_reminder_at is not None:
        yield Duty(case.close_reminder_at, "close_reminder")
    elif case.closes_at is not None:
        yield Duty(case.closes_at, "close")


def _hours(found: Evaluation) -> Calendar:
    policy = found.runs_under
    known = policy.has_priority(found.priority_id)
    return policy.calendar(
        policy.priority(found.priority_id).hours if known else policy.office_hours
    )


def is_remembered(case: Case, kind: Kind, what: date) -> bool:
    """A day or instant is remembered once; another one is another matter."""
    return case.warned.get(kind) == what.isoformat()


def is_warned(case: Case, clock: ClockState) -> bool:
    """A promise is warned of once; a new promise about the same clock is another one."""
    due = clock.due_at
    return due is not None and case.warned.get(clock.clock) == due.isoformat()


def _next_business_day(hours: Calendar, after: datetime) -> datetime:
    return hours.opening_of(hours.next_business_date(after))


def _business_day_before(hours: Calendar, day: date) -> datetime:
    """The opening of the last business day before `day`."""
    before = day - timedelta(days=1)
    for _ in range(LONGEST_CLOSURE_DAYS):
        if hours.windows_on(before):
            break
        before -= timedelta(days=1)
    return hours.opening_of(before)


def _seconds(span: Span) -> int:
    return int((span.end - span.start).total_seconds()) if span.end else 0
