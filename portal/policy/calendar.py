"""The opening hours of one desk: is it open, when does it open, when is an hour of it used up.

The rules: a deadline is the earliest instant at which the needed opening time is used up, so it
may fall exactly on closing time; at closing time the desk is closed. A window belongs to the day
it starts on, and no window starts on a closed day.

The week is written out as a list of open spans with running sums, so that adding and measuring
are two bisections whatever the distance. The list grows when an instant outside it is asked for.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from threading import Lock
from zoneinfo import ZoneInfo

from portal.locale import gettext as _
from portal.policy.days import HolidaySet, SpecialDay, Window
from portal.policy.edges import MINUTES_A_DAY
from portal.policy.instants import (
    DAY,
    FIRST_YEAR,
    HORIZON_DAYS,
    LAST_YEAR,
    instant_of,
    out_of_reach,
    seconds_of,
    too_far,
)
from portal.policy.problems import PolicyRefusal
from portal.policy.spans import EPOCH_DAY, Spans, write_out

YEARS_BEFORE, YEARS_AFTER = 1, 4


@dataclass(frozen=True)
class OpenSpan:
    """One stretch of opening time, and the business day it belongs to."""

    start: datetime
    end: datetime
    day: date


@dataclass(eq=False)
class Calendar:
    """A weekly pattern in one zone, with its holidays and special days."""

    name: str
    zone: ZoneInfo
    week: tuple[tuple[Window, ...], ...]
    holidays: HolidaySet | None = None
    basis: str = "page"
    _spans: Spans | None = field(default=None, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    # What day is it

    def special_day(self, day: date) -> SpecialDay | None:
        return self.holidays.days.get(day) if self.holidays else None

    def windows_on(self, day: date) -> tuple[Window, ...]:
        special = self.special_day(day)
        return special.windows if special else self.week[day.weekday()]

    @cached_property
    def never_opens(self) -> bool:
        """No day of the week has a window, and no special day has one either."""
        special = self.holidays.days.values() if self.holidays else ()
        return not any(self.week) and not any(day.windows for day in special)

    @cached_property
    def never_closes(self) -> bool:
        full = (Window(0, MINUTES_A_DAY),)
        special = self.holidays.days.values() if self.holidays else ()
        return all(windows == full for windows in self.week) and all(
            day.windows == full for day in special
        )

    # The questions

    def is_open(self, at: datetime) -> bool:
        seconds = seconds_of(at)
        spans = self._covering(seconds)
        index = bisect_right(spans.starts, seconds) - 1
        return index >= 0 and seconds < spans.ends[index]

    def next_open(self, at: datetime) -> datetime:
        """The instant itself when open, else the next opening."""
        seconds = seconds_of(at)
        spans = self._covering(seconds)
        index = bisect_right(spans.ends, seconds)
        self._must_reach(spans, index, seconds)
        return instant_of(max(seconds, spans.starts[index]))

    def add(self, at: datetime, seconds: int) -> datetime:
        """The earliest instant at which so many seconds of opening time are used up."""
        if seconds < 0:
            raise PolicyRefusal("negative_target", _("Opening time can only be added."))
        start = seconds_of(at)
        spans = self._covering(start)
        if seconds == 0:
            return instant_of(start)
        needed = spans.elapsed(start) + seconds
        index = bisect_left(spans.before, needed) - 1
        end = spans.starts[index] + needed - spans.before[index] if index >= 0 else 0
        if index < 0 or end > min(spans.ends[index], start + HORIZON_DAYS * DAY):
            self._must_reach(spans, bisect_right(spans.ends, start), start)
            raise too_far(
                _(
                    "%(number)s seconds of opening time of %(name)s are more than three years away "
                    "or out of reach.",
                    number=seconds,
                    name=self.name,
                )
            )
        return instant_of(end)

    def between(self, start: datetime, end: datetime) -> int:
        """Seconds of opening time from start to end; negative when end lies before start."""
        first, last = seconds_of(start), seconds_of(end)
        spans = self._covering(min(first, last), max(first, last))
        return spans.elapsed(last) - spans.elapsed(first)

    # Business days

    def business_date(self, at: datetime) -> date:
        """The day whose opening time runs now, or the next to begin."""
        seconds = seconds_of(at)
        spans = self._covering(seconds)
        index = bisect_right(spans.ends, seconds)
        self._must_reach(spans, index, seconds)
        return date.fromordinal(spans.days[index])

    def next_business_date(self, at: datetime) -> date:
        """The next business day to begin: on Monday at 4 am it is Monday, at 8 am it is Tuesday."""
        seconds = seconds_of(at)
        spans = self._covering(seconds)
        index = bisect_right(spans.starts, seconds)
        begun = spans.days[index - 1] if index else 0
        index = bisect_right(spans.days, begun, index)
        self._must_reach(spans, index, seconds)
        return date.fromordinal(spans.days[index])

    def opening_of(self, day: date) -> datetime:
        spans = self._spans_of(day)
        return instant_of(spans.starts[bisect_left(spans.days, day.toordinal())])

    def close_of(self, day: date) -> datetime:
        spans = self._spans_of(day)
        return instant_of(spans.ends[bisect_right(spans.days, day.toordinal()) - 1])

    def windows(self, start: datetime, end: datetime) -> Iterator[OpenSpan]:
        """The open stretches between two instants, cut to them."""
        first, last = seconds_of(start), seconds_of(end)
        spans = self._covering(first, last)
        index = bisect_right(spans.ends, first)
        while index < len(spans.starts) and spans.starts[index] < last:
            opens, closes = max(first, spans.starts[index]), min(last, spans.ends[index])
            day = date.fromordinal(spans.days[index])
            yield OpenSpan(instant_of(opens), instant_of(closes), day)
            index += 1

    # The written-out week

    def _spans_of(self, day: date) -> Spans:
        """The spans around a business day; a day without opening time has no opening or close."""
        spans = self._covering((day.toordinal() - EPOCH_DAY) * DAY)
        index = bisect_left(spans.days, day.toordinal())
        if index == len(spans.days) or spans.days[index] != day.toordinal():
            message = _("%(name)s does not open on %(day)s.", name=self.name, day=day.isoformat())
            raise PolicyRefusal("never_opens", message)
        return spans

    def _must_reach(self, spans: Spans, index: int, seconds: int) -> None:
        if index < len(spans.starts) and spans.starts[index] <= seconds + HORIZON_DAYS * DAY:
            return
        if spans.last_known <= seconds + HORIZON_DAYS * DAY and not self.never_opens:
            raise too_far(
                _(
                    "The next opening of %(name)s is more than three years away or out of reach.",
                    name=self.name,
                )
            )
        raise PolicyRefusal("never_opens", _("The hours %(name)s never open.", name=self.name))

    def _covering(self, first: int, last: int | None = None) -> Spans:
        """The spans around these instants, written out now if they were not yet."""
        spans = self._spans
        last = first if last is None else last
        if spans is None or first < spans.covers_from or last > spans.covers_to:
            with self._lock:
                self._spans = spans = self._grown(first, last)
        return spans

    def _grown(self, first: int, last: int) -> Spans:
        """Add the years around these instants; a far-off era begins a new list instead."""
        known = self._known_years()
        begins, ends = _year(first), _year(last)
        if not (known[0] <= begins and ends <= known[1]):
            raise too_far(
                _(
                    "A date outside the years %(first)s to %(last)s is out of reach.",
                    first=known[0],
                    last=known[1],
                )
            )
        low, high = max(begins - YEARS_BEFORE, known[0]), min(ends + YEARS_AFTER, known[1])
        kept = self._spans
        if kept and low <= kept.last_year + 1 and high >= kept.first_year - 1:
            low, high = min(low, kept.first_year), max(high, kept.last_year)
        else:
            kept = None
        return write_out(self.zone, self.windows_on, (low, high), known=known, kept=kept)

    def _known_years(self) -> tuple[int, int]:
        kept = self.holidays
        first = kept.first.year if kept and kept.first else FIRST_YEAR
        return first, (kept.last.year if kept and kept.last else LAST_YEAR)


def _year(seconds: int) -> int:
    try:
        return instant_of(seconds).year
    except OverflowError:
        raise out_of_reach() from None
