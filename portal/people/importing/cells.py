"""What may stand in a cell: each function gives its value, or a CellError that says what may."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from portal.locale import N_
from portal.locale import gettext as _
from portal.people.enrolling import LONGEST_SLUG, SLUG
from portal.people.importing.faults import CellError
from portal.people.lines import has_invisible
from portal.people.queries import normal_email

LONGEST_LINE, LONGEST_TEXT = 200, 4_000
_YES = frozenset({"yes", "y", "true", "1", "x", "ja", "wahr", "oui", "vrai", "si", "sí"})
_NO = frozenset({"no", "n", "false", "0", "", "nein", "falsch", "non", "faux"})
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SHORTENED = re.compile(r"[+-]?\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)
_RIGHT_DAY = N_("Write year-month-day, like 2026-12-31.")

Parse = Callable[[str], Any]


def line(cell: str) -> str:
    """One line of text."""
    if len(cell) > LONGEST_LINE:
        raise CellError(*_too_long(cell, LONGEST_LINE))
    if has_invisible(cell):
        raise CellError(
            _("It holds invisible characters or a line break."), _("Type it again by hand.")
        )
    return cell


def phone(cell: str) -> str:
    if _SHORTENED.fullmatch(cell):
        raise CellError(
            _("“%(cell)s” is a number that the spreadsheet shortened.", cell=cell),
            _("Format the column as text, and enter the number again."),
        )
    return line(cell)


def email(cell: str) -> str:
    try:
        found = validate_email(cell, check_deliverability=False, allow_quoted_local=False)
    except EmailNotValidError:
        raise CellError(
            _("“%(cell)s” is no e-mail address.", cell=cell[:80]),
            _("Write it in full, like name@example.com."),
        ) from None
    return normal_email(found.normalized)


def slug(cell: str) -> str:
    if not SLUG.fullmatch(cell) or len(cell) > LONGEST_SLUG:
        raise CellError(
            _("“%(cell)s” can’t be a short name.", cell=cell[:80]),
            _("Use small letters, figures and single hyphens, like harbour-lines."),
        )
    return cell


def day(cell: str) -> date:
    """A day as year-month-day or day.month.year; with slashes nobody can tell the order."""
    if found := _ISO.fullmatch(cell):
        year, month, number = found.groups()
    elif found := _DOTTED.fullmatch(cell):
        number, month, year = found.groups()
    else:
        raise CellError(_("“%(cell)s” can’t be read as a day.", cell=cell[:80]), _(_RIGHT_DAY))
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        raise CellError(_("There is no day %(cell)s.", cell=cell), _(_RIGHT_DAY)) from None


def flag(cell: str) -> bool:
    plain = cell.casefold()
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise CellError(_("“%(cell)s” is neither yes nor no.", cell=cell[:80]), _("Write yes or no."))


def zone(cell: str) -> str | None:
    if cell and cell not in _zones():
        raise CellError(
            _("“%(cell)s” is no time zone.", cell=cell[:80]), _("Write it like Europe/Berlin.")
        )
    return cell or None


def text(cell: str) -> str:
    """Several lines of text."""
    if len(cell) > LONGEST_TEXT:
        raise CellError(*_too_long(cell, LONGEST_TEXT))
    if has_invisible(cell.replace("\n", "").replace("\t", "")):
        raise CellError(_("It holds invisible characters."), _("Type it again by hand."))
    return cell


def lines(cell: str) -> list[str]:
    """One thing a line."""
    return [each.strip() for each in text(cell).split("\n") if each.strip()]


def _too_long(cell: str, most: int) -> tuple[str, str]:
    return (
        _("It has %(count)s characters.", count=len(cell)),
        _("Shorten it to %(most)s.", most=most),
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
