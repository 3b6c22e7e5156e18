"""Days that differ from the week: holidays, closed days, half days.

The rule: holidays are resolved to named dates when a policy is loaded and kept with it, so that a
promise never moves because holiday data was upgraded. Days named in the policy beat holidays.
So the holiday library is only loaded to read a new policy, which keeps a web process small.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from typing import Literal

FIRST_KNOWN = 2000
YEARS_AHEAD = 35


@dataclass(frozen=True, slots=True)
class Window:
    """Opening time of one day in minutes after its midnight; an end past 1440 is on the morrow."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


def _clock(minute: int) -> str:
    minute = minute if minute <= 1_440 else minute - 1_440
    return f"{minute // 60:02}:{minute % 60:02}"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A named day with hours of its own; without windows nothing begins on it."""

    name: str
    kind: Literal["holiday", "special hours"]
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True)
class HolidaySet:
    """Named dates on which a calendar differs from its week, and where the names come from."""

    name: str
    days: Mapping[date, SpecialDay]
    resolved: Mapping[date, str] = field(default_factory=dict)
    basis: str = "page"
    source: str = ""
    first: date | None = None
    last: date | None = None

    def to_come(self, on_or_after: date, count: int) -> tuple[tuple[date, SpecialDay], ...]:
        upcoming = sorted(day for day in self.days if day >= on_or_after)[:count]
        return tuple((day, self.days[day]) for day in upcoming)


def known_years(effective_from: date) -> tuple[int, int]:
    """The years whose holidays a policy version names."""
    return min(FIRST_KNOWN, effective_from.year - 1), effective_from.year + YEARS_AHEAD


def countries() -> Iterable[str]:
    """Every country's codes, from the list of names alone: only the one asked for is loaded."""
    from holidays import registry

    return {code for names in registry.COUNTRIES.values() for code in names[1:]}


def subdivisions(country: str) -> Iterable[str]:
    import holidays

    entity = getattr(holidays, country)
    aliases = getattr(entity, "subdivisions_aliases", {})
    return sorted({*entity.subdivisions, *aliases})


@lru_cache(maxsize=32)
def resolve(
    country: str, subdivision: str | None, observed: bool, first: int, last: int
) -> Mapping[date, str]:
    """Every holiday from the first to the last year by date.

    A holiday is looked up by its date, never by "the year it belongs to": New Year's Day 2028 is a
    Saturday and closes Friday, 31 December 2027.
    """
    import holidays

    found = holidays.country_holidays(
        country, subdiv=subdivision, years=range(first - 1, last + 2), observed=observed
    )
    return {day: found[day] for day in sorted(found) if first <= day.year <= last}


def source_of_data() -> str:
    return f"holidays {version('holidays')}"
