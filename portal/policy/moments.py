"""An instant as people read it: weekday and date always, in the desk's zone and in the reader's.

The rule: nobody has to work out a time difference; a zone that agrees is shown once, and in the
hour that an autumn night repeats the offset is added.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.policy.instants import in_utc

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_NAMED_ZONES = {
    "America/Los_Angeles": "Pacific time",
    "America/Denver": "Mountain time",
    "America/Chicago": "Central time",
    "America/New_York": "Eastern time",
    "America/Halifax": "Atlantic time",
    "America/Anchorage": "Alaska time",
    "UTC": "UTC",
    "Etc/UTC": "UTC",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant: for `<time datetime>`, for the desk and for the reader, and all in one text."""

    instant: datetime
    desk: str
    reader: str
    text: str

    @property
    def iso(self) -> str:
        return self.instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(at: datetime, desk: ZoneInfo, reader: ZoneInfo | None = None) -> Moment:
    """Monday 23 November 2026, 10:30 am Pacific time (7:30 pm in Berlin)."""
    instant = in_utc(at)
    here = instant.astimezone(desk)
    own = f"{full_day(here.date())}, {clock_text(here)} {zone_name(desk)}"
    if reader is None or instant.astimezone(reader).utcoffset() == here.utcoffset():
        return Moment(instant, own, "", own)
    there = instant.astimezone(reader)
    place = zone_name(reader)
    theirs = f"{clock_text(there)} {place if ' time' in place or place == 'UTC' else f'in {place}'}"
    if there.date() != here.date():
        theirs = f"{day_text(there.date())}, {theirs}"
    return Moment(instant, own, theirs, f"{own} ({theirs})")


def short_moment(at: datetime, desk: ZoneInfo) -> str:
    """Mon 6:30 am Pacific time: for the middle of a sentence."""
    here = at.astimezone(desk)
    return f"{_DAYS[here.weekday()][:3]} {clock_text(here)} {zone_name(desk)}"


def zone_name(zone: ZoneInfo) -> str:
    """ "Pacific time", or the city that the zone is named after."""
    named = _NAMED_ZONES.get(zone.key)
    if named:
        return named
    if zone.key.startswith("Etc/"):
        return zone.key
    return zone.key.rsplit("/", 1)[-1].replace("_", " ")


def day_text(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def full_day(day: date) -> str:
    return f"{day_text(day)} {day.year}"


def clock_text(local: datetime) -> str:
    """10:30 am, to the minute; with the offset when the hour repeats."""
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"
    return f"{hour}:{local.minute:02} {half}{_offset_if_repeated(local)}"


def _offset_if_repeated(local: datetime) -> str:
    first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    if first is None or second is None or first <= second:
        return ""
    offset = local.utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f" (UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02})"


def long_length_text(seconds: int) -> str:
    """3 days 4 h 5 min: real time, day and night, in days of 24 hours."""
    days, rest = divmod(seconds, 86_400)
    if not days:
        return length_text(rest)
    words = f"{days} day{'' if days == 1 else 's'}"
    return f"{words} {length_text(rest)}" if rest >= 60 else words


def length_text(seconds: int) -> str:
    """7 h 30 min; the seconds are left out unless there is nothing else."""
    hours, rest = divmod(seconds, 3_600)
    minutes, left = divmod(rest, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)
    return " ".join(parts) or f"{left} s"
