"""An instant as people read it: weekday and date always, in the desk's zone and in the reader's.

The rule: nobody has to work out a time difference; a zone that agrees is shown once, and in the
hour that an autumn night repeats the offset is added.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_month_names, get_timezone_location

from portal.locale import N_, SPOKEN_IN_CODE, language, ngettext
from portal.locale import gettext as _
from portal.policy.instants import in_utc
from portal.written import conventions

_NAMED_ZONES = {
    "America/Los_Angeles": N_("Pacific time"),
    "America/Denver": N_("Mountain time"),
    "America/Chicago": N_("Central time"),
    "America/New_York": N_("Eastern time"),
    "America/Halifax": N_("Atlantic time"),
    "America/Anchorage": N_("Alaska time"),
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
    own = _("%(day)s, %(time)s", day=full_day(here.date()), time=_time_text(here, desk))
    if reader is None or instant.astimezone(reader).utcoffset() == here.utcoffset():
        return Moment(instant, own, "", own)
    there = instant.astimezone(reader)
    theirs = _time_elsewhere(there, reader)
    if there.date() != here.date():
        theirs = _("%(day)s, %(time)s", day=day_text(there.date()), time=theirs)
    both = _("%(here)s (%(there)s)", here=own, there=theirs)
    return Moment(instant, own, theirs, both)


def short_moment(at: datetime, desk: ZoneInfo) -> str:
    """Mon 6:30 am Pacific time: for the middle of a sentence."""
    here = at.astimezone(desk)
    return _("%(weekday)s %(time)s", weekday=short_weekday(here), time=_time_text(here, desk))


def _time_text(local: datetime, zone: ZoneInfo) -> str:
    return _("%(clock)s %(zone)s", clock=clock_text(local), zone=zone_name(zone))


def _time_elsewhere(local: datetime, zone: ZoneInfo) -> str:
    if zone.key in _NAMED_ZONES:
        return _time_text(local, zone)
    return _("%(clock)s in %(place)s", clock=clock_text(local), place=zone_name(zone))


def zone_name(zone: ZoneInfo) -> str:
    """ "Pacific time", or the city that the zone is named after."""
    if zone.key in _NAMED_ZONES:
        return _(_NAMED_ZONES[zone.key])
    return zone.key if zone.key.startswith("Etc/") else city_name(zone.key, language())


@lru_cache(maxsize=1024)
def city_name(zone: str, tag: str) -> str:
    """The city that a zone is named after, as readers of a language call it: Vienna, Wien."""
    if tag != SPOKEN_IN_CODE:
        return get_timezone_location(zone, locale=conventions(tag), return_city=True)
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def short_weekday(day: date) -> str:
    """Mon, as the language that is spoken cuts it."""
    return str(get_day_names("abbreviated", locale=conventions(language()))[day.weekday()])


def day_text(day: date) -> str:
    return _day_text(day, language())


def full_day(day: date) -> str:
    return _("%(day)s %(year)s", day=day_text(day), year=day.year)


@lru_cache(maxsize=2048)
def _day_text(day: date, tag: str) -> str:
    weekday = get_day_names("wide", locale=conventions(tag))[day.weekday()]
    month = get_month_names("wide", locale=conventions(tag))[day.month]
    return _("%(weekday)s %(number)s %(month)s", weekday=weekday, number=day.day, month=month)


def clock_text(local: datetime) -> str:
    """10:30 am, to the minute; with the offset when the hour repeats. Others than English count
    twenty-four hours.
    """
    offset = _offset_if_repeated(local)
    if language() != SPOKEN_IN_CODE:
        hours_and_minutes = local.strftime("%H:%M")
        return _("%(time)s o’clock", time=hours_and_minutes) + offset
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"
    return f"{hour}:{local.minute:02} {half}{offset}"


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
    words = ngettext("%(number)s day", "%(number)s days", days)
    return f"{words} {length_text(rest)}" if rest >= 60 else words


def length_text(seconds: int) -> str:
    """7 h 30 min; the seconds are left out unless there is nothing else."""
    hours, rest = divmod(seconds, 3_600)
    minutes, left = divmod(rest, 60)
    parts = [_("%(number)s h", number=hours)] * bool(hours)
    parts += [_("%(number)s min", number=minutes)] * bool(minutes)
    return " ".join(parts) or _("%(number)s s", number=left)
