"""Where a wall-clock time lies in real time.

The rule: an opening or closing time is the first instant at which the clock on the wall reads
that time or later. In the skipped hour of spring it is the moment of the jump, in the repeated
hour of autumn the first of the two; windows that touch on the clock touch in time.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.policy.instants import EPOCH

MINUTES_A_DAY = 1_440
_MIDNIGHT = datetime.min.time()


def edge(zone: ZoneInfo, day: date, minute: int) -> int:
    """Seconds since 1970 of the first instant reading `minute` minutes after midnight of `day`."""
    wall = datetime.combine(day, _MIDNIGHT) + timedelta(minutes=minute)
    before = _seconds(wall.replace(tzinfo=zone))
    after = _seconds(wall.replace(tzinfo=zone, fold=1))
    if after >= before:
        return before
    return _jump(zone, wall, after, before)


def _seconds(local: datetime) -> int:
    distance = local.replace(tzinfo=None) - _EPOCH_WALL - (local.utcoffset() or timedelta())
    return distance.days * 86_400 + distance.seconds


_EPOCH_WALL = EPOCH.replace(tzinfo=None)


def _jump(zone: ZoneInfo, wall: datetime, low: int, high: int) -> int:
    """The moment at which the wall clock jumps over `wall`: halve until one second remains."""
    while low < high:
        middle = (low + high) // 2
        reads = datetime.fromtimestamp(middle, UTC).astimezone(zone).replace(tzinfo=None)
        low, high = (low, middle) if reads >= wall else (middle + 1, high)
    return low
