"""The titles and search words of the library, kept in memory: what suggestions are made of.

A suggestion goes on from any word of a title, forgives one typing error and doesn't mind whether
a word stands in the plural.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from sys import intern

from portal.search.words import STOP_WORDS, is_within_one_edit, query_words

_SHORTEST_FORGIVEN = 4
_MOST_LETTERS = 48


@dataclass(frozen=True, slots=True)
class Shelfmark:
    """What suggestions know of an article."""

    article_id: int
    words: tuple[str, ...]
    further: frozenset[str]
    audiences: frozenset[str]


class Titles:
    """All shelfmarks, with the sorted list of their words for looking up beginnings."""

    def __init__(self, stem: Callable[[str], str]) -> None:
        self._stem = stem
        self.by_id: dict[int, Shelfmark] = {}
        self._places: dict[str, set[int]] = {}
        self._vocabulary: list[str] = []
        self._letters: list[str] = []
        self._is_sorted = True

    def put(
        self, article_id: int, title: list[str], further: list[str], audiences: frozenset[str]
    ) -> None:
        """Keep an article's title and search words."""
        words = tuple(map(intern, title))
        mark = Shelfmark(article_id, words, frozenset(map(intern, further)), audiences)
        self.by_id[article_id] = mark
        for word in {*mark.words, *mark.further}:
            if word not in self._places:
                self._places[word] = set()
                self._vocabulary.append(word)
                self._is_sorted = False
            self._places[word].add(article_id)

    def remove(self, article_id: int) -> None:
        """Forget an article; a word that no article has any more leads nowhere."""
        mark = self.by_id.pop(article_id)
        for word in {*mark.words, *mark.further}:
            self._places[word].discard(article_id)

    def _sort(self) -> None:
        if not self._is_sorted:
            self._vocabulary = sorted(word for word, places in self._places.items() if places)
            self._places = {word: self._places[word] for word in self._vocabulary}
            letters = Counter("".join(self._vocabulary))
            self._letters = [letter for letter, _often in letters.most_common(_MOST_LETTERS)]
            self._is_sorted = True

    def suggest(
        self, prefix: str, *, audiences: frozenset[str] | None, limit: int
    ) -> tuple[int, ...]:
        """Ids of the articles that what was typed may become, best first."""
        typed = query_words(prefix)
        if not typed:
            return ()
        self._sort()
        scores = self._scores(typed, is_last_whole=prefix[-1:].isspace())
        visible = (
            (score, article_id)
            for article_id, score in scores.items()
            if audiences is None or audiences & self.by_id[article_id].audiences
        )
        ranked = sorted(visible, key=lambda pair: (-pair[0], self._length(pair[1]), pair[1]))
        return tuple(article_id for _score, article_id in ranked[:limit])

    def _length(self, article_id: int) -> int:
        return len(self.by_id[article_id].words)

    def _scores(self, typed: list[str], *, is_last_whole: bool) -> dict[int, float]:
        """What each article has of all the words that matter; articles lacking one drop out."""
        must = [word for word in typed[:-1] if word not in STOP_WORDS] + typed[-1:]
        found = [
            self._having(word, may_go_on=word == typed[-1] and not is_last_whole) for word in must
        ]
        found = [scores for scores in found if scores] if len(must) > 2 else found
        if len(found) < max(1, len(must) - 1):
            return {}
        shared = set.intersection(*(set(scores) for scores in found))
        return {one: sum(scores[one] for scores in found) for one in shared}

    def _having(self, word: str, *, may_go_on: bool) -> dict[int, float]:
        alike = self._alike(word, may_go_on=may_go_on) or self._misspelt(word)
        scores: dict[int, float] = {}
        for known, weight in alike.items():
            for article_id in self._places[known]:
                gained = weight * self._standing(self.by_id[article_id], known)
                scores[article_id] = max(scores.get(article_id, 0.0), gained)
        return scores

    @staticmethod
    def _standing(mark: Shelfmark, word: str) -> float:
        """A word of the title counts more than a search word, the first one most."""
        if word not in mark.words:
            return 0.6
        return 1.2 if mark.words[0] == word else 1.0

    def _alike(self, word: str, *, may_go_on: bool) -> dict[str, float]:
        stem = self._stem(word)
        found = {known: 0.8 for known in self._starting(stem) if self._stem(known) == stem}
        if may_go_on:
            found |= dict.fromkeys(self._starting(word), 0.7)
        if word in self._places:
            found[word] = 1.0
        return found

    def _starting(self, beginning: str) -> list[str]:
        first = bisect_left(self._vocabulary, beginning)
        last = bisect_left(self._vocabulary, beginning + "\U0010ffff")
        return self._vocabulary[first:last]

    def _misspelt(self, word: str) -> dict[str, float]:
        """Words that begin as the typed one does but for one error; a wrong first letter too."""
        if len(word) < _SHORTEST_FORGIVEN:
            return {}
        found = {known for one in self._edited(word) for known in self._starting(one)}
        if (stem := self._stem(word)) != word:
            alike = {known for one in self._edited(stem) for known in self._starting(one)}
            found |= {one for one in alike if is_within_one_edit(self._stem(one), stem)}
        return dict.fromkeys(found, 0.5)

    def _edited(self, word: str) -> set[str]:
        """What somebody may have meant: one letter more, less or another, or two swapped."""
        cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
        found = {first + rest[1:] for first, rest in cuts if first and rest}
        found |= {first + rest[1] + rest[0] + rest[2:] for first, rest in cuts if len(rest) > 1}
        for letter in self._letters:
            found |= {first + letter + rest for first, rest in cuts}
            found |= {first + letter + rest[1:] for first, rest in cuts if rest}
        return found
