"""Two writers changed one text: what each changed is taken over, and where both changed the same
words, both sides are kept and marked. Nothing of either is ever lost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from portal.knowledge.matching import Parts, matching_blocks
from portal.locale import gettext as _

YOURS, MIDDLE, THEIRS = "<<<<<<<", "=======", ">>>>>>>"
_MARK = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Conflict:
    """A passage that both changed: what each made of it."""

    mine: str
    theirs: str


@dataclass(frozen=True)
class Merged:
    """The text of both, and the passages that somebody has to decide."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


class _Region(NamedTuple):
    """A stretch of the three texts between two that all have in common."""

    base: Parts
    mine: Parts
    theirs: Parts


def merge(base: str, mine: str, theirs: str, *, their_name: str = "Theirs") -> Merged:
    """Bring together what two made of `base`; conflicting lines stand in it between marks."""
    pieces: list[str] = []
    conflicts: list[Conflict] = []
    for region in _regions(*(text.splitlines(keepends=True) for text in (base, mine, theirs))):
        settled = _settled(region)
        if settled is None:
            settled = _by_words(region)
        if settled is None:
            conflict = Conflict("".join(region.mine), "".join(region.theirs))
            conflicts.append(conflict)
            settled = _marked(conflict, their_name)
        pieces.append(settled)
    return Merged("".join(pieces), tuple(conflicts))


def has_marks(text: str) -> bool:
    """Whether a conflict in the text still waits for somebody's decision."""
    return _MARK.search(text) is not None


def _settled(region: _Region) -> str | None:
    """The one text of a region; None when both changed it differently."""
    base, mine, theirs = map(list, region)
    if mine in (theirs, base):
        return "".join(theirs)
    return "".join(mine) if theirs == base else None


def _by_words(region: _Region) -> str | None:
    """Both changed the same lines: perhaps not the same words of them."""
    if not region.base:
        return None
    words = [_WORDS.findall("".join(part)) for part in region]
    settled = [_settled(one) for one in _regions(*words)]
    return None if None in settled else "".join(filter(None, settled))


def _marked(conflict: Conflict, their_name: str) -> str:
    mine, theirs = (_whole_lines(text) for text in (conflict.mine, conflict.theirs))
    yours = _("Yours")
    return f"{YOURS} {yours}\n{mine}{MIDDLE}\n{theirs}{THEIRS} {their_name}\n"


def _whole_lines(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _regions(base: Parts, mine: Parts, theirs: Parts) -> Iterator[_Region]:
    """The stretches in turn: those that all have, and those between them."""
    at = (0, 0, 0)
    for start, size in [*_common(base, mine, theirs), ((len(base), len(mine), len(theirs)), 0)]:
        texts = (base, mine, theirs)
        between = [text[a:b] for text, a, b in zip(texts, at, start, strict=True)]
        if any(between):
            yield _Region(*between)
        if size:
            same = base[start[0] : start[0] + size]
            yield _Region(same, same, same)
        at = (start[0] + size, start[1] + size, start[2] + size)


def _common(base: Parts, mine: Parts, theirs: Parts) -> Iterator[tuple[tuple[int, int, int], int]]:
    """Where all three say the same: (places in base, mine, theirs) and how long."""
    one, other = matching_blocks(base, mine), matching_blocks(base, theirs)
    i = j = 0
    while i < len(one) and j < len(other):
        a, b = one[i], other[j]
        start, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if start < end:
            yield (start, a.b + start - a.a, b.b + start - b.a), end - start
        if a.a + a.size < b.a + b.size:
            i += 1
        else:
            j += 1


def merge_value(base: object, mine: object, theirs: object) -> tuple[object, bool]:
    """One field of a form: its value, and whether both changed it (then it is mine)."""
    if mine in (base, theirs):
        return theirs, False
    return mine, theirs != base


def merge_lines(base: str, mine: str, theirs: str) -> str:
    """A list, one entry a line: what either added is in, what either took away is out."""
    kept = base.split("\n")
    mine_lines, their_lines = mine.split("\n"), theirs.split("\n")
    gone = {line for line in kept if line not in mine_lines or line not in their_lines}
    both = dict.fromkeys([*mine_lines, *their_lines])
    return "\n".join(line for line in both if line and line not in gone)
