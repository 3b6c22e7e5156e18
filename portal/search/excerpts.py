"""What a result shows of an article: the lines that speak of the question, its words marked.

Marks are data, (text, is_marked), and become HTML only in a template, which escapes the text.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from heapq import merge
from typing import Any

from markupsafe import Markup

from portal.search.words import words_of

Marked = tuple[tuple[str, bool], ...]
Stem = Callable[[str], str]
Span = tuple[int, int, int]

EXCERPT_CHARACTERS = 180
_BEFORE_CHARACTERS = 50
LONGEST_READ = 100_000
_PASSAGE_CHARACTERS = 700
_TAG_OR_TEXT = re.compile(r"(<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>)")
_ENTITY_OR_TEXT = re.compile(r"(&#?\w{1,32};)")
_IN_WORD = re.compile(r"[^\W_]")
_REST_OF_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NOT_INSIDE = ("script", "style", "svg")


@dataclass(frozen=True)
class Marker:
    """Finds the words of a question in any of their forms. `stems` says for each stem which word
    of the question it stands for, by number: some may be written, or called, in several ways.
    `folds`: accents don't matter, for languages that have many.
    """

    stems: Mapping[str, int]
    stem: Stem
    folds: bool = False

    def spans(self, text: str) -> Iterator[Span]:
        """Where a word of the question stands, in order: start, end, its number."""
        small = text.lower()
        small = small if len(small) == len(text) else "".join(map(_small, text))
        small = small.translate(_plain_letters()) if self.folds else small
        end = 0
        for start in merge(*(_places(small, beginning) for beginning in self.beginnings)):
            if start < end or (start and _IN_WORD.match(small, start - 1)):
                continue
            found = _REST_OF_WORD.match(text, start)
            assert found is not None
            end = found.end()
            if (number := self._meant[found[0]]) is not None:
                yield start, end, number

    def most_in(self, text: str) -> int:
        """How many different words of the question the text has at most: all forms of a word have
        its stem in common, but for the last letter.
        """
        small = text.lower().translate(_plain_letters()) if self.folds else text.lower()
        there = (stem for stem in self.stems if stem[: max(3, len(stem) - 1)] in small)
        return len({self.stems[stem] for stem in there})

    @cached_property
    def _meant(self) -> "_Meant":
        return _Meant(self)

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """What all forms of the question's words begin with; none begins another."""
        known = sorted({stem[:3] for stem in self.stems if stem}, key=len)
        return tuple(
            one for n, one in enumerate(known) if not any(one.startswith(k) for k in known[:n])
        )

    def mark(self, text: str) -> Marked:
        """The text in pieces, each with whether it is a word of the question."""
        pieces, end = [], 0
        for start, stop, _number in self.spans(text):
            if start > end:
                pieces.append((text[end:start], False))
            pieces.append((text[start:stop], True))
            end = stop
        if end < len(text):
            pieces.append((text[end:], False))
        return tuple(pieces)

    def mark_html(self, html: str) -> Markup:
        """Cleaned HTML with the words marked in its text, never within a tag."""
        out, inside = [], ""
        for number, piece in enumerate(_TAG_OR_TEXT.split(html)):
            if number % 2:
                inside = _inside(piece, inside)
                out.append(piece)
            else:
                out.append(piece if inside else self._mark_text(piece))
        return Markup("".join(out))  # noqa: S704  (the pieces of cleaned HTML, and <mark>)

    def _mark_text(self, escaped: str) -> str:
        pieces = _ENTITY_OR_TEXT.split(escaped)
        return "".join(
            piece if number % 2 else "".join(_tagged(self.mark(piece)))
            for number, piece in enumerate(pieces)
        )


class _Meant(dict[str, int | None]):
    """Which word of the question each word met is; None for any other."""

    def __init__(self, marker: Marker) -> None:
        super().__init__()
        self._marker = marker

    def __missing__(self, written: str) -> int | None:
        word = next(iter(words_of(written)), "")
        meant = self[written] = self._marker.stems.get(self._marker.stem(word)) if word else None
        return meant


@dataclass(frozen=True)
class Passage:
    """Where an article speaks of the question; `place` is None where no word of it was found."""

    excerpt: Marked
    place: int | None


def excerpt(text: str, summary: str, marker: Marker) -> Marked:
    """The passage with most words of the question; the summary when it says as much."""
    return best_passage(text, summary, marker).excerpt


def best_passage(text: str, summary: str, marker: Marker) -> Passage:
    """The passage with most words of the question, and where it begins in `one_line(text)`."""
    text = one_line(text)
    start, wealth = _richest(marker.spans(text), marker.most_in(text))
    place = start if wealth else None
    if summary and len({number for *_place, number in marker.spans(summary)}) >= wealth:
        return Passage(marker.mark(_shortened(summary, 0)), place)
    return Passage(marker.mark(_shortened(text, start)), place)


def passage_at(text: str, place: int, marker: Marker) -> Passage:
    """The best lines of the passage that begins at `place` in `one_line(text)`."""
    text = one_line(text)
    within = text[place : place + _PASSAGE_CHARACTERS]
    start, _wealth = _richest(marker.spans(within), marker.most_in(within))
    return Passage(marker.mark(_shortened(text, place + start)), place)


def one_line(text: str) -> str:
    """The text as passages are looked for in it; a saved text has no other space than these."""
    return text[:LONGEST_READ].replace("\n", " ").replace("\xa0", " ")


def section_at(text: str, place: int | None, contents: Sequence[Mapping[str, Any]]) -> str:
    """The anchor of the heading above a passage; "" above the first heading."""
    found, cursor, text = "", 0, one_line(text)
    if place is None:
        return found
    for heading in contents:
        title = " ".join(str(heading["title"]).split())
        cursor = text.find(title, cursor)
        if cursor < 0 or cursor > place:
            break
        found, cursor = str(heading["id"]), cursor + len(title)
    return found


def _richest(spans: Iterable[Span], most: int) -> tuple[int, int]:
    """Where the passage with most different words begins, and how many they are; looks no further
    than the first one that has `most`.
    """
    best_start, best_wealth = 0, 0
    window: deque[Span] = deque()
    for span in spans:
        window.append(span)
        while span[1] - window[0][0] > EXCERPT_CHARACTERS - _BEFORE_CHARACTERS and len(window) > 1:
            window.popleft()
        wealth = len({number for *_place, number in window})
        if wealth > best_wealth:
            best_start, best_wealth = window[0][0], wealth
            if wealth == most:
                break
    return best_start, best_wealth


def _shortened(text: str, place: int) -> str:
    """About two lines of the text around `place`, cut between words."""
    start = max(0, place - _BEFORE_CHARACTERS)
    if start:
        start = text.find(" ", start, place) + 1 or place
    piece = text[start : start + EXCERPT_CHARACTERS]
    is_cut = start + EXCERPT_CHARACTERS < len(text)
    piece = piece.rsplit(" ", 1)[0] if is_cut and " " in piece else piece
    return f"{'… ' if start else ''}{piece}{' …' if is_cut else ''}"


def _places(text: str, beginning: str) -> Iterator[int]:
    place = text.find(beginning)
    while place >= 0:
        yield place
        place = text.find(beginning, place + 1)


def _small(letter: str) -> str:
    """A letter's small form, where it is as long as the letter: places must stay the same."""
    return small if len(small := letter.lower()) == 1 else letter


@lru_cache(maxsize=1)
def _plain_letters() -> dict[int, str]:
    """Each accented letter as the plain one, where that is one letter too."""
    found = {}
    for code in (*range(0xC0, 0x250), *range(0x370, 0x530), *range(0x600, 0x700)):
        plain = words_of(chr(code))
        if plain and len(plain[0]) == 1:
            found[code] = plain[0]
    return found


def _tagged(pieces: Marked) -> Iterator[str]:
    for text, is_marked in pieces:
        yield f"<mark>{text}</mark>" if is_marked else text


def _inside(tag: str, inside: str) -> str:
    """The element whose text must stay as it is, if the tag opens or continues one."""
    name = tag.strip("</> ").split(maxsplit=1)[0].lower() if tag.strip("</> ") else ""
    if inside:
        return "" if tag.startswith("</") and name == inside else inside
    return name if name in _NOT_INSIDE and not tag.endswith("/>") else ""
