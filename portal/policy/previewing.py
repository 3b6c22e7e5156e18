"""What a dozen standard moments would be promised: the table a manager reads before a change.

The rule: nobody publishes a policy blind; "reported Friday 4:59 pm, what do we promise?" stands in
the table, old version beside new.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal.policy.closures import HOLIDAY
from portal.policy.evaluation import Evaluation, Filing, evaluate
from portal.policy.instants import in_utc
from portal.policy.model import Policy
from portal.policy.problems import PolicyRefusal

MINUTE = timedelta(minutes=1)
NO_PROMISE = "no promise"


class Reporter(StrEnum):
    """Who reports, as a column's head says it in English."""

    ANYBODY = "%(priority)s"
    NAMED = "%(priority)s (named contact)"
    UNNAMED = "%(priority)s (anyone else)"
    PAYING = "%(priority)s (fee agreed)"
    BY_CHANNEL = "%(priority)s by %(channel)s"


class Moment(StrEnum):
    """A standard moment, as a row says it in English."""

    TUESDAY = "in the middle of a Tuesday"
    EARLY = "Monday, 4 am"
    OPENING = "Monday at opening"
    BEFORE_CLOSING = "Friday, a minute before closing"
    CLOSING = "Friday at closing"
    EVENING = "Friday, 9 pm"
    SATURDAY = "Saturday, 10 am"
    MIDNIGHT = "Sunday, a second to midnight"
    HOLIDAY_EVE = "the eve of %(holiday)s, before closing"
    HOLIDAY_NOON = "%(holiday)s, noon"
    CLOCKS_FORWARD = "the evening before clocks go forward"
    CLOCKS_BACK = "the evening before clocks go back"


Standard = tuple[Moment, datetime, str]
"""A moment, when it is, and the name of the holiday that it is about."""


@dataclass(frozen=True, slots=True)
class Column:
    """Somebody who reports: at which level, by which channel, named or not, paying or not."""

    reporter: Reporter
    priority: str
    channel: str | None = None
    named_contact: bool = False
    fee_consent: bool = False

    @property
    def values(self) -> dict[str, str]:
        """What the words of the reporter speak of."""
        return {"priority": self.priority, "channel": self.channel or ""}

    @property
    def label(self) -> str:
        return self.reporter % self.values


@dataclass(frozen=True, slots=True)
class Cell:
    """What is promised: a date, with the `mark` of how firm it is, or words."""

    due_at: datetime | None
    words: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One standard moment, and the promise for each column; `before` is the older version's."""

    moment: Moment
    at: datetime
    cells: tuple[Cell, ...]
    before: tuple[Cell, ...] = ()
    holiday: str = ""

    @property
    def label(self) -> str:
        return self.moment % {"holiday": self.holiday}


@dataclass(frozen=True, slots=True)
class Preview:
    columns: tuple[Column, ...]
    rows: tuple[PreviewRow, ...]


def preview(policy: Policy, *, against: Policy | None = None) -> Preview:
    """The table for a policy, optionally beside an older version of it."""
    columns = tuple(_columns(policy))
    rows = tuple(
        PreviewRow(moment, at, _cells(policy, columns, at), _older(against, columns, at), holiday)
        for moment, at, holiday in standard_moments(policy)
    )
    return Preview(columns, rows)


def _columns(policy: Policy) -> Iterator[Column]:
    emergency, paid = policy.emergency, policy.paid
    for level in policy.priorities:
        if emergency and emergency.named_contacts_only and level.id in emergency.priorities:
            yield Column(Reporter.NAMED, level.id, named_contact=True)
            yield Column(Reporter.UNNAMED, level.id)
        else:
            yield Column(Reporter.ANYBODY, level.id)
        if paid and level.id in paid.applies_to:
            yield Column(Reporter.PAYING, level.id, None, True, True)
        for channel in level.by_channel:
            yield Column(Reporter.BY_CHANNEL, level.id, channel)


def _older(policy: Policy | None, columns: tuple[Column, ...], at: datetime) -> tuple[Cell, ...]:
    return () if policy is None else _cells(policy, columns, at)


def _cells(policy: Policy, columns: tuple[Column, ...], at: datetime) -> tuple[Cell, ...]:
    return tuple(_cell(policy, column, at) for column in columns)


def _cell(policy: Policy, column: Column, at: datetime) -> Cell:
    filing = Filing(column.priority, column.channel, at, column.named_contact, column.fee_consent)
    try:
        return _promise(policy, evaluate([policy], filing))
    except PolicyRefusal as refusal:
        return Cell(None, refusal.code)


def _promise(policy: Policy, evaluation: Evaluation) -> Cell:
    """Mon 23 Nov 2026 10:30; ~ stands for "usually", * for this portal's own figure."""
    first = evaluation.first_response
    if first.due_at is None:
        return Cell(None, first.response_kind or first.words or NO_PROMISE)
    mark = ("~" if first.strength == "usual" else "") + ("*" if first.basis == "default" else "")
    return Cell(first.due_at, f"{local_text(policy, first.due_at)}{mark}", mark)


def local_text(policy: Policy, at: datetime) -> str:
    local = at.astimezone(policy.zone)
    seconds = f":{local.second:02}" if local.second else ""
    return f"{local:%a %d %b %Y %H:%M}{seconds}"


def standard_moments(policy: Policy) -> tuple[Standard, ...]:
    """Twelve moments around the edges of a plain week, a holiday and both clock changes."""
    office = policy.calendar(policy.office_hours)
    monday = _plain_week(policy)
    week = [monday + timedelta(days=number) for number in range(7)]
    found = [(Moment.TUESDAY, _at(policy, week[1], time(10)), "")]
    found.append((Moment.EARLY, _at(policy, week[0], time(4)), ""))
    if office.windows_on(week[0]) and office.windows_on(week[4]):
        closing = office.close_of(week[4])
        found.append((Moment.OPENING, office.opening_of(week[0]), ""))
        found.append((Moment.BEFORE_CLOSING, closing - MINUTE, ""))
        found.append((Moment.CLOSING, closing, ""))
    found.append((Moment.EVENING, _at(policy, week[4], time(21)), ""))
    found.append((Moment.SATURDAY, _at(policy, week[5], time(10)), ""))
    found.append((Moment.MIDNIGHT, _at(policy, week[6], time(23, 59, 59)), ""))
    found += _around_holiday(policy, monday)
    found += _around_clock_changes(policy, monday)
    return tuple(found)


def _at(policy: Policy, day: date, wall: time) -> datetime:
    return in_utc(datetime.combine(day, wall, tzinfo=policy.zone))


def _plain_week(policy: Policy) -> date:
    """The first Monday from which eight days are ordinary ones."""
    office = policy.calendar(policy.office_hours)
    day = policy.effective_from + timedelta(days=-policy.effective_from.weekday() % 7)
    for _ in range(52):
        if not any(office.special_day(day + timedelta(days=number)) for number in range(-1, 8)):
            return day
        day += timedelta(days=7)
    return day


def _around_holiday(policy: Policy, after: date) -> list[Standard]:
    office = policy.calendar(policy.office_hours)
    for day, special in office.holidays.to_come(after, 40) if office.holidays else ():
        eve = day - timedelta(days=1)
        if special.kind == HOLIDAY and office.week[day.weekday()] and office.windows_on(eve):
            return [
                (Moment.HOLIDAY_EVE, office.close_of(eve) - MINUTE, special.name),
                (Moment.HOLIDAY_NOON, _at(policy, day, time(12)), special.name),
            ]
    return []


def _around_clock_changes(policy: Policy, after: date) -> list[Standard]:
    """The evening before each change of the clocks in the year that follows."""
    found = []
    for number in range(365):
        evening = datetime.combine(after + timedelta(days=number), time(23, 30), tzinfo=policy.zone)
        morrow = evening + timedelta(days=1)
        before, later = evening.utcoffset(), morrow.utcoffset()
        if before is not None and later is not None and before != later:
            moment = Moment.CLOCKS_FORWARD if later > before else Moment.CLOCKS_BACK
            found.append((moment, in_utc(evening), ""))
    return found[:2]
