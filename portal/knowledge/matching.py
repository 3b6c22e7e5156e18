"""What two texts have in common, in order: the ground that comparing and merging stand on.

Parts that stand once in each (most lines, telling words) are matched first, as they are what a
person would recognise; small gaps between them are compared exactly. The work is bounded, so two
texts of any size and kind are compared in moments; what is beyond it counts as different.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

EXACT_BELOW = 10_000
"""Gaps of fewer comparisons than this are compared exactly."""
MOST_WORK = 3_000_000

Parts = Sequence[str]


class Block(NamedTuple):
    """`size` parts are the same from `a` in the one and from `b` in the other."""

    a: int
    b: int
    size: int


def matching_blocks(one: Parts, other: Parts) -> list[Block]:
    """What both have, from the beginning to the end; blocks never touch on both sides."""
    pairs = _Matcher(one, other).pairs()
    blocks: list[Block] = []
    for a, b in pairs:
        last = blocks[-1] if blocks else None
        if last and last.a + last.size == a and last.b + last.size == b:
            blocks[-1] = last._replace(size=last.size + 1)
        else:
            blocks.append(Block(a, b, 1))
    return blocks


class _Matcher:
    """Works through the regions of two texts until nothing more is found, or enough was tried."""

    def __init__(self, one: Parts, other: Parts) -> None:
        self.one, self.other = one, other
        self.work = 0
        self.found: list[tuple[int, int]] = []

    def pairs(self) -> list[tuple[int, int]]:
        regions = [(0, len(self.one), 0, len(self.other))]
        while regions:
            regions += self._match(*regions.pop())
        return sorted(self.found)

    def _match(self, a: int, a_end: int, b: int, b_end: int) -> list[tuple[int, int, int, int]]:
        """Match what stands alike at both ends; give back the regions between unique parts."""
        while a < a_end and b < b_end and self.one[a] == self.other[b]:
            self.found.append((a, b))
            a, b = a + 1, b + 1
        while a < a_end and b < b_end and self.one[a_end - 1] == self.other[b_end - 1]:
            a_end, b_end = a_end - 1, b_end - 1
            self.found.append((a_end, b_end))
        self.work += a_end - a + b_end - b
        if a == a_end or b == b_end or self.work > MOST_WORK:
            return []
        anchors = _unique_in_order(self.one[a:a_end], self.other[b:b_end])
        if not anchors:
            self._compare(a, a_end, b, b_end)
            return []
        places = [(a + i, b + j) for i, j in anchors]
        self.found += places
        edges = [(a - 1, b - 1), *places, (a_end, b_end)]
        return [(i + 1, k, j + 1, m) for (i, j), (k, m) in pairwise(edges)]

    def _compare(self, a: int, a_end: int, b: int, b_end: int) -> None:
        size = (a_end - a) * (b_end - b)
        self.work += size
        if size > EXACT_BELOW or self.work > MOST_WORK:
            return
        matcher = SequenceMatcher(None, self.one[a:a_end], self.other[b:b_end], autojunk=False)
        for block in matcher.get_matching_blocks():
            self.found += [(a + block.a + i, b + block.b + i) for i in range(block.size)]


def _unique_in_order(one: Parts, other: Parts) -> list[tuple[int, int]]:
    """Places of parts that stand once in each, as many as keep their order in both."""
    counts, others = Counter(one), Counter(other)
    places = {part: place for place, part in enumerate(other) if others[part] == 1}
    pairs = [
        (place, places[part])
        for place, part in enumerate(one)
        if counts[part] == 1 and part in places
    ]
    return _longest_rising(pairs)


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest row of pairs whose second numbers rise as the first do (patience sorting)."""
    tops: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(at[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            at.append(number)
        else:
            tops[pile], at[pile] = place, number
    row: list[tuple[int, int]] = []
    number = at[-1] if at else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]
