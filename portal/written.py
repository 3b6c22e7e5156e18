"""How days, times and numbers are written in the language that is spoken.

English is written here, as the portal always wrote it; every other language as its readers write
it (CLDR, by Babel). The callers keep what is written often, by language.
"""

from datetime import date, datetime, time
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError, dates, numbers

from portal.languages import name_of
from portal.locale import SPOKEN_IN_CODE, language, ngettext
from portal.locale import gettext as _

_ENOUGH_TO_HAVE_ALL_KINDS = 200


def instant(local: datetime) -> str:
    """An instant in its own zone: "Mon 23 Nov 2026, 10:30 am PST"."""
    return _(
        "%(day)s, %(time)s %(zone)s",
        day=short_day(local),
        time=clock(local),
        zone=zone_name(local),
    )


def short_day(value: date) -> str:
    """A day with its weekday: "Mon 23 Nov 2026"."""
    if language() == SPOKEN_IN_CODE:
        return f"{value:%a} {value.day} {value:%b %Y}"
    return dates.format_skeleton("yMMMEd", value, locale=conventions(language()))


def brief_day(value: date) -> str:
    """A day in a field: "23 Nov 2026"; the month is a word, so that nobody reads another day."""
    if language() == SPOKEN_IN_CODE:
        return f"{value.day} {value:%b %Y}"
    return dates.format_skeleton("yMMMd", value, locale=conventions(language()))


def day(value: date) -> str:
    """A day: "23 November 2026"."""
    if language() == SPOKEN_IN_CODE:
        return f"{value.day} {value:%B %Y}"
    return dates.format_date(value, "long", locale=conventions(language()))


def full_day(value: date) -> str:
    """A day with its weekday: "Monday, 23 November 2026"."""
    if language() == SPOKEN_IN_CODE:
        return f"{value:%A}, {day(value)}"
    return dates.format_date(value, "full", locale=conventions(language()))


def weekday(number: int) -> str:
    """The name of a day of the week, Monday being 0."""
    names = dates.get_day_names(context="stand-alone", locale=conventions(language()))
    return str(names[number])


def month(value: date) -> str:
    """A month: "November 2026"."""
    if language() == SPOKEN_IN_CODE:
        return f"{value:%B %Y}"
    return dates.format_skeleton("yMMMM", value, locale=conventions(language()))


def clock(local: datetime | time) -> str:
    """The time of day to the minute: "10:30 am"."""
    if language() == SPOKEN_IN_CODE:
        return f"{local.hour % 12 or 12}:{local.minute:02} {'am' if local.hour < 12 else 'pm'}"
    return dates.format_time(local, "short", locale=conventions(language()))


def zone_name(local: datetime) -> str:
    """What people call the zone: PST, CET; UTC+05:30 where it has no name."""
    known = "" if language() == SPOKEN_IN_CODE else _own_zone_name(local)
    name = known or local.tzname() or "UTC"
    if name[0] in "+-":
        digits = name[1:]
        return f"UTC{name[0]}{digits[:2]}" + (f":{digits[2:]}" if len(digits) > 2 else "")
    return name


def _own_zone_name(local: datetime) -> str:
    """The zone's name in the language, like "MEZ"; "" where only its offset is told."""
    name = dates.get_timezone_name(local, width="short", locale=conventions(language()))
    return "" if name[:1] in "+-" else name


def number(value: float, digits: int = 0, *, is_grouped: bool = True) -> str:
    """A number with its thousands grouped: "1,234"; `digits` is how many follow the point."""
    if language() == SPOKEN_IN_CODE:
        return f"{value:,.{digits}f}" if is_grouped else f"{value:.{digits}f}"
    return _number(value, digits, is_grouped, language())


@lru_cache(maxsize=4096)
def _number(value: float, digits: int, is_grouped: bool, tag: str) -> str:
    pattern = ("#,##0" if is_grouped else "0") + ("." + "0" * digits if digits else "")
    return numbers.format_decimal(value, pattern, locale=conventions(tag))


def by_number(one: str, many: str) -> dict[str, str]:
    """A sentence in all its forms, by the names that CLDR gives to numbers that share one: for
    scripts, which know the number. `%(number)s` is left in its place.
    """
    if language() == SPOKEN_IN_CODE:
        return {"one": one, "other": many}
    return {
        name: ngettext(one, many, example, number="%(number)s")
        for name, example in _examples(language()).items()
    }


@cache
def _examples(tag: str) -> dict[str, int]:
    """The smallest number of each kind that a language has."""
    kind_of = conventions(tag).plural_form
    return {kind_of(number): number for number in range(_ENOUGH_TO_HAVE_ALL_KINDS, -1, -1)}


def in_sentence(words: str) -> str:
    """A label as it stands inside a sentence; only English writes it small there."""
    return words.lower() if language() == SPOKEN_IN_CODE else words


def language_called(tag: str) -> str:
    """What a language is called in a sentence: "German", "Deutsch"; its own name if unknown."""
    return _language_called(tag, language())


@cache
def _language_called(tag: str, spoken: str) -> str:
    try:
        return conventions(tag).get_display_name(conventions(spoken)) or name_of(tag)
    except UnknownLocaleError:
        return name_of(tag)


@cache
def conventions(tag: str) -> Locale:
    """How readers of this language write, as Babel knows it."""
    return Locale.parse(tag, sep="-")
