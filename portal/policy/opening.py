"""Is support open now, and which holidays are to come: for the head of every page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.policy.closures import HOLIDAY, closure, in_words
from portal.policy.days import Window
from portal.policy.model import Policy
from portal.policy.problems import PolicyRefusal


@dataclass(frozen=True, slots=True)
class OpeningState:
    """Open until when, or closed until when and why."""

    is_open: bool
    closes_at: datetime | None = None
    opens_at: datetime | None = None
    why: str = ""
    holiday: str | None = None
    never_closes: bool = False


@dataclass(frozen=True, slots=True)
class HolidayToCome:
    """A named day on which the desk keeps other hours."""

    day: date
    name: str
    kind: str
    windows: tuple[Window, ...]


def opening_state(policy: Policy, hours_name: str, at: datetime) -> OpeningState:
    """The state of one desk at one moment; windows that touch are one opening."""
    calendar = policy.calendar(hours_name)
    if calendar.is_open(at):
        if calendar.never_closes:
            return OpeningState(True, never_closes=True)
        return OpeningState(True, closes_at=_closing(policy, hours_name, at))
    why = closure(calendar, at)
    holiday = why.name if why.code == HOLIDAY else None
    try:
        opens_at = calendar.next_open(at)
    except PolicyRefusal:
        opens_at = None
    return OpeningState(False, opens_at=opens_at, why=in_words(why.label), holiday=holiday)


def _closing(policy: Policy, hours_name: str, at: datetime) -> datetime | None:
    closes = None
    for span in policy.calendar(hours_name).windows(at, at + timedelta(days=31)):
        if closes is not None and span.start > closes:
            return closes
        closes = span.end
    return closes


def holidays_to_come(
    policy: Policy, at: datetime, count: int, hours_name: str | None = None
) -> tuple[HolidayToCome, ...]:
    """The next named days of a desk, today's included."""
    calendar = policy.calendar(hours_name or policy.office_hours)
    if calendar.holidays is None:
        return ()
    today = at.astimezone(calendar.zone).date()
    return tuple(
        HolidayToCome(day, special.name, special.kind, special.windows)
        for day, special in calendar.holidays.to_come(today, count)
    )
