"""The sections [holidays.NAME]: days on which the desk keeps other hours, by name.

The rule: closed, half and reopened days named in the policy beat the holidays of the country, and
the resolved dates are kept with the policy version.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from portal.locale import gettext as _
from portal.policy.days import (
    HolidaySet,
    SpecialDay,
    countries,
    known_years,
    resolve,
    source_of_data,
    subdivisions,
)
from portal.policy.sections.hours import read_windows
from portal.policy.sections.table import Table
from portal.policy.words import BASES

Snapshot = Mapping[str, Any]
MOST_DAYS = 1_000
YEARS = range(1990, 2140)


def read_holidays(
    table: Table, name: str, effective_from: date, snapshot: Snapshot | None
) -> HolidaySet:
    """One set: the country's holidays, then what the organisation closes, opens or shortens."""
    basis = table.word("basis", BASES, "page")
    kept = (snapshot or {}).get(name)
    resolved, years, source = _resolved(table, effective_from, kept)
    days = {day: SpecialDay(called, "holiday") for day, called in resolved.items()}
    closed = _closed(table)
    days |= closed
    for day in _reopened(table):
        _reopen(table, days, day)
    days |= _special_hours(table, effective_from, closed)
    table.done()
    first, last = (date(years[0], 1, 1), date(years[1], 12, 31)) if years else (None, None)
    return HolidaySet(name, days, resolved, basis, source, first, last)


def _resolved(
    table: Table, effective_from: date, kept: Mapping[str, Any] | None
) -> tuple[Mapping[date, str], tuple[int, int] | None, str]:
    country, subdivision = table.text("country"), table.text("subdivision") or None
    observed = table.flag("observed", True)
    if country and kept is not None and kept.get("years"):
        named = {date.fromisoformat(day): str(called) for day, called in kept["days"].items()}
        return named, (int(kept["years"][0]), int(kept["years"][1])), str(kept["source"])
    if not country or not _is_known(table, country, subdivision):
        return {}, None, "the dates named in this policy"
    years = known_years(effective_from)
    return resolve(country, subdivision, observed, *years), years, source_of_data()


def _is_known(table: Table, country: str, subdivision: str | None) -> bool:
    if country not in countries():
        table.wrong(
            "country",
            _('There is no country "%(country)s".', country=country),
            _('Write a code such as "US".'),
        )
        return False
    if subdivision and subdivision not in subdivisions(country):
        named = ", ".join(list(subdivisions(country))[:8])
        table.wrong(
            "subdivision",
            _('%(country)s has no "%(subdivision)s".', country=country, subdivision=subdivision),
            _("It has %(name)s ...", name=named),
        )
        return False
    return True


def _closed(table: Table) -> dict[date, SpecialDay]:
    closed: dict[date, SpecialDay] = {}
    for entry in table.tables("also_closed", most=MOST_DAYS):
        day, called = _named_day(entry)
        entry.done()
        if day:
            _only_once(entry, day, closed)
            closed[day] = SpecialDay(called, "holiday")
    return closed


def _only_once(entry: Table, day: date, known: Mapping[date, SpecialDay]) -> None:
    if day in known:
        entry.wrong("date", _("%(day)s is listed twice.", day=day), _("Keep one of them."))


def _special_hours(
    table: Table, effective_from: date, closed: Mapping[date, SpecialDay]
) -> dict[date, SpecialDay]:
    special: dict[date, SpecialDay] = {}
    for entry in table.tables("special_hours", most=MOST_DAYS):
        day, called = _named_day(entry)
        windows = read_windows(entry, "hours")
        entry.done()
        if entry.values.get("hours", "") in ("", "closed"):
            entry.wrong("hours", _("It names no hours."), _("List a closed day under also_closed."))
        if day:
            _only_once(entry, day, {**special, **closed})
            special[day] = SpecialDay(called, "special hours", windows)
            _warn_if_past(entry, day, effective_from)
    return special


def _warn_if_past(entry: Table, day: date, effective_from: date) -> None:
    if day < effective_from:
        wrong = _("%(day)s lies before this policy takes effect.", day=day.isoformat())
        entry.unsaid("date", wrong, _("Remove it, or correct the date."), "past")


def _named_day(entry: Table) -> tuple[date | None, str]:
    day = entry.day("date")
    if "date" not in entry:
        entry.wrong("date", _("It is missing."), _("Write date = 2026-12-24."), "missing")
    if day is not None and day.year not in YEARS:
        entry.wrong("date", _("%(day)s is far off.", day=day), _("Correct the year."))
        day = None
    return day, entry.needed_text("name", _('Write name = "Christmas Eve": customers see it.'))


def _reopened(table: Table) -> list[date]:
    """Dates, or tables with a date, on which the normal week applies in spite of a holiday."""
    days = []
    for entry in table.items("also_open", most=MOST_DAYS):
        day = entry.get("date") if isinstance(entry, dict) else entry
        if isinstance(day, date) and not isinstance(day, datetime):
            days.append(day)
        else:
            table.wrong(
                "also_open",
                _("%(value)s is no date.", value=str(day)[:60]),
                _("Write also_open = [2026-11-27]."),
            )
    return days


def _reopen(table: Table, days: dict[date, SpecialDay], day: date) -> None:
    if days.pop(day, None) is None:
        wrong = _("%(day)s is no holiday.", day=day.isoformat())
        table.wrong("also_open", wrong, _("Use special_hours to open on a day without hours."))
