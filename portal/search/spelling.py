"""Typing errors: a word that the library doesn't know is read as the nearest one that it does.

Words under four letters and words with digits are left alone, and every word that the reader could
find as it stands. "login" and "log in" are the same.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from portal.search.words import STOP_WORDS, is_within_one_edit

_SHORTEST = 4
_SHORTEST_WITH_TWO_ERRORS = 8


class Vocabulary:
    """The words of the library, as far as certain readers may see the articles they stand in."""

    def __init__(
        self,
        *,
        words: list[str],
        frequency: Callable[[str], int],
        is_visible: Callable[[str], bool],
    ) -> None:
        self._all = frozenset(words)
        self._by_length: dict[int, list[str]] = {}
        for word in words:
            if len(word) >= _SHORTEST and word.isalpha():
                self._by_length.setdefault(len(word), []).append(word)
        self._frequency = frequency
        self._is_visible = is_visible

    def knows(self, word: str) -> bool:
        return word in self._all and self._is_visible(word)

    def nearest(self, word: str) -> str | None:
        """The likeliest word meant: one error before two, the same first letter, then the
        commonest.
        """
        for errors in (1, 2) if len(word) >= _SHORTEST_WITH_TWO_ERRORS else (1,):
            found = list(self._within(word, errors))
            found.sort(key=lambda one: self._unlikeliness(one, word))
            for one in found:
                if self._is_visible(one):
                    return one
        return None

    def _unlikeliness(self, one: str, word: str) -> tuple[bool, bool, int, str]:
        """The first letter is seldom wrong; letters are swapped more often than anything else."""
        is_swap = sorted(one) == sorted(word)
        return one[0] != word[0], not is_swap, -self._frequency(one), one

    def _within(self, word: str, errors: int) -> Iterator[str]:
        first, second = word[0], word[1]
        is_near = is_within_one_edit if errors == 1 else _is_within_two_edits
        for length in range(len(word) - errors, len(word) + errors + 1):
            for one in self._by_length.get(length, ()):
                begins_alike = one[0] in word[:2] or one[1] == first or one[1] == second
                if begins_alike and is_near(one, word):
                    yield one


def read_as_known(typed: list[str], vocabulary: Vocabulary) -> dict[str, str]:
    """What each unknown word is read as; words that stay as they are don't appear."""
    corrections = {}
    for word in typed:
        if len(word) < _SHORTEST or not word.isalpha() or vocabulary.knows(word):
            continue
        known = _apart(word, vocabulary) or vocabulary.nearest(word)
        if known:
            corrections[word] = known
    return corrections


def written_together(typed: list[str], vocabulary: Vocabulary) -> list[str]:
    """Words that the library writes as one: "login" where somebody typed "log in"."""
    pairs = (first + second for first, second in pairwise(typed))
    return [pair for pair in pairs if len(pair) >= _SHORTEST and vocabulary.knows(pair)]


def _apart(word: str, vocabulary: Vocabulary) -> str | None:
    """Two words written as one: "login" where articles say "log in"."""
    for cut in range(2, len(word) - 1):
        first, second = word[:cut], word[cut:]
        is_likely = len(first) > 2 and (second in STOP_WORDS or len(second) > 2)
        if is_likely and vocabulary.knows(first) and vocabulary.knows(second):
            return f"{first} {second}"
    return None


def _is_within_two_edits(one: str, other: str) -> bool:
    """One edit where they first differ, and at most one more after it."""
    if one[:2] != other[:2]:
        return False
    place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if place is None:
        return abs(len(one) - len(other)) <= 2
    rest, others = one[place:], other[place:]
    ways = [(rest[1:], others[1:]), (rest[1:], others), (rest, others[1:])]
    if rest[:2] == others[1::-1]:
        ways.append((rest[2:], others[2:]))
    return any(is_within_one_edit(a, b) for a, b in ways)
