"""Why a desk is closed at a given moment, in words that go into the reason and the ledger."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.calendar import Calendar
from portal.policy.edges import edge
from portal.policy.instants import instant_of

BEFORE, AFTER, BREAK = N_("before opening"), N_("after closing"), N_("midday break")
WEEKEND, CLOSED_DAY = N_("weekend"), N_("closed day")
HOLIDAY, SPECIAL = N_("holiday"), N_("special hours")
OPEN = N_("open")


@dataclass(frozen=True, slots=True)
class Closure:
    """A code, and the name of the holiday or special day behind it."""

    code: str
    name: str = ""

    @property
    def label(self) -> str:
        return f"{self.code}: {self.name}" if self.name else self.code


def closure(calendar: Calendar, at: datetime) -> Closure:
    """Why the desk is closed at this moment (it must be closed)."""
    local = at.astimezone(calendar.zone)
    day = local.date()
    special = calendar.special_day(day)
    if special:
        return Closure(special.kind, special.name)
    windows = calendar.windows_on(day)
    if not windows:
        return Closure(WEEKEND if day.weekday() >= 5 else CLOSED_DAY)
    minute = local.hour * 60 + local.minute
    if minute < windows[0].start:
        return Closure(BEFORE)
    return Closure(AFTER if minute >= windows[-1].end else BREAK)


def opening_label(calendar: Calendar, day: date) -> str:
    special = calendar.special_day(day)
    return Closure(special.kind, special.name).label if special else OPEN


def in_words(label: str) -> str:
    """A label in the language that is spoken; the name of a day stays as it is."""
    code, _colon, name = label.partition(": ")
    return f"{_(code)}: {name}" if name else _(code)


def midnight_after(calendar: Calendar, at: datetime) -> datetime:
    """The first instant of the next local day; a date that never was is passed over."""
    day = at.astimezone(calendar.zone).date()
    while True:
        day += timedelta(days=1)
        midnight = instant_of(edge(calendar.zone, day, 0))
        if midnight > at:
            return midnight
