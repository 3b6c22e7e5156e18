"""By when: from a target, its hours and the pauses to the due instant.

The rules: a deadline is the earliest instant at which the promised time is used up; waiting for
the customer stops the clocks that say so and takes away only time that would have counted; a
promise "by close of the day" starts afresh when the customer has answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.policy.calendar import Calendar
from portal.policy.filing import Pause
from portal.policy.instants import too_far
from portal.policy.model import Target
from portal.policy.phrases import Phrase


@dataclass(frozen=True, slots=True)
class Due:
    """The instant at which a promise falls due, or the seconds left while it is stopped."""

    at: datetime | None
    remaining: int | None = None
    paused_since: datetime | None = None


def begins_at(phrase: Phrase, calendar: Calendar, received: datetime) -> datetime:
    """Clock time runs from receipt, day and night; everything else from the opening."""
    if phrase.kind == "clock" and not phrase.from_next_opening:
        return received
    return calendar.next_open(received)


def due(target: Target, calendar: Calendar, received: datetime, pauses: Sequence[Pause]) -> Due:
    """When the target falls due, given the pauses of the case; never for a target without date."""
    if not target.phrase.has_date:
        return Due(None)
    relevant = pauses if target.pause_while_waiting else ()
    later = [p for p in relevant if p.end is None or (p.end > received and p.end > p.start)]
    if target.phrase.is_amount:
        return _amount_due(target.phrase, calendar, received, later)
    return _day_due(target, calendar, received, later)


def _amount_due(
    phrase: Phrase, calendar: Calendar, received: datetime, pauses: Sequence[Pause]
) -> Due:
    remaining = phrase.seconds
    at = begins_at(phrase, calendar, received)
    for pause in pauses:
        if pause.start >= used_up(phrase, calendar, at, remaining):
            break
        remaining = max(0, remaining - _used(phrase, calendar, at, pause.start))
        if pause.end is None:
            return Due(None, remaining, pause.start)
        at = max(at, pause.end)
    return Due(used_up(phrase, calendar, at, remaining))


def used_up(phrase: Phrase, calendar: Calendar, at: datetime, seconds: int) -> datetime:
    """The earliest instant at which so much more of the promised kind of time has passed."""
    if phrase.kind == "business":
        return calendar.add(at, seconds)
    return moved(phrase, calendar, clock_end(at, seconds))


def clock_end(at: datetime, seconds: int) -> datetime:
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        raise too_far("The target") from None


def moved(phrase: Phrase, calendar: Calendar, end: datetime) -> datetime:
    """A due time outside hours moves on to the opening; closing time itself is still inside."""
    if not phrase.moved_to_next_opening or calendar.is_open(end - timedelta(seconds=1)):
        return end
    return calendar.next_open(end)


def _used(phrase: Phrase, calendar: Calendar, start: datetime, end: datetime) -> int:
    if end <= start:
        return 0
    if phrase.kind == "business":
        return calendar.between(start, end)
    return int((end - start).total_seconds())


def _day_due(
    target: Target, calendar: Calendar, received: datetime, pauses: Sequence[Pause]
) -> Due:
    at = day_end(target, calendar, received)
    for pause in pauses:
        if pause.start >= at:
            break
        if pause.end is None:
            return Due(None, calendar.between(max(pause.start, received), at), pause.start)
        at = day_end(target, calendar, pause.end)
    return Due(at)


def day_end(target: Target, calendar: Calendar, received: datetime) -> datetime:
    """The close of the business day of receipt, or the close or opening of the next to begin."""
    if target.phrase.kind == "next_close":
        return calendar.close_of(calendar.next_business_date(received))
    if target.phrase.kind == "next_opening":
        return calendar.opening_of(calendar.next_business_date(received))
    day = calendar.business_date(received)
    close = calendar.close_of(day)
    if target.cutoff_minutes and received >= close - timedelta(minutes=target.cutoff_minutes):
        day = calendar.next_business_date(calendar.opening_of(day))
        return calendar.close_of(day)
    return close
