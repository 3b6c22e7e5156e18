"""Typing errors: a word that nobody knows is read as the nearest one that the library does.

Words under four letters, words with digits, words that the reader could find as they stand, words
of general English and those that writers ask to be kept are left alone.
"""

from array import array
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from itertools import islice
from string import ascii_lowercase

from symspellpy.editdistance import DistanceAlgorithm, EditDistance

from portal.search.shelf import Shelf

_SHORTEST = 4
_SHORTEST_WITH_TWO_ERRORS = 7
_COMMON_IN_ENGLISH = 1_000_000
_LARGE_LIBRARY = 1_000
_MARKS = 61
_errors_between = EditDistance(DistanceAlgorithm.DAMERAU_OSA).compare


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """What is common in English; a small library must not read it as one of its own few words."""
    listed = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    with listed.open(encoding="utf-8-sig") as lines:
        rows = (line.split() for line in lines)
        return frozenset(word for word, count in rows if int(count) > _COMMON_IN_ENGLISH)


class Vocabulary:
    """Words by first letter and length, each with marks for the letters in it: what lies within
    two errors of a word is found among few, in hardly more memory than a list of the words.
    """

    def __init__(self) -> None:
        self._words: dict[tuple[str, int], list[str]] = {}
        self._letters: dict[tuple[str, int], array[int]] = {}
        self._firsts: set[str] = set()

    def add(self, word: str) -> None:
        """Take in a word that is not in it yet."""
        key = (word[0], len(word))
        self._words.setdefault(key, []).append(word)
        self._letters.setdefault(key, array("Q")).append(_letters_of(word))
        self._firsts.add(word[0])

    def near(self, word: str, *, errors: int) -> Iterator[tuple[str, int]]:
        """Words with the same first letter and at most `errors` errors, each with how many."""
        for length in range(len(word) - errors, len(word) + errors + 1):
            for known in self._similar(word, length, errors):
                distance = _errors_between(known, word, errors)
                if distance >= 0:
                    yield known, distance

    def with_other_beginnings(self, word: str) -> set[str]:
        """Whatever begins as words here do and is one error away in its first letter."""
        found = {first + rest for first in self._firsts for rest in (word, word[1:])}
        found |= {word[1:], word[1] + word[0] + word[2:]}
        return {one for one in found if one[0] != word[0]}

    def _similar(self, word: str, length: int, errors: int) -> list[str]:
        """One error changes at most two of the letters that a word has."""
        key, letters = (word[0], length), _letters_of(word)
        pairs = zip(self._words.get(key, ()), self._letters.get(key, ()), strict=True)
        return [one for one, its in pairs if (its ^ letters).bit_count() <= 2 * errors]


def _letters_of(word: str) -> int:
    """A mark for each letter; letters that share one only make words look more alike."""
    found = 0
    for letter in word:
        found |= 1 << ord(letter) % _MARKS
    return found


class Speller:
    """The words of a shelf by what they may be mistyped as; follows the shelf as it grows."""

    def __init__(self) -> None:
        self._shelf: Shelf | None = None
        self._begin()

    def _begin(self) -> None:
        self._vocabulary = Vocabulary()
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
        assert self._shelf is not None
        english = english_words() if self._shelf.grammar.is_english else frozenset()
        if len(word) < _SHORTEST or not word.isalpha() or word in english:
            return None
        if not english and self._has_form(word, audiences):
            return None
        self._take_new_words(self._shelf)
        fewest = 2 if len(self._shelf.entries) > _LARGE_LIBRARY else 1
        ranked = []
        for term, distance in self._alike(word):
            often = self._shelf.frequency(term, audiences)
            if often >= fewest:
                ranked.append((distance, _unlikeliness(term, word), -often, term))
        for form in _one_error_away(word) & english if english else ():
            sign = self._shelf.sign(form)
            if sign and self._shelf.has_phrase(sign, audiences):
                ranked.append((1, _unlikeliness(form, word), 0, form))
        return min(ranked)[-1] if ranked else None

    def _has_form(self, word: str, audiences: frozenset[str] | None) -> bool:
        """Whether another form of the word stands there; no dictionary is asked then."""
        assert self._shelf is not None
        sign = self._shelf.sign(word)
        return bool(sign) and self._shelf.has_phrase(sign, audiences)

    def _alike(self, word: str) -> Iterator[tuple[str, int]]:
        """What is one error away; where words are long two, but not in the first letter."""
        errors = 2 if len(word) >= _SHORTEST_WITH_TWO_ERRORS else 1
        yield from self._vocabulary.near(word, errors=errors)
        others = self._vocabulary.with_other_beginnings(word)
        yield from ((one, 1) for one in others if _may_be_meant(one))

    def _take_new_words(self, shelf: Shelf) -> None:
        if shelf.word_count() == self._taken:
            return
        for word in islice(shelf.words(), self._taken, None):
            self._taken += 1
            if _may_be_meant(word):
                self._vocabulary.add(word)


def _may_be_meant(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha()


def _one_error_away(word: str) -> frozenset[str]:
    """What a word may have been with one letter missing, doubled, wrong or swapped."""
    splits = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    dropped = {left + right[1:] for left, right in splits if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    replaced = {left + c + right[1:] for left, right in splits if right for c in ascii_lowercase}
    added = {left + c + right for left, right in splits for c in ascii_lowercase}
    return frozenset(dropped | swapped | replaced | added)


def _unlikeliness(one: str, word: str) -> tuple[bool, bool]:
    """The first letter is seldom wrong; letters are swapped more often than anything else."""
    return one[0] != word[0], sorted(one) != sorted(word)
