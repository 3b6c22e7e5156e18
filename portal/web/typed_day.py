"""Days as people write them: the month as a word, or figures that can mean one day only.

Nothing is guessed: 03/04/2026 is a day in March or in April, so it is asked about. The names of
months and weekdays are understood in every language of the interface, whoever reads.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache

from babel.dates import get_day_names, get_month_names

from portal import written
from portal.locale import gettext as _
from portal.locale import interface_languages, language

_EXAMPLE = date(2026, 11, 27)
_LONGEST = 60
_FIRST_YEAR = 1000
_WRITTEN_WITH = re.compile(r"(?:[^\W_]|[\s.,/-])+")
_FIGURES_OR_WORD = re.compile(r"\d+|[^\W\d_]+")
_DOTTED = re.compile(r"\d\s*\.\s*\d{1,2}\s*\.\s*\d")
_ORDINAL = {"st", "nd", "rd", "th", "of"}
_OTHER_MONTHS = {("janner", 1), ("feber", 2), ("maerz", 3)}
"""Austria's names, and a name as it is typed without its key; folded as all names are."""


class NotADayError(ValueError):
    """The text is no day, or could be two; the message says what to write instead."""


def example() -> str:
    """A day as it may be written: "27 Nov 2026"."""
    return written.brief_day(_EXAMPLE)


def read_day(text: str) -> date:
    """The one day that the text can mean. Raises NotADayError."""
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > _LONGEST or not _WRITTEN_WITH.fullmatch(text):
        raise _unreadable()
    parts = _FIGURES_OR_WORD.findall(text)
    figures = [part for part in parts if part.isdecimal()]
    words = [_folded(part) for part in parts if not part.isdecimal()]
    month, weekdays = _named([word for word in words if word not in _ORDINAL])
    orders = _with_word(figures, month) if month else _in_figures(figures, text)
    days = {day for order in orders for day in _existing(*order) if day.weekday() in weekdays}
    if not days:
        raise NotADayError(
            _(
                "This day is not in the calendar. Check it, and write the month as a word, "
                "like %(day)s.",
                day=example(),
            )
        )
    if len(days) > 1:
        one, other = (written.day(day) for day in sorted(days))
        raise NotADayError(
            _(
                "This can be %(one)s or %(other)s. Write the month as a word.",
                one=one,
                other=other,
            )
        )
    return days.pop()


Order = tuple[int, int, int]
"""Year, month and day, not known to exist."""


def _with_word(figures: list[str], month: int) -> list[Order]:
    """The year is the figure with four digits, wherever it stands."""
    if sorted(map(len, figures)) not in ([1, 4], [2, 4]):
        raise _unreadable()
    day, year = sorted(figures, key=len)
    return [(int(year), month, int(day))]


def _in_figures(figures: list[str], text: str) -> list[Order]:
    """Year first is the international order; with dots, some languages know but one order."""
    match [len(figure) for figure in figures]:
        case [4, 1 | 2, 1 | 2]:
            year, month, day = map(int, figures)
            return [(year, month, day)]
        case [1 | 2, 1 | 2, 4]:
            first, second, year = map(int, figures)
            day_first = (year, second, first)
            is_settled = _DOTTED.search(text) and _dots_mean_day_first(language())
            return [day_first] if is_settled else [day_first, (year, first, second)]
    raise _unreadable()


def _existing(year: int, month: int, day: int) -> Iterator[date]:
    try:
        found = date(year, month, day)
    except ValueError:
        return
    if year >= _FIRST_YEAR:
        yield found


def _named(words: list[str]) -> tuple[int, set[int]]:
    """The month that the words name, 0 for none, and the weekdays that the day may be."""
    found, weekdays = 0, set(range(7))
    for word in words:
        month = _meant(word, _names_by(get_month_names) | _OTHER_MONTHS, 3)
        weekday = _meant(word, _names_by(get_day_names), 2)
        if month and not found:
            found = month.pop()
        elif weekday and len(weekdays) > 1:
            weekdays = weekday
        else:
            raise _unreadable()
    return found, weekdays


def _meant(word: str, names: frozenset[tuple[str, int]], fewest: int) -> set[int]:
    """What a word or its beginning stands for; nothing when it is too short or has two meanings."""
    numbers = {number for name, number in names if name.startswith(word)}
    return numbers if len(word) >= fewest and len(numbers) == 1 else set()


@cache
def _names_by(calendar: Callable[..., Mapping[int, str]]) -> frozenset[tuple[str, int]]:
    """All names of months, or of weekdays, in every language of the interface, with their numbers;
    `calendar` is Babel's function for them.
    """
    return frozenset(
        (_folded(name), number)
        for tag in interface_languages()
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in calendar(width, context, written.conventions(tag)).items()
    )


@cache
def _dots_mean_day_first(tag: str) -> bool:
    """Whether days are written like 27.11.2026, as in German."""
    pattern = written.conventions(tag).date_formats["short"].pattern
    return bool(re.match(r"d+\.\s*M+\.", pattern))


def _folded(word: str) -> str:
    """Without capitals, accents and the dot of an abbreviation."""
    plain = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in plain if letter.isalpha())


def _unreadable() -> NotADayError:
    remedy = _(
        "Write the day with the month as a word and the year in full, like %(day)s.", day=example()
    )
    return NotADayError(remedy)
