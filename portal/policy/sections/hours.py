"""The sections [hours.NAME] and [holidays.NAME]: when the desk is open.

The rule: a manager writes times as they hang on the door ("09:00-12:00, 13:00-17:30"); a zone is
a place, because "PST" and bare offsets do not say what happens in summer.
"""

import re
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from portal.locale import gettext as _
from portal.policy.calendar import Calendar
from portal.policy.days import HolidaySet, Window
from portal.policy.edges import MINUTES_A_DAY
from portal.policy.sections.table import Table
from portal.policy.words import BASES

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"([0-9]{1,2}):([0-5][0-9])\s*-\s*([0-9]{1,2}):([0-5][0-9])")
MOST_WINDOWS = 12
_ABBREVIATIONS = {
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "PT": "America/Los_Angeles",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "CT": "America/Chicago",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "ET": "America/New_York",
    "GMT": "Europe/London",
    "BST": "Europe/London",
    "CET": "Europe/Berlin",
    "IST": "Asia/Kolkata",
}


def read_zone(table: Table, key: str, default: ZoneInfo | None) -> ZoneInfo | None:
    """A zone of the IANA data; abbreviations and bare offsets are refused."""
    if key not in table and default is not None:
        return default
    name = table.needed_text(key, _('Write an IANA zone such as "America/Los_Angeles".'))
    if not name:
        return default
    if "/" not in name and name != "UTC":
        remedy = _(
            'Write a place, such as "%(zone)s".',
            zone=_ABBREVIATIONS.get(name.upper(), "Europe/Berlin"),
        )
        table.wrong(
            key,
            _('"%(name)s" is no place and says nothing about summer.', name=name),
            remedy,
            UNKNOWN,
        )
        return default
    if name not in available_timezones():
        table.wrong(
            key,
            _('There is no zone "%(name)s".', name=name[:60]),
            _('Write one such as "Europe/Paris".'),
            UNKNOWN,
        )
        return default
    if name.startswith("Etc/") and name not in ("Etc/UTC", "Etc/GMT"):
        table.unsaid(
            key,
            _("%(name)s never changes for summer.", name=name),
            _("Name a place unless you mean it."),
        )
    return ZoneInfo(name)


UNKNOWN = "unknown_zone"


def read_calendar(table: Table, name: str, zone: ZoneInfo, sets: dict[str, HolidaySet]) -> Calendar:
    """One [hours.NAME]; a day named alone beats a range, a range beats every-day."""
    own_zone = read_zone(table, "time_zone", zone)
    basis = table.word("basis", BASES, "page")
    closed = _holiday_set(table, sets)
    week = tuple(_day_windows(table, day) for day in range(7))
    table.known.update(key for key in table.values if _days_of(key))
    _must_know_days(table)
    table.done()
    calendar = Calendar(name, own_zone or zone, week, closed, basis)
    if not any(week) and not table.findings.errors:
        table.findings.unsaid(table.path, _("It names no opening time."), _('Add mon-fri = "...".'))
    warn_of_night_overlap(table, calendar)
    return calendar


def _must_know_days(table: Table) -> None:
    """What is not known here is meant to be a day; it is told how days are written."""
    for key in set(table.values) - table.known:
        meant = key.lower().replace(" ", "").replace("\u2013", "-")
        known = (
            _('Write "%(meant)s".', meant=meant)
            if _days_of(meant)
            else _('Days are "mon", "sat-sun", "every-day".')
        )
        table.wrong(key, _("Nobody knows this day or key."), known, "unknown_key")
        table.known.add(key)


def _holiday_set(table: Table, sets: dict[str, HolidaySet]) -> HolidaySet | None:
    name = table.text("holidays", "none")
    if "holidays" not in table:
        table.unsaid(
            "holidays", _("Holidays are not mentioned."), _('Write "none" or a set\'s name.')
        )
    if name != "none" and name not in sets:
        table.wrong(
            "holidays",
            _("There is no [holidays.%(name)s].", name=name),
            _('Add it, or write "none".'),
        )
    return sets.get(name)


def _day_windows(table: Table, day: int) -> tuple[Window, ...]:
    """The windows of a weekday, from the narrowest key that covers it."""
    keys = sorted((key for key in table.values if day in _days_of(key)), key=_width)
    if len(keys) > 1 and _width(keys[0]) == _width(keys[1]):
        wrong = _(
            "%(day)s stands in %(first)s and in %(second)s.",
            day=DAY_NAMES[day],
            first=keys[0],
            second=keys[1],
        )
        table.wrong(keys[1], wrong, _("Let each day stand in one of them."))
    return read_windows(table, keys[0]) if keys else ()


def _width(key: str) -> int:
    return len(_days_of(key))


def _days_of(key: str) -> tuple[int, ...]:
    if key == "every-day":
        return tuple(range(7))
    first, _dash, last = key.partition("-")
    if first not in DAY_NAMES or (last or first) not in DAY_NAMES:
        return ()
    begin, end = DAY_NAMES.index(first), DAY_NAMES.index(last or first)
    return tuple((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def read_windows(table: Table, key: str) -> tuple[Window, ...]:
    """ "09:00-12:00, 13:00-17:30" or "closed"; overlapping windows are merged with a warning."""
    text = table.text(key)
    if text in ("closed", ""):
        return ()
    parts = text.split(",")
    if len(parts) > MOST_WINDOWS:
        wrong = _("The day has %(number)s opening times.", number=len(parts))
        table.wrong(key, wrong, _("Write %(most)s at most.", most=MOST_WINDOWS), "too_many")
        return ()
    windows = [_window(table, key, part.strip()) for part in parts]
    good = sorted((w for w in windows if w is not None), key=lambda window: window.start)
    merged = _merged(good)
    if len(merged) < len(good):
        remedy = _('Write "%(times)s".', times=", ".join(map(str, merged)))
        table.unsaid(key, _("Windows overlap and were merged."), remedy, "overlap")
    return merged


def _window(table: Table, key: str, text: str) -> Window | None:
    found = _WINDOW.fullmatch(text)
    if found is None:
        wrong = _('"%(text)s" is no opening time.', text=text[:60])
        table.wrong(key, wrong, _('Write it as "08:00-17:00".'))
        return None
    start = int(found[1]) * 60 + int(found[2])
    end = int(found[3]) * 60 + int(found[4])
    if start >= MINUTES_A_DAY or end > MINUTES_A_DAY:
        table.wrong(
            key, _('"%(text)s" goes past midnight.', text=text), _('The day ends at "24:00".')
        )
        return None
    if start == end:
        wrong, remedy = _('"%(text)s" has no length.', text=text), _('A full day is "00:00-24:00".')
        table.wrong(key, wrong, remedy, "zero_length_window")
        return None
    return Window(start, end if end > start else end + MINUTES_A_DAY)


def _merged(windows: list[Window]) -> tuple[Window, ...]:
    """Join what overlaps; windows that only touch stay two."""
    joined: list[Window] = []
    for window in windows:
        if joined and window.start < joined[-1].end:
            joined[-1] = Window(joined[-1].start, max(window.end, joined[-1].end))
        else:
            joined.append(window)
    return tuple(joined)


def warn_of_night_overlap(table: Table, calendar: Calendar) -> None:
    """A shift that runs into the next day's window: the later window begins where it ends."""
    for day, (today, morrow) in enumerate(pairwise((*calendar.week, calendar.week[0]))):
        if today and morrow and today[-1].end - MINUTES_A_DAY > morrow[0].start:
            wrong = _("The %(day)s night shift overlaps the next day's window.", day=DAY_NAMES[day])
            table.unsaid("hours", wrong, _("Begin that window where the shift ends."), "overlap")
