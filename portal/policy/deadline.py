"""By when: from a target, its hours and the pauses to the due instant.

The rules: a deadline is the earliest instant at which the promised time is used up; waiting for
the customer stops the clocks that say so, an agreement every clock, and takes away only time that
would have counted; a promise "by close of the day" starts afresh when the customer has answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.locale import gettext as _
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


@dataclass(slots=True)
class Meter:
    """One promise being used up; each stretch of waiting is taken in once.

    `at` and `remaining` say how far the closed pauses have brought it, `taken` how many they are.
    """

    target: Target
    calendar: Calendar
    received: datetime
    at: datetime
    remaining: int
    taken: int = 0
    is_over: bool = False

    @classmethod
    def started(cls, target: Target, calendar: Calendar, received: datetime) -> "Meter":
        begins = received
        if target.phrase.is_amount:
            begins = begins_at(target.phrase, calendar, received)
        return cls(target, calendar, received, begins, target.phrase.seconds)

    def read(self, pauses: Sequence[Pause]) -> Due:
        """When the target falls due, given the pauses so far; never for one without date."""
        if not self.target.phrase.has_date:
            return Due(None)
        while self.taken < len(pauses) and not self.is_over:
            stopped = self._take(pauses[self.taken])
            if stopped is not None:
                return stopped
        return Due(self._due())

    def _take(self, pause: Pause) -> Due | None:
        """Take a pause in; one that still lasts gives what is left and is asked again."""
        end = pause.end
        takes_nothing = end is not None and (end <= self.received or end == pause.start)
        if takes_nothing or not pause.stops(marked=self.target.pause_while_waiting):
            self.taken += 1
            return None
        left = self._left_at(pause.start)
        if left is None:
            self.is_over = True
            return None
        if pause.end is None:
            return Due(None, left, pause.start)
        self.taken += 1
        self.remaining, self.at = left, max(self.at, pause.end)
        return None

    def _left_at(self, start: datetime) -> int | None:
        """Seconds left when a pause begins, or None when the promise was due by then."""
        if not self.target.phrase.is_amount:
            end = self._due()
            return None if start >= end else self.calendar.between(max(start, self.at), end)
        left = self.remaining - _used(self.target.phrase, self.calendar, self.at, start)
        if left <= 0 and start >= self._due():
            return None
        return max(0, left)

    def _due(self) -> datetime:
        if self.target.phrase.is_amount:
            return used_up(self.target.phrase, self.calendar, self.at, self.remaining)
        return day_end(self.target, self.calendar, self.at)


def due(target: Target, calendar: Calendar, received: datetime, pauses: Sequence[Pause]) -> Due:
    """When the target falls due, given the pauses of the case."""
    return Meter.started(target, calendar, received).read(pauses)


def used_up(phrase: Phrase, calendar: Calendar, at: datetime, seconds: int) -> datetime:
    """The earliest instant at which so much more of the promised kind of time has passed."""
    if phrase.kind == "business":
        return calendar.add(at, seconds)
    return moved(phrase, calendar, clock_end(at, seconds))


def clock_end(at: datetime, seconds: int) -> datetime:
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        raise too_far(_("The target is more than three years away or out of reach.")) from None


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
