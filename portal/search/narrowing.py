"""Which of many articles are worth the scorer's time, for engines that only say which have a word.

Counting on the shelf takes a microsecond an article, ranking in a database some twenty times that.
"""

from collections.abc import Iterable, Iterator, Mapping
from heapq import nlargest

from portal.search.engine import CANDIDATES, CANDIDATES_BY_TITLE, Wanted
from portal.search.shelf import Entry, Shelf

_K1, _B = 1.2, 0.75
_COUNTED = 3 * CANDIDATES


class Narrowing:
    """The words of one question on the shelf; ids that it doesn't hold are passed over."""

    def __init__(self, shelf: Shelf, wanted: Wanted) -> None:
        self._shelf = shelf
        signs = ((shelf.sign_in_engine(stem), weight) for stem, weight in wanted.stems.items())
        self._signs = [(sign, weight) for sign, weight in signs if sign]

    def by_text(self, ids: Iterable[int]) -> set[int]:
        """The articles that BM25 would choose, among those with the largest share of the words."""
        texts = {entry.article_id: entry.text for entry in self._entries(ids)}
        if len(texts) > _COUNTED:
            shares = self._shares(texts)
            least = nlargest(_COUNTED, shares.values())[-1]
            texts = {one: texts[one] for one, share in shares.items() if share >= least}
        return self._best(texts, self._shelf.average_length(), CANDIDATES)

    def by_title(self, ids: Iterable[int]) -> set[int]:
        """The same by titles and search words alone."""
        titles = {one.article_id: f"{one.title}\x00{one.named}" for one in self._entries(ids)}
        return self._best(titles, self._shelf.average_title_length(), CANDIDATES_BY_TITLE)

    def _entries(self, ids: Iterable[int]) -> Iterator[Entry]:
        entries = self._shelf.entries
        return (entries[one] for one in ids if one in entries)

    def _shares(self, texts: Mapping[int, str]) -> dict[int, float]:
        shares = dict.fromkeys(texts, 0.0)
        for sign, weight in self._signs:
            for one, text in texts.items():
                if sign in text:
                    shares[one] += weight
        return shares

    def _best(self, texts: Mapping[int, str], average: float, limit: int) -> set[int]:
        if len(texts) <= limit:
            return set(texts)
        scores = dict.fromkeys(texts, 0.0)
        shortest, longer = _K1 * (1 - _B), _K1 * _B / average
        for sign, weight in self._signs:
            most = weight * (_K1 + 1)
            for one, text in texts.items():
                if sign in text:
                    count = text.count(sign)
                    scores[one] += most * count / (count + shortest + longer * len(text))
        return set(nlargest(limit, scores, key=scores.__getitem__))
