"""What changed between two versions, word by word, with a sign for each piece."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from portal.knowledge.matching import Block, Parts, matching_blocks
from portal.knowledge.words import Words
from portal.locale import gettext as _

Sign = Literal["+", "-", " "]
AROUND = 2
"""Lines that are shown before and after a change."""
_WORDS = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that was added, taken away, or stayed."""

    sign: Sign
    text: str


@dataclass(frozen=True)
class Passage:
    """Lines that changed, piece by piece, or lines around them that stayed; `left_out` is how many
    lines that stayed are not shown in its place.
    """

    pieces: tuple[Piece, ...] = ()
    left_out: int = 0

    @property
    def is_changed(self) -> bool:
        return any(piece.sign != " " for piece in self.pieces)

    @property
    def before(self) -> tuple[Piece, ...]:
        """What the older version says here."""
        return tuple(piece for piece in self.pieces if piece.sign != "+")

    @property
    def after(self) -> tuple[Piece, ...]:
        """What the newer version says here."""
        return tuple(piece for piece in self.pieces if piece.sign != "-")


def differences(before: Words, after: Words) -> list[Passage]:
    """The passages that differ, with two lines around them; empty when nothing does."""
    return compare(_text(before), _text(after))


def compare(before: str, after: str) -> list[Passage]:
    """The same for any two texts."""
    old, new = before.split("\n"), after.split("\n")
    found: list[Passage] = []
    for sign, lines, others in _runs(old, new, matching_blocks(old, new)):
        if sign == " ":
            found.append(Passage((Piece(" ", "\n".join(lines)),)))
        else:
            found.append(Passage(_pieces("\n".join(lines), "\n".join(others), lines, others)))
    return list(_shortened(found)) if any(one.is_changed for one in found) else []


def _pieces(old: str, new: str, lines: Parts, others: Parts) -> tuple[Piece, ...]:
    if not lines or not others:
        return (Piece("+", new),) if others else (Piece("-", old),)
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[Piece] = []
    for sign, words, other_words in _runs(a, b, _without_specks(a, b, matching_blocks(a, b))):
        if sign == " ":
            pieces.append(Piece(" ", "".join(words)))
        else:
            pieces += [Piece("-", "".join(words))] if words else []
            pieces += [Piece("+", "".join(other_words))] if other_words else []
    return tuple(pieces)


def _without_specks(one: Parts, other: Parts, blocks: list[Block]) -> list[Block]:
    """Without blanks and signs that happen to stand between two changed words: they only tear a
    change to pieces.
    """
    return [
        block
        for block in blocks
        if (block.a == 0 and block.b == 0)
        or (block.a + block.size == len(one) and block.b + block.size == len(other))
        or any(map(_is_telling, one[block.a : block.a + block.size]))
    ]


def _is_telling(word: str) -> bool:
    return word == "\n" or word[0].isalnum()


def _runs(one: Parts, other: Parts, blocks: Sequence[Block]) -> Iterator[tuple[Sign, Parts, Parts]]:
    """What changed and what stayed, in turn."""
    edges = [Block(0, 0, 0), *blocks, Block(len(one), len(other), 0)]
    for last, block in pairwise(edges):
        a, b = last.a + last.size, last.b + last.size
        if a < block.a or b < block.b:
            yield "-", one[a : block.a], other[b : block.b]
        if block.size:
            same = one[block.a : block.a + block.size]
            yield " ", same, same


def _shortened(passages: list[Passage]) -> Iterator[Passage]:
    """Long stretches that stayed are left out but for their edges beside a change."""
    for number, one in enumerate(passages):
        if one.is_changed:
            yield one
            continue
        lines = one.pieces[0].text.split("\n")
        head = 0 if number == 0 else AROUND
        tail = 0 if number == len(passages) - 1 else AROUND
        if len(lines) <= head + tail + 1:
            yield one
            continue
        if head:
            yield Passage((Piece(" ", "\n".join(lines[:head])),))
        yield Passage(left_out=len(lines) - head - tail)
        if tail:
            yield Passage((Piece(" ", "\n".join(lines[-tail:])),))


def _text(words: Words) -> str:
    head = [
        f"{name}: {value}"
        for name, value in (
            (_("Title"), words.title),
            (_("Summary"), words.summary),
            (_("Applies to"), ", ".join(words.applies_to)),
            (_("Search words"), ", ".join(words.search_words)),
        )
    ]
    return "\n".join([*head, ""]) + "\n" + words.body.removesuffix("\n")
