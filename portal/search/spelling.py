"""Typing errors: a word that nobody knows is read as the nearest one that the library does.

Words under four letters, words with digits, words that the reader could find as they stand, words
of general English and those that writers ask to be kept are left alone.
"""

from functools import lru_cache
from importlib import resources
from itertools import islice
from string import ascii_lowercase

from symspellpy import SymSpell, Verbosity

from portal.search.shelf import Shelf

_SHORTEST = 4
_SHORTEST_WITH_TWO_ERRORS = 7
_COMMON_IN_ENGLISH = 1_000_000
_LARGE_LIBRARY = 1_000


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """What is common in English; a small library must not read it as one of its own few words."""
    listed = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    rows = (line.split() for line in listed.read_text(encoding="utf-8-sig").splitlines())
    return frozenset(word for word, count in rows if int(count) > _COMMON_IN_ENGLISH)


class Speller:
    """The words of a shelf by what they may be mistyped as; follows the shelf as it grows."""

    def __init__(self) -> None:
        self._shelf: Shelf | None = None
        self._begin()

    def _begin(self) -> None:
        self._near = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        self._taken = 0

    def follow(self, shelf: Shelf) -> None:
        """Stand on this shelf from now on."""
        if shelf is not self._shelf:
            self._shelf = shelf
            self._begin()

    def nearest(self, word: str, audiences: frozenset[str] | None) -> str | None:
        """The likeliest word meant, among those that these readers may see: one error before two,
        the same first letter, swapped letters, then the commonest. Another form of a word that the
        library has will do: "attached" where it only says "attach".
        """
        if len(word) < _SHORTEST or not word.isalpha() or word in english_words():
            return None
        assert self._shelf is not None
        self._take_new_words(self._shelf)
        errors = 2 if len(word) >= _SHORTEST_WITH_TWO_ERRORS else 1
        fewest = 2 if len(self._shelf.entries) > _LARGE_LIBRARY else 1
        ranked = []
        for found in self._near.lookup(word, Verbosity.ALL, max_edit_distance=errors):
            often = self._shelf.frequency(found.term, audiences)
            if often >= fewest and _is_likely(found.term, word, found.distance):
                ranked.append((found.distance, _unlikeliness(found.term, word), -often, found.term))
        for form in _one_error_away(word) & english_words():
            sign = self._shelf.sign(form)
            if sign and self._shelf.has_phrase(sign, audiences):
                ranked.append((1, _unlikeliness(form, word), 0, form))
        return min(ranked)[-1] if ranked else None

    def _take_new_words(self, shelf: Shelf) -> None:
        for word in islice(shelf.words(), self._taken, None):
            self._taken += 1
            if len(word) >= _SHORTEST and word.isalpha():
                self._near.create_dictionary_entry(word, 1)


def _one_error_away(word: str) -> frozenset[str]:
    """What a word may have been with one letter missing, doubled, wrong or swapped."""
    splits = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    dropped = {left + right[1:] for left, right in splits if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    replaced = {left + c + right[1:] for left, right in splits if right for c in ascii_lowercase}
    added = {left + c + right for left, right in splits for c in ascii_lowercase}
    return frozenset(dropped | swapped | replaced | added)


def _is_likely(one: str, word: str, errors: int) -> bool:
    """Two errors are hardly made in the first two letters."""
    return errors < 2 or one[0] == word[0]


def _unlikeliness(one: str, word: str) -> tuple[bool, bool]:
    """The first letter is seldom wrong; letters are swapped more often than anything else."""
    return one[0] != word[0], sorted(one) != sorted(word)
