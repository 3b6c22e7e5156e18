"""An article as passages short enough for one meaning each: its title, and windows of its text.

A window begins with a section, or where a line's own digest says so, never by counting from the
top: a changed paragraph moves no boundary but those beside it, and only what changed is encoded.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from portal.search.excerpts import LONGEST_READ
from portal.search.index import Document

WINDOW_WORDS, OVERLAP_WORDS = 110, 20
_FEWEST_WORDS = 60
_MOST_PASSAGES = 250
_WORD = re.compile(r"\S+")
_Words = list[tuple[str, int]]


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
    title = _plain(document.title)
    headings = {_plain(heading) for heading in document.headings.splitlines()}
    found = [Passage(_plain(f"{title} {document.search_words}"), -1)]
    for window in islice(_windows(document.body, headings), _MOST_PASSAGES - 1):
        words = " ".join(word for word, _place in window)
        found.append(Passage(f"{title}\n{words}", window[0][1]))
    return found


def _plain(text: str) -> str:
    return " ".join(text.split())


def _windows(body: str, headings: set[str]) -> Iterator[_Words]:
    """The windows; each but a section's first begins with the last words of the one before."""
    window: _Words = []
    new = 0
    for line, place in _lines(body):
        if _plain(line) in headings:
            if new:
                yield window
            window, new = [], 0
        elif new >= _FEWEST_WORDS and _begins_window(line):
            yield window
            window, new = window[-OVERLAP_WORDS:], 0
        for word in _WORD.finditer(line):
            if len(window) >= WINDOW_WORDS:
                yield window
                window, new = window[-OVERLAP_WORDS:], 0
            window = [*window, (word[0], place + word.start())]
            new += 1
    if new:
        yield window


def _lines(body: str) -> Iterator[tuple[str, int]]:
    """Each line with where it begins."""
    place = 0
    for line in body[:LONGEST_READ].split("\n"):
        yield line, place
        place += len(line) + 1


def _begins_window(line: str) -> bool:
    return hashlib.sha256(line.encode("utf-8", "replace")).digest()[0] % 2 == 0
