"""An article as passages short enough for one meaning each: its title, and windows of its text.

A window begins with a section, or where a line's own digest says so, never by counting from the
top: a changed paragraph moves no boundary but those beside it, and only what changed is encoded.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from portal.search.excerpts import one_line
from portal.search.index import Document

WINDOW_WORDS, OVERLAP_WORDS = 110, 20
_FEWEST_WORDS = 60
_MOST_PASSAGES = 250
_Words = list[str]


@dataclass(frozen=True)
class Passage:
    """What is encoded, and where it begins in `one_line` of the article's text; -1 for the title.

    `key` is a digest of what is encoded: the same key has the same vector.
    """

    text: str
    place: int

    @property
    def key(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()[:20]


def passages_of(document: Document) -> list[Passage]:
    """The title alone, then each window of the text with the title before it."""
    title = one_line(document.title)
    named = one_line(f"{title} {document.search_words}")
    found = [Passage(named, -1)]
    headings = {one_line(heading) for heading in document.headings.splitlines()}
    place = 0
    for words, new in _windows(document.body, headings):
        found.append(
            Passage(f"{title}\n{' '.join(words)}", place - _length(words[: len(words) - new]))
        )
        place += _length(words[len(words) - new :])
    return found[:_MOST_PASSAGES]


def _length(words: _Words) -> int:
    """How far these words reach in one line, the gap after them included."""
    return sum(map(len, words)) + len(words)


def _windows(body: str, headings: set[str]) -> Iterator[tuple[_Words, int]]:
    """The windows, each with how many of its words, the last ones, weren't in the one before."""
    window: _Words = []
    new = 0
    for line in _lines(body):
        if one_line(line) in headings:
            if new:
                yield window, new
            window, new = [], 0
        elif new >= _FEWEST_WORDS and _begins_window(line):
            yield window, new
            window, new = window[-OVERLAP_WORDS:], 0
        for word in line.split():
            if len(window) >= WINDOW_WORDS:
                yield window, new
                window, new = window[-OVERLAP_WORDS:], 0
            window, new = [*window, word], new + 1
    if new:
        yield window, new


def _lines(body: str) -> list[str]:
    return body[:100_000].splitlines()


def _begins_window(line: str) -> bool:
    return hashlib.sha256(line.encode("utf-8", "replace")).digest()[0] % 2 == 0
