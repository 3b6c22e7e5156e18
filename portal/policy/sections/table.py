"""Reading one table of a policy file, and collecting everything that is wrong with it.

The rule: a manager is told all problems at once, each with its line, the key and what would be
right; a key nobody knows is a mistake, not a remark.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, TypeVar

from portal.policy.problems import Problem
from portal.policy.sections.lines import Path, line_of

Word = TypeVar("Word", bound=str)


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
        if problem not in found:
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
        self.wrong(key, f"It must be {words}, not {value!r}.", remedy)
        return None

    def text(self, key: str, default: str = "") -> str:
        value = self._value(key, str, "a text", f'Write {key} = "..." in quotes.')
        return default if value is None else str(value).strip()

    def needed_text(self, key: str, remedy: str) -> str:
        value = self.text(key)
        if not value and not isinstance(self.values.get(key), int | float | list | dict):
            self.wrong(key, "It is missing.", remedy, "missing")
        return value

    def word(self, key: str, words: Sequence[Word], default: Word) -> Word:
        value = self.text(key, default)
        for word in words:
            if word == value:
                return word
        self.wrong(key, f'"{value}" is not one of its words.', f"Write {' or '.join(words)}.")
        return default

    def flag(self, key: str, default: bool = False) -> bool:
        value = self._value(key, bool, "true or false", f"Write {key} = true or {key} = false.")
        return default if value is None else bool(value)

    def whole(self, key: str, default: int = 0) -> int:
        value = self._value(key, int, "a whole number", f"Write {key} = 1, without quotes.")
        if value is not None and value < 0:
            self.wrong(key, "It is negative.", "Write 0 or more.", "negative_target")
            return default
        return default if value is None else int(value)

    def day(self, key: str) -> date | None:
        value = self._value(key, date, "a date", f"Write {key} = 2026-01-31, without quotes.")
        return value.date() if isinstance(value, datetime) else value

    def texts(self, key: str) -> tuple[str, ...]:
        found = self._value(key, list, "a list of texts", f'Write {key} = ["...", "..."].') or []
        if all(isinstance(text, str) for text in found):
            return tuple(found)
        self.wrong(key, "Every entry must be a text.", "Put each entry in quotes.")
        return tuple(text for text in found if isinstance(text, str))

    def items(self, key: str) -> list[Any]:
        return self._value(key, list, "a list", f"Write {key} = [ ... ].") or []

    def table(self, key: str) -> "Table | None":
        value = self._value(key, dict, "a table", f"Write [{key_of(self.at(key))}].")
        return None if value is None else Table(value, self.at(key), self.findings)

    def tables(self, key: str) -> "list[Table]":
        """The entries of [[key]], or of a list of inline tables."""
        found = self.items(key)
        tables = [entry for entry in found if isinstance(entry, dict)]
        if len(tables) != len(found):
            self.wrong(key, "Every entry must be a table.", "Write { name = value, ... }.")
        return [
            Table(entry, self.at(key, number), self.findings) for number, entry in enumerate(tables)
        ]

    def named_tables(self, key: str) -> "dict[str, Table]":
        """The tables [key.NAME] by name."""
        outer = self.table(key)
        if outer is None:
            return {}
        found = {name: outer.table(name) for name in outer.values}
        return {name: table for name, table in found.items() if table is not None}

    def done(self) -> None:
        """Whatever was not asked for is a key nobody knows."""
        for key in self.values:
            if key not in self.known:
                near = get_close_matches(key, self.known, n=1)
                hint = f'Did you mean "{near[0]}"?' if near else f"Known: {_listed(self.known)}."
                self.wrong(key, "Nobody knows this key.", hint, "unknown_key")


def _listed(words: set[str]) -> str:
    return ", ".join(sorted(words)) or "none"
