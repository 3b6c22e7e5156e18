"""Times of day as people write them, on a clock of twelve hours or of twenty-four.

Nothing is guessed: where readers count twelve hours, 2:30 is in the night or in the afternoon, so
it is asked about; 02:30 is in the night, as nobody writes the afternoon.
"""

import re
from datetime import MAXYEAR, UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from portal import written
from portal.locale import gettext as _
from portal.locale import language

_EXAMPLE = time(14, 30)
_LONGEST = 30
_WRITTEN = re.compile(
    r"(?P<hour>\d{1,2})((?:[:.h]|uhr)?(?P<minute>\d{2}))?(?P<unit>uhr|h)?((?P<half>[ap])(\.?m\.?)?)?"
)
"""Small and without blanks: 14:30, 14.30, 1430, 14h30, 14uhr30, 14:30uhr, 9, 2:30pm, 2p.m., 2p."""


class NotATimeError(ValueError):
    """The text is no time of day, or could be two; the message says what to write instead."""


class NoSuchTimeError(ValueError):
    """No clock shows this time on that day; the message says what to choose instead."""


def example() -> str:
    """A time as it may be written: "2:30 pm"."""
    return written.clock(_EXAMPLE)


def read_time(text: str) -> time:
    """The one time of day that the text can mean. Raises NotATimeError."""
    found = _WRITTEN.fullmatch("".join(text.casefold().split())) if len(text) <= _LONGEST else None
    if found is None:
        raise NotATimeError(_("Write the time like %(time)s.", time=example()))
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        return _existing(_of_twelve(hour, is_later=found["half"] == "p"), minute)
    counts_on = "uhr" in found[0] or "h" in found[0] or int(found["hour"][0]) == 0
    if counts_on or hour > 12 or not _counts_twelve_hours(language()):
        return _existing(hour, minute)
    one, other = (_existing(_of_twelve(hour, is_later=later), minute) for later in (False, True))
    raise NotATimeError(
        _(
            "This can be %(one)s or %(other)s. Write which of the two.",
            one=written.clock(one),
            other=written.clock(other),
        )
    )


def instant_on(clock: ZoneInfo, day: date, at: time) -> datetime:
    """What somebody read off a clock, as an instant; of a time that comes twice, the first.

    Raises NoSuchTimeError.
    """
    if day.year == MAXYEAR:
        raise NoSuchTimeError(_("Choose an earlier day: the calendar ends there."))
    typed = datetime.combine(day, at)
    instant = typed.replace(tzinfo=clock).astimezone(UTC)
    if instant.astimezone(clock).replace(tzinfo=None) != typed:
        raise NoSuchTimeError(
            _(
                "There is no %(time)s on that day: the clocks go forward. Choose another time.",
                time=written.clock(at),
            )
        )
    return instant


def _of_twelve(hour: int, *, is_later: bool) -> int:
    """The hour from 0 to 23; -1, which no clock shows, for what isn't from 1 to 12."""
    return hour % 12 + 12 * is_later if 1 <= hour <= 12 else -1


def _existing(hour: int, minute: int) -> time:
    try:
        return time(hour, minute)
    except ValueError:
        raise NotATimeError(
            _("No clock shows this time. Write it like %(time)s.", time=example())
        ) from None


@cache
def _counts_twelve_hours(tag: str) -> bool:
    """Whether readers of the language write am and pm, as in English."""
    return "a" in written.conventions(tag).time_formats["short"].pattern
