"""A language in which every sentence of the catalogues stands between ⟦ and ⟧, to see which of a
page's words went through them.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from babel.support import Translations

TAG = "de-AT"
"""A tag that dates can be written in, and that no catalogue has."""
_NOT_FOR_EYES = {"script", "style", "head"}
_VOID = {"br", "hr", "img", "input", "link", "meta", "circle", "path", "source", "wbr", "col"}
_SAID_BY_ATTRIBUTE = ("title", "alt", "aria-label", "placeholder", "data-label")


class Pseudo:
    """Stands for a catalogue: what the real one has is set in brackets, all else stays as it is."""

    def __init__(self, real: Translations) -> None:
        self._real = real

    def gettext(self, message: str) -> str:
        return _within(message) if self._has(message) else message

    def ngettext(self, one: str, many: str, number: int) -> str:
        return _within(one if number == 1 else many)

    def pgettext(self, context: str, message: str) -> str:
        return _within(message) if self._real.pgettext(context, message) else message

    def _has(self, message: str) -> bool:
        return message in self._real._catalog  # type: ignore[attr-defined]


def _within(words: str) -> str:
    return f"⟦{words}⟧"


class Spoken(HTMLParser):
    """The words of a page that stand outside the brackets, where a reader meets them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.outside: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        for name in _SAID_BY_ATTRIBUTE:
            self._outside(said.get(name, ""))
        if tag == "input" and said.get("type") in {"submit", "button"}:
            self._outside(said.get("value", ""))
        if tag == "meta" and said.get("name") == "description":
            self._outside(said.get("content", ""))
        if tag not in _VOID:
            self._open.append((tag, self._is_quiet(tag, said)))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        is_title = any(tag == "title" for tag, _quiet in self._open)
        if is_title or not any(quiet for _tag, quiet in self._open):
            self._take(data)

    def _take(self, data: str) -> None:
        words = ""
        for part in re.split("([⟦⟧])", data):
            if part in "⟦⟧" and part:
                self._depth += 1 if part == "⟦" else -1
            elif self._depth == 0:
                words += f" {part}"
        self._add(words)

    def _outside(self, value: str) -> None:
        while (shorter := re.sub("⟦[^⟦⟧]*⟧", " ", value)) != value:
            value = shorter
        self._add(value)

    def _add(self, words: str) -> None:
        if re.search(r"[^\W\d_]{2}", words):
            self.outside.append(" ".join(words.split()))

    def _is_quiet(self, tag: str, said: dict[str, str]) -> bool:
        """What a writer or a machine wrote: an article's body, code, keys, times."""
        wrote = {"prose", "entry-body", "timeline-body", "issue-text"} & set(
            said.get("class", "").split()
        )
        is_content = tag in {"code", "kbd", "time", "pre", "textarea", "mark"} or "lang" in said
        return tag in _NOT_FOR_EYES or bool(wrote) or (is_content and tag != "html")


def words_outside(page: str) -> list[str]:
    """What a page says that no catalogue gave."""
    reading = Spoken()
    reading.feed(page)
    reading.close()
    return reading.outside


def texts_in(value: Any) -> Iterator[str]:
    """Every text within a stored value, whole and line by line."""
    if isinstance(value, str):
        yield " ".join(value.split())
        yield from (" ".join(line.split()) for line in value.splitlines() if line.strip())
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from texts_in(key)
            yield from texts_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)
