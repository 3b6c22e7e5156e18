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
        self.wrong(key, f"It must be {words}, not {_shown(value)}.", remedy)
        return None

    def text(self, key: str, default: str = "", *, limit: int = LONGEST_TEXT) -> str:
        value = self._value(key, str, "a text", f'Write {key} = "..." in quotes.')
        return default if value is None else self._printable(key, str(value).strip(), limit)

    def _printable(self, key: str, text: str, limit: int) -> str:
        if len(text) > limit:
            wrong = f"It has {len(text):,} characters; at most {limit:,} are shown well."
            self.wrong(key, wrong, "Write less.")
        if _UNPRINTABLE.search(text):
            self.wrong(key, "It has a character that nobody can see.", "Type the text anew.")
        return text[:limit]

    def needed_text(self, key: str, remedy: str) -> str:
        value = self.text(key, limit=LONGEST_NAME)
        if not value and isinstance(self.values.get(key, ""), str):
            self.wrong(key, "It is missing.", remedy, "missing")
        if "\n" in value:
            self.wrong(key, "It has more than one line.", "Write it in one line.")
        return value

    def identity(self, key: str, remedy: str) -> str:
        """A short id: it is stored with cases and stands in addresses and file names."""
        value = self.needed_text(key, remedy)
        if value and not _ID.fullmatch(value):
            wrong = f"{_shown(value)} is no id."
            self.wrong(key, wrong, 'Write letters, digits, "-", "_" or ".", 60 at most.')
        return value

    def word(self, key: str, words: Sequence[Word], default: Word) -> Word:
        value = self.text(key, default)
        for word in words:
            if word == value:
                return word
        if not isinstance(self.values.get(key), str):
            return default  # told already
        wrong = f"{_shown(value)} is not one of its words."
        self.wrong(key, wrong, f"Write {' or '.join(words)}.")
        return default

    def flag(self, key: str, default: bool = False) -> bool:
        value = self._value(key, bool, "true or false", f"Write {key} = true or {key} = false.")
        return default if value is None else bool(value)

    def whole(self, key: str, default: int = 0, *, least: int = 0, most: int = 10_000) -> int:
        value = self._value(key, int, "a whole number", f"Write {key} = 1, without quotes.")
        if value is not None and not least <= value <= most:
            code = "negative_target" if value < 0 else "invalid"
            said = "It is negative." if value < 0 else f"It is not from {least} to {most}."
            self.wrong(key, said, f"Write {least} or more, {most} at most.", code)
            return default
        return default if value is None else int(value)

    def day(self, key: str) -> date | None:
        remedy = f"Write {key} = 2026-01-31, without quotes or a time of day."
        value = self._value(key, date, "a date", remedy)
        if isinstance(value, datetime):
            self.wrong(key, "It has a time of day; a policy counts in days.", remedy)
            return None
        return value if isinstance(value, date) else None

    def texts(self, key: str) -> tuple[str, ...]:
        remedy = f'Write {key} = ["...", "..."].'
        found = self._at_most(key, self._value(key, list, "a list of texts", remedy) or [])
        texts = tuple(text for text in found if isinstance(text, str))
        if len(texts) != len(found):
            self.wrong(key, "Every entry must be a text.", "Put each entry in quotes.")
        return tuple(self._printable(key, text, LONGEST_TEXT) for text in texts)

    def items(self, key: str, *, most: int = MOST_ENTRIES) -> list[Any]:
        found = self._value(key, list, "a list", f"Write {key} = [ ... ].") or []
        return self._at_most(key, found, most)

    def _at_most(self, key: str, found: list[Any], most: int = MOST_ENTRIES) -> list[Any]:
        if len(found) > most:
            self.wrong(key, f"There are {len(found):,}.", f"Write {most} at most.", "too_many")
        return found[:most]

    def table(self, key: str) -> "Table | None":
        value = self._value(key, dict, "a table", f"Write [{key_of(self.at(key))}].")
        return None if value is None else Table(value, self.at(key), self.findings)

    def tables(self, key: str, *, most: int = MOST_ENTRIES) -> "list[Table]":
        """The entries of [[key]], or of a list of inline tables."""
        found = self.items(key, most=most)
        tables = [entry for entry in found if isinstance(entry, dict)]
        if len(tables) != len(found):
            self.wrong(key, "Every entry must be a table.", "Write { name = value, ... }.")
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
            hint = f'Did you mean "{near[0]}"?' if near else f"Known: {_listed(self.known)}."
            self.wrong(key, "Nobody knows this key.", hint, "unknown_key")


def _shown(value: Any) -> str:
    """A value as it stands in the file, cut where it goes on and on."""
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, list):
        text = "a list"
    elif isinstance(value, dict):
        text = "a table"
    else:
        text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:60]} ..."


def _listed(words: set[str]) -> str:
    return ", ".join(sorted(words)) or "none"
