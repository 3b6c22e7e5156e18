"""The titles and search words of the library, kept in memory: what suggestions are made of.

A suggestion goes on from any word of a title, forgives one typing error and doesn't mind whether
a word stands in the plural.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain
from sys import intern

from portal.search.words import is_within_one_edit, query_words

_SHORTEST_FORGIVEN = 4
_MOST_LETTERS = 48
_MOST_LOOKED_AT = 400
_LEADING, _FURTHER = 1.2, 0.6

Forms = dict[str, float]


@dataclass(frozen=True, slots=True)
class Shelfmark:
    """What suggestions know of an article."""

    article_id: int
    words: tuple[str, ...]
    further: frozenset[str]
    audiences: frozenset[str]


class Titles:
    """All shelfmarks, with the sorted list of their words for looking up beginnings."""

    def __init__(self, stem: Callable[[str], str], stop_words: frozenset[str]) -> None:
        self._stem = stem
        self._stop_words = stop_words
        self.by_id: dict[int, Shelfmark] = {}
        self._places: dict[str, set[int]] = {}
        self._leading: dict[str, set[int]] = defaultdict(set)
        self._by_audiences: dict[frozenset[str], set[int]] = defaultdict(set)
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
        self._leading[mark.words[0] if mark.words else ""].add(article_id)
        self._by_audiences[audiences].add(article_id)
        for word in {*mark.words, *mark.further}:
            if word not in self._places:
                self._places[word] = set()
                self._vocabulary.append(word)
                self._is_sorted = False
            self._places[word].add(article_id)

    def remove(self, article_id: int) -> None:
        """Forget an article; a word that no article has any more leads nowhere."""
        mark = self.by_id.pop(article_id)
        self._leading[mark.words[0] if mark.words else ""].discard(article_id)
        self._by_audiences[mark.audiences].discard(article_id)
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
        meant = self._meant(typed, is_last_whole=prefix[-1:].isspace())
        shared = set.intersection(*map(self._with_any, meant)) if meant else set()
        self._drop_hidden(shared, audiences)
        if len(shared) > _MOST_LOOKED_AT:
            shared = self._likeliest(shared, meant)
        scores = {one: self._score(self.by_id[one], meant) for one in shared}
        return tuple(nsmallest(limit, scores, key=lambda one: (-scores[one], *self._place(one))))

    def _place(self, article_id: int) -> tuple[int, int]:
        """Among equals the shorter title comes first, then the older article."""
        return len(self.by_id[article_id].words), article_id

    def _meant(self, typed: list[str], *, is_last_whole: bool) -> list[Forms]:
        """What each word that matters may stand for; nothing when too few of them are known."""
        must = [word for word in typed[:-1] if word not in self._stop_words] + typed[-1:]
        meant = [
            self._forms(word, may_go_on=word == typed[-1] and not is_last_whole) for word in must
        ]
        meant = [forms for forms in meant if forms] if len(must) > 2 else meant
        return meant if len(meant) >= max(1, len(must) - 1) else []

    def _forms(self, word: str, *, may_go_on: bool) -> Forms:
        return self._alike(word, may_go_on=may_go_on) or self._misspelt(word)

    def _with_any(self, forms: Forms) -> set[int]:
        return set().union(*(self._places[form] for form in forms))

    def _drop_hidden(self, found: set[int], audiences: frozenset[str] | None) -> None:
        for keys, those in self._by_audiences.items():
            if audiences is not None and audiences.isdisjoint(keys):
                found -= those

    def _likeliest(self, found: set[int], meant: list[Forms]) -> set[int]:
        """A few hundred of very many: those that one typed word alone would put first."""
        by_worth: dict[float, list[Collection[int]]] = defaultdict(list)
        for form, weight in chain(*(forms.items() for forms in meant)):
            by_worth[_LEADING * weight].append(self._leading.get(form, ()))
            by_worth[weight].append(self._places.get(form, ()))
        likeliest: set[int] = set()
        for worth in sorted(by_worth, reverse=True):
            likeliest |= found.intersection(set().union(*by_worth[worth]))
            if len(likeliest) >= _MOST_LOOKED_AT:
                break
        return set(nsmallest(_MOST_LOOKED_AT, likeliest, key=self._place))

    @staticmethod
    def _score(mark: Shelfmark, meant: list[Forms]) -> float:
        """A word of the title counts more than a search word, the first one most."""
        score = 0.0
        for forms in meant:
            best = max((forms.get(word, 0.0) for word in mark.words), default=0.0)
            if mark.words:
                best = max(best, _LEADING * forms.get(mark.words[0], 0.0))
            if mark.further:
                further = max(forms.get(word, 0.0) for word in mark.further)
                best = max(best, _FURTHER * further)
            score += best
        return score

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
