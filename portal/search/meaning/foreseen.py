"""Vectors as they will be after a change: those that are kept, with some articles' laid over."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from portal.search.meaning.encoder import Vectors
from portal.search.meaning.meanings import Kept, Meanings, Near, Within, Written


@dataclass(frozen=True)
class Foreseen:
    """The passages of one article: a row and a beginning each."""

    vectors: Vectors
    places: tuple[int, ...]

    def near(self, vector: Vectors) -> Near:
        cosines = self.vectors @ vector
        best = int(cosines.argmax())
        return Near(float(cosines[best]), self.places[best])


class ForeseenMeanings(Meanings):
    """The Meanings protocol over another's; it can be asked, and never keeps anything."""

    def __init__(self, meanings: Meanings, foreseen: Mapping[int, Foreseen]) -> None:
        self._meanings, self._foreseen = meanings, foreseen

    def near(
        self, vector: Vectors, *, within: Within, limit: int, also: Collection[int] = ()
    ) -> dict[int, Near]:
        found = self._meanings.near(vector, within=within, limit=limit, also=also)
        for article_id, one in self._foreseen.items():
            found.pop(article_id, None)
            if within(article_id):
                found[article_id] = one.near(vector)
        return found

    def turn(self) -> AbstractContextManager[bool]:
        return nullcontext(False)

    def kept(self) -> Mapping[int, Kept]:
        return self._meanings.kept()

    def vectors_of(self, article_id: int) -> Vectors:
        return self._meanings.vectors_of(article_id)

    def put(self, written: Sequence[Written], *, gone: Collection[int] = ()) -> None:
        """What is only foreseen is never kept."""
