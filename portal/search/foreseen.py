"""An index as it will be after a change: the one in use, with other records laid over it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from portal.search.engine import Engine, Keeper, Wanted
from portal.search.index import Health, IndexUnavailableError
from portal.search.shelf import Record
from portal.search.shelves import Shelves


class Foreseen:
    """The Keeper protocol on another keeper; it can be asked, and never written."""

    def __init__(self, keeper: Keeper, records: Sequence[Record]) -> None:
        self._keeper, self._records = keeper, records
        self._shelves: Shelves | None = None

    @contextmanager
    def held(self) -> Iterator[tuple[Shelves, Engine]]:
        with self._keeper.held() as (shelves, engine):
            if self._shelves is None:
                self._shelves = shelves.changed_by(self._records)
            yield self._shelves, _Over(engine, [record[0] for record in self._records])

    def health(self) -> Health:
        return self._keeper.health()

    def revision(self) -> int:
        return self._keeper.revision()

    def is_swollen(self) -> bool:
        return False

    def rebuild(self, records: Iterator[Record], *, revision: int) -> None:  # noqa: ARG002
        raise IndexUnavailableError("what is only foreseen is never written")

    def update(self, records: Iterable[Record], *, revision: int) -> None:  # noqa: ARG002
        raise IndexUnavailableError("what is only foreseen is never written")


class _Over:
    """The engine's candidates, and what changed: the scorer decides what they are worth."""

    def __init__(self, engine: Engine, changed: Sequence[int]) -> None:
        self._engine, self._changed = engine, changed

    def candidates(self, wanted: Wanted) -> Collection[int]:
        return {*self._engine.candidates(wanted), *self._changed}
