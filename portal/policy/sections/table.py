"""Reading one table of a policy file, and collecting everything that is wrong with it.

The rule: a manager is told all problems at once, each with its line, the key and what would be
right; a key nobody knows is a mistake, not a remark.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, TypeVar

from portal import written
from portal.locale import gettext as _
from portal.policy.problems import Problem
from portal.policy.sections.lines import Path, line_of

Word = TypeVar("Word", bound=str)

LONGEST_TEXT, LONGEST_NAME = 2_000, 200
MOST_ENTRIES = 100
MOST_PROBLEMS = 100
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass
class Findings:
    """What reading a file has brought to light so far."""

    file: str
    lines: dict[Path, int] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def wrong(self, path: Path, wrong: str, remedy: str, code: str = "invalid") -> None:
        self._note(self.errors, self._problem(path, wrong, remedy, code))

    def unsaid(self, path: Path, wrong: str, remedy: str, code: str = "unsaid") -> None:
        self._note(self.warnings, self._problem(path, wrong, remedy, code))

    def _note(self, found: list[Problem], problem: Problem) -> None:
        """A range of days is read once for each day; its problem is one problem."""
        if len(found) < MOST_PROBLEMS and problem not in found:
            found.append(problem)

    def _problem(self, path: Path, wrong: str, remedy: str, code: str) -> Problem:
        return Problem(self.file, line_of(path, self.lines), key_of(path), wrong, remedy, code)


def key_of(path: Path) -> str:
    """The key as a manager writes it: priority[2].first_response.within."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


@dataclass
class Table:
    """A table, its place in the file, and the keys that were asked for."""

    values: dict[str, Any]
    path: Path
    findings: Findings
    known: set[str] = field(default_factory=set)

    def __contains__(self, key: str) -> bool:
        self.known.add(key)
        return key in self.values

    def at(self, *parts: str | int) -> Path:
        return (*self.path, *parts)

    def wrong(self, key: str, wrong: str, remedy: str, code: str = "invalid") -> None:
        self.findings.wrong(self.at(key), wrong, remedy, code)

    def unsaid(self, key: str, wrong: str, remedy: str, code: str = "unsaid") -> None:
        self.findings.unsaid(self.at(key), wrong, remedy, code)

    def _value(self, key: str, kind: type, words: str, remedy: str) -> Any:
        self.known.add(key)
        value = self.values.get(key)
        is_kind = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if value is None or is_kind:
            return value
        self.wrong(
            key, _("It must be %(words)s, not %(value)s.", words=words, value=_shown(value)), remedy
        )
        return None

    def text(self, key: str, default: str = "", *, limit: int = LONGEST_TEXT) -> str:
        value = self._value(key, str, _("a text"), _('Write %(key)s = "..." in quotes.', key=key))
        return default if value is None else self._printable(key, str(value).strip(), limit)

    def _printable(self, key: str, text: str, limit: int) -> str:
        if len(text) > limit:
            wrong = _(
                "It has %(number)s characters; at most %(most)s are shown well.",
                number=written.number(len(text)),
                most=written.number(limit),
            )
            self.wrong(key, wrong, _("Write less."))
        if _UNPRINTABLE.search(text):
            self.wrong(key, _("It has a character that nobody can see."), _("Type the text anew."))
        return text[:limit]

    def needed_text(self, key: str, remedy: str) -> str:
        value = self.text(key, limit=LONGEST_NAME)
        if not value and isinstance(self.values.get(key, ""), str):
            self.wrong(key, _("It is missing."), remedy, "missing")
        if "\n" in value:
            self.wrong(key, _("It has more than one line."), _("Write it in one line."))
        return value

    def identity(self, key: str, remedy: str) -> str:
        """A short id: it is stored with cases and stands in addresses and file names."""
        value = self.needed_text(key, remedy)
        if value and not _ID.fullmatch(value):
            wrong = _("%(value)s is no id.", value=_shown(value))
            self.wrong(key, wrong, _('Write letters, digits, "-", "_" or ".", 60 at most.'))
        return value

    def word(self, key: str, words: Sequence[Word], default: Word) -> Word:
        value = self.text(key, default)
        for word in words:
            if word == value:
                return word
        if not isinstance(self.values.get(key), str):
            return default  # told already
        wrong = _("%(value)s is not one of its words.", value=_shown(value))
        self.wrong(key, wrong, _("Write %(words)s.", words=_(" or ").join(words)))
        return default

    def flag(self, key: str, default: bool = False) -> bool:
        value = self._value(
            key, bool, _("true or false"), _("Write %(key)s = true or %(key)s = false.", key=key)
        )
        return default if value is None else bool(value)

    def whole(self, key: str, default: int = 0, *, least: int = 0, most: int = 10_000) -> int:
        value = self._value(
            key, int, _("a whole number"), _("Write %(key)s = 1, without quotes.", key=key)
        )
        if value is not None and not least <= value <= most:
            code = "negative_target" if value < 0 else "invalid"
            said = (
                _("It is negative.")
                if value < 0
                else _("It is not from %(least)s to %(most)s.", least=least, most=most)
            )
            self.wrong(
                key,
                said,
                _("Write %(least)s or more, %(most)s at most.", least=least, most=most),
                code,
            )
            return default
        return default if value is None else int(value)

    def day(self, key: str) -> date | None:
        remedy = _("Write %(key)s = 2026-01-31, without quotes or a time of day.", key=key)
        value = self._value(key, date, _("a date"), remedy)
        if isinstance(value, datetime):
            self.wrong(key, _("It has a time of day; a policy counts in days."), remedy)
            return None
        return value if isinstance(value, date) else None

    def texts(self, key: str) -> tuple[str, ...]:
        remedy = _('Write %(key)s = ["...", "..."].', key=key)
        found = self._at_most(key, self._value(key, list, _("a list of texts"), remedy) or [])
        texts = tuple(text for text in found if isinstance(text, str))
        if len(texts) != len(found):
            self.wrong(key, _("Every entry must be a text."), _("Put each entry in quotes."))
        return tuple(self._printable(key, text, LONGEST_TEXT) for text in texts)

    def items(self, key: str, *, most: int = MOST_ENTRIES) -> list[Any]:
        found = self._value(key, list, _("a list"), _("Write %(key)s = [ ... ].", key=key)) or []
        return self._at_most(key, found, most)

    def _at_most(self, key: str, found: list[Any], most: int = MOST_ENTRIES) -> list[Any]:
        if len(found) > most:
            self.wrong(
                key,
                _("There are %(number)s.", number=written.number(len(found))),
                _("Write %(most)s at most.", most=most),
                "too_many",
            )
        return found[:most]

    def table(self, key: str) -> "Table | None":
        value = self._value(
            key, dict, _("a table"), _("Write [%(section)s].", section=key_of(self.at(key)))
        )
        return None if value is None else Table(value, self.at(key), self.findings)

    def tables(self, key: str, *, most: int = MOST_ENTRIES) -> "list[Table]":
        """The entries of [[key]], or of a list of inline tables."""
        found = self.items(key, most=most)
        tables = [entry for entry in found if isinstance(entry, dict)]
        if len(tables) != len(found):
            self.wrong(key, _("Every entry must be a table."), _("Write { name = value, ... }."))
        return [
            Table(entry, self.at(key, number), self.findings) for number, entry in enumerate(tables)
        ]

    def named_tables(self, key: str, *, most: int = MOST_ENTRIES) -> "dict[str, Table]":
        """The tables [key.NAME] by name."""
        outer = self.table(key)
        if outer is None:
            return {}
        names = self._at_most(key, list(outer.values), most)
        found = {name: outer.table(name) for name in names}
        return {name: table for name, table in found.items() if table is not None}

    def done(self) -> None:
        """Whatever was not asked for is a key nobody knows."""
        unknown = [key for key in self.values if key not in self.known]
        for key in unknown[:MOST_PROBLEMS]:
            near = get_close_matches(key.lower()[:80], self.known, n=1)
            hint = (
                _('Did you mean "%(key)s"?', key=near[0])
                if near
                else _("Known: %(known)s.", known=_listed(self.known))
            )
            self.wrong(key, _("Nobody knows this key."), hint, "unknown_key")


def _shown(value: Any) -> str:
    """A value as it stands in the file, cut where it goes on and on."""
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, list):
        text = _("a list")
    elif isinstance(value, dict):
        text = _("a table")
    else:
        text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:60]} ..."


def _listed(words: set[str]) -> str:
    return ", ".join(sorted(words)) or _("none")
