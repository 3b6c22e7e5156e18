"""A stretch of years written out as open spans with running sums.

Each span is one window of one day in seconds since 1970, in order and without overlap; `before`
holds the opening time used up before it, so that any distance is two look-ups.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from zoneinfo import ZoneInfo

from portal.policy.days import Window
from portal.policy.edges import edge
from portal.policy.instants import DAY, HORIZON_DAYS

MARGIN = 3 * DAY
EPOCH_DAY = date(1970, 1, 1).toordinal()
Rows = list[tuple[int, int, int]]
WindowsOn = Callable[[date], tuple[Window, ...]]


@dataclass(frozen=True)
class Spans:
    """Open spans of the years first_year to last_year."""

    first_year: int
    last_year: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    days: tuple[int, ...]
    before: tuple[int, ...]
    covers_from: int
    covers_to: int
    last_known: int

    def elapsed(self, seconds: int) -> int:
        """Opening time used up since the beginning of the list."""
        index = bisect_right(self.starts, seconds) - 1
        if index < 0:
            return 0
        return self.before[index] + min(seconds, self.ends[index]) - self.starts[index]


def write_out(
    zone: ZoneInfo,
    windows_on: WindowsOn,
    years: tuple[int, int],
    *,
    known: tuple[int, int],
    kept: Spans | None = None,
) -> Spans:
    """Write the years out; years that were written before are taken over."""
    first, last = years
    rows: Rows = []
    if kept is None:
        rows += _rows(zone, windows_on, first, last)
    else:
        rows += _rows(zone, windows_on, first, kept.first_year - 1)
        rows += zip(kept.starts, kept.ends, kept.days, strict=True)
        rows += _rows(zone, windows_on, kept.last_year + 1, last)
    return _summed(_without_overlap(rows), years, known)


def _rows(
    zone: ZoneInfo,
    windows_on: WindowsOn,
    first_year: int,
    last_year: int,
) -> Iterator[tuple[int, int, int]]:
    """Between two days without a change of the clocks a minute after midnight is just that."""
    first = date(first_year, 1, 1).toordinal()
    last = date(last_year + 1, 1, 1).toordinal()
    midnights = [edge(zone, date.fromordinal(day), 0) for day in range(first, last + 2)]
    for ordinal in range(first, last):
        day, midnight = date.fromordinal(ordinal), midnights[ordinal - first]
        is_plain = midnights[ordinal - first + 2] - midnight == 2 * DAY
        for window in windows_on(day):
            if is_plain:
                yield midnight + window.start * 60, midnight + window.end * 60, ordinal
            else:
                yield edge(zone, day, window.start), edge(zone, day, window.end), ordinal


def _without_overlap(rows: Rows) -> Rows:
    """A night shift that runs into the next day's window: the later window begins where it ends.

    A window that falls into a skipped hour has no length and is left out.
    """
    clean: Rows = []
    free_from = rows[0][0] if rows else 0
    for start, end, day in rows:
        opens = max(start, free_from)
        if opens < end:
            clean.append((opens, end, day))
            free_from = end
    return clean


def _summed(rows: Rows, years: tuple[int, int], known: tuple[int, int]) -> Spans:
    """Sum up; a question near the end needs more years to be written, unless none are known."""
    begins = (date(years[0], 1, 1).toordinal() - EPOCH_DAY) * DAY
    stops = (date(years[1] + 1, 1, 1).toordinal() - EPOCH_DAY) * DAY
    return Spans(
        first_year=years[0],
        last_year=years[1],
        starts=tuple(start for start, _, _ in rows),
        ends=tuple(end for _, end, _ in rows),
        days=tuple(day for _, _, day in rows),
        before=tuple(accumulate((end - start for start, end, _ in rows), initial=0))[:-1],
        covers_from=begins if years[0] <= known[0] else begins + MARGIN,
        covers_to=stops if years[1] >= known[1] else stops - MARGIN - HORIZON_DAYS * DAY,
        last_known=stops,
    )
