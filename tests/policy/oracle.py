"""A second opinion that walks the minutes of the wall clock; it shares no code with the engine.

A desk's clock only ever moves forward for the purpose of opening hours: what counts is the latest
time that the wall has shown so far. A window is open while that time lies inside it.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
LOOK_BACK = 26 * 60


@lru_cache(maxsize=64)
def latest_walls(zone: str, start: datetime, minutes: int) -> list[datetime]:
    """Minute by minute, the latest time that the wall has shown so far."""
    place, latest, walls = ZoneInfo(zone), datetime.min, []
    for step in range(-LOOK_BACK, minutes):
        reads = (start + step * MINUTE).astimezone(place).replace(tzinfo=None)
        latest = max(latest, reads)
        walls.append(latest)
    return walls[LOOK_BACK:]


@dataclass(repr=False)
class Desk:
    """Opening hours as plain data: minutes after midnight by weekday, and by date."""

    zone: str
    week: dict[int, list[tuple[int, int]]]
    special: dict[date, list[tuple[int, int]]] = field(default_factory=dict)
    begins: datetime = datetime.min
    days: list[date | None] = field(default_factory=list)
    first: dict[date, int] = field(default_factory=dict)
    last: dict[date, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Desk({self.zone!r}, {self.week!r}, {self.special!r})"

    def walk(self, start: datetime, minutes: int) -> None:
        """Note for every minute from `start` on which business day it belongs to, if any."""
        self.begins, self.days = start, []
        seen: dict[datetime, date | None] = {}
        for wall in latest_walls(self.zone, start, minutes):
            if wall not in seen:
                seen[wall] = self._day_of(wall)
            self.days.append(seen[wall])
        for number, day in enumerate(self.days):
            if day is not None:
                self.first.setdefault(day, number)
                self.last[day] = number

    def _day_of(self, wall: datetime) -> date | None:
        """A shift of the day before goes first, then the day's own windows."""
        minute = wall.hour * 60 + wall.minute
        today = wall.date()
        eve = today - timedelta(days=1)
        if any(start <= minute + 1_440 < end for start, end in self.windows(eve)):
            return eve
        return today if any(s <= minute < e for s, e in self.windows(today)) else None

    def windows(self, day: date) -> list[tuple[int, int]]:
        if day in self.special:
            return self.special[day]
        return self.week.get(day.weekday(), [])

    def day_at(self, at: datetime) -> date | None:
        return self.days[(at - self.begins) // MINUTE]

    def is_open(self, at: datetime) -> bool:
        return self.day_at(at) is not None

    def next_open(self, at: datetime) -> datetime:
        while not self.is_open(at):
            at += MINUTE
        return at

    def open_minutes(self, start: datetime, end: datetime) -> int:
        first, last = ((at - self.begins) // MINUTE for at in (start, end))
        return sum(day is not None for day in self.days[first:last])


@dataclass(frozen=True)
class Stop:
    """The case waits, without an end it still does; agreed to, it stops what else would run on."""

    start: datetime
    end: datetime | None
    is_agreed: bool = False


@dataclass(frozen=True)
class Aim:
    """What is promised: "business" or "clock" minutes, or the end of a day."""

    kind: str
    minutes: int = 0
    from_opening: bool = False
    moved: bool = False
    stops: bool = False


def due(desk: Desk, aim: Aim, received: datetime, stops: list[Stop]) -> datetime | int | None:
    """The due minute; the minutes left while stopped; None where nothing is promised."""
    if aim.kind == "none":
        return None
    heard = [s for s in stops if (aim.stops or s.is_agreed) and s.start != s.end]
    if aim.kind in ("business", "clock"):
        return _counted(desk, aim, received, heard)
    return _day(desk, aim, received, heard)


def _counted(desk: Desk, aim: Aim, received: datetime, stops: list[Stop]) -> datetime | int:
    """Tick minute by minute until the promised ones are used up."""
    at = desk.next_open(received) if aim.from_opening else received
    left = aim.minutes
    while True:
        stop = next((s for s in stops if s.start <= at and (s.end is None or s.end > at)), None)
        stands_still = stop is not None and stop.start < at
        if left <= 0 and not stands_still and (not aim.moved or _closes_or_is_open(desk, at)):
            return at
        if stop is not None and stop.end is None:
            return left
        if stop is None and left > 0 and (aim.kind == "clock" or desk.is_open(at)):
            left -= 1
        at += MINUTE


def _closes_or_is_open(desk: Desk, at: datetime) -> bool:
    return desk.is_open(at) or desk.is_open(at - MINUTE)


def _day(desk: Desk, aim: Aim, received: datetime, stops: list[Stop]) -> datetime | int:
    at = _day_end(desk, aim.kind, received)
    for stop in stops:
        if stop.end is not None and stop.end <= received:
            continue
        if stop.start >= at:
            return at
        if stop.end is None:
            return desk.open_minutes(max(stop.start, received), at)
        at = _day_end(desk, aim.kind, stop.end)
    return at


def _day_end(desk: Desk, kind: str, received: datetime) -> datetime:
    """Walk to the business day in question, then to its first or last minute."""
    at = desk.next_open(received)
    if kind != "same_close":
        heard_at = (received - desk.begins) // MINUTE
        while (begun := desk.day_at(at)) is None or desk.first[begun] <= heard_at:
            at += MINUTE
    if kind == "next_opening":
        return at
    day = desk.day_at(at)
    assert day is not None
    return desk.begins + (desk.last[day] + 1) * MINUTE


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
