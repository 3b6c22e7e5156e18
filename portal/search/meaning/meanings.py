"""Where vectors are kept, and which articles come near to a question's own.

Vectors are a projection: they can be deleted at any time, and are made again by the worker.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from portal.search.meaning.encoder import Vectors
from portal.search.meaning.sketch import Sketch

Within = Callable[[int], bool]
_SPARE = 4
"""So many times as many articles as are asked for are compared exactly, after a rough look."""


@dataclass(frozen=True)
class Near:
    """How near an article's nearest passage is, as a cosine, and where that passage begins."""

    cosine: float
    place: int


@dataclass(frozen=True)
class Kept:
    """What is kept of one article: of which version, a digest and a beginning for each passage."""

    version: int
    keys: tuple[str, ...]
    places: tuple[int, ...]


@dataclass(frozen=True)
class Written:
    """One article's passages with their vectors, a row each, ready to be kept."""

    article_id: int
    kept: Kept
    vectors: Vectors


class Meanings(Protocol):
    """A store of vectors. Readers see whole articles only."""

    def near(
        self, vector: Vectors, *, within: Within, limit: int, also: Collection[int] = ()
    ) -> dict[int, Near]:
        """The nearest articles among those `within`, at most `limit`; and `also`, where kept."""
        ...

    def turn(self) -> AbstractContextManager[bool]:
        """Whether the caller is the one that encodes now, for as long as it holds this."""
        ...

    def kept(self) -> Mapping[int, Kept]:
        """What is kept, by article."""
        ...

    def vectors_of(self, article_id: int) -> Vectors:
        """The rows of an article that is kept."""
        ...

    def put(self, written: Sequence[Written], *, gone: Collection[int] = ()) -> None:
        """Keep these in place of what was kept of them, and forget those. For the worker only."""
        ...


class Rows:
    """Articles' passages as rows of one matrix, ready to be compared with a question."""

    def __init__(self, places: Mapping[int, tuple[Sequence[int], Sequence[int]]]) -> None:
        """`places` gives for each article its rows in the matrix and where each begins."""
        full = {article: given for article, given in places.items() if len(given[0])}
        self._ids = list(full)
        self._number = {article: number for number, article in enumerate(self._ids)}
        counts = [len(rows) for rows, _begins in full.values()]
        self._rows = _joined([rows for rows, _begins in full.values()])
        self._begins = _joined([begins for _rows, begins in full.values()])
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    def near(
        self,
        matrix: Vectors,
        vector: Vectors,
        *,
        within: Within,
        limit: int,
        also: Collection[int],
        sketch: Sketch | None = None,
    ) -> dict[int, Near]:
        """As Meanings.near, on the matrix that the rows are of, by its sketch where it has one."""
        if not self._ids:
            return {}
        likely = matrix @ vector if sketch is None else sketch.cosines(vector)
        best = np.maximum.reduceat(likely[self._rows], self._starts[:-1])
        known = [self._number[article] for article in also if article in self._number]
        hopeful = [] if sketch is None else _largest(best, _SPARE * limit).tolist()
        found = self._exactly(matrix, vector, list({*known, *hopeful}))
        best[list(found)] = [cosine for cosine, _begin in found.values()]
        first = list(self._first(best, within, limit))
        found |= self._exactly(matrix, vector, [one for one in first if one not in found])
        return {self._ids[number]: Near(*found[number]) for number in {*first, *known}}

    def _first(self, best: NDArray[np.float32], within: Within, limit: int) -> Iterator[int]:
        """The numbers of the nearest articles; all are looked through when few are allowed."""
        found = 0
        for number in _descending(best, 4 * limit):
            if within(self._ids[number]):
                yield number
                found += 1
                if found == limit:
                    return

    def _exactly(
        self, matrix: Vectors, vector: Vectors, articles: list[int]
    ) -> dict[int, tuple[float, int]]:
        """How near the nearest passage of each of these articles is, and where it begins."""
        if not articles:
            return {}
        numbers = np.array(articles, np.int64)
        starts = self._starts[numbers]
        counts = self._starts[numbers + 1] - starts
        ends = np.cumsum(counts)
        firsts = ends - counts
        places = np.arange(ends[-1]) + np.repeat(starts - firsts, counts)
        cosines = matrix.take(self._rows[places], axis=0) @ vector
        best = np.maximum.reduceat(cosines, firsts)
        nearest = np.flatnonzero(cosines == np.repeat(best, counts))
        nearest = nearest[np.searchsorted(nearest, firsts)]
        begins = self._begins[places[nearest]]
        return dict(zip(articles, zip(best.tolist(), begins.tolist(), strict=True), strict=True))


def _joined(parts: list[Sequence[int]]) -> NDArray[np.int64]:
    return np.concatenate([np.asarray(part, np.int64) for part in parts] or [np.empty(0, np.int64)])


def _largest(values: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Where the largest values stand, in no order."""
    if count >= len(values):
        return np.arange(len(values))
    return np.argpartition(-values, count)[:count]


def _descending(values: NDArray[np.float32], likely: int) -> Iterator[int]:
    """Places of the values from the largest down; the first `likely` without sorting the rest."""
    first = _largest(values, likely)
    yield from first[np.argsort(-values[first], kind="stable")].tolist()
    rest = np.setdiff1d(np.arange(len(values)), first)
    yield from rest[np.argsort(-values[rest], kind="stable")].tolist()
