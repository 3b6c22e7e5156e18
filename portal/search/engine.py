"""What an engine has to know: which articles are worth a closer look, nothing else.

The order of the answers is not its business; our own scorer decides that, the same for every one.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from portal.search.index import Document, Health, Hit, IndexUnavailableError
from portal.search.shelf import Record
from portal.search.shelves import Shelves

CANDIDATES = 100
CANDIDATES_BY_TITLE = 60


@dataclass(frozen=True)
class Wanted:
    """What to look for: stems with how telling each is, within what the reader may read."""

    stems: Mapping[str, float]
    audiences: frozenset[str] | None
    category: str | None = None
    applies_to: str | None = None
    language: str = "en"


class Engine(Protocol):
    """One commit of an index, open for asking."""

    def candidates(self, wanted: Wanted) -> Collection[int]:
        """Ids of articles that have some of the stems, the likeliest ones if they are many."""
        ...


class FolderEngine(Protocol):
    """How an engine that lives in files makes, changes and opens its folder."""

    name: str

    def create(self, folder: Path) -> None: ...

    def commit(self, folder: Path, records: Iterable[Record]) -> None:
        """Put the records in, each in place of its article; a record of length 1 only goes."""
        ...

    def open(self, folder: Path) -> Engine: ...


PATIENCE_SECONDS = 1.0
"""Reading a large index takes seconds; whoever asks meanwhile is answered from the database."""


@contextmanager
def in_turn(lock: threading.Lock) -> Iterator[None]:
    """Hold the lock. Raises IndexUnavailableError when another holds it for long."""
    if not lock.acquire(timeout=PATIENCE_SECONDS):
        raise IndexUnavailableError("the index is still being read")
    try:
        yield
    finally:
        lock.release()


class Keeper(Protocol):
    """Where an index is kept: it hands out the newest commit and takes the next one."""

    def held(self) -> AbstractContextManager[tuple[Shelves, Engine]]:
        """The newest commit. Raises IndexUnavailableError when there is none that can be read."""
        ...

    def health(self) -> Health: ...

    def revision(self) -> int: ...

    def is_swollen(self) -> bool: ...

    def rebuild(self, records: Iterator[Record], *, revision: int) -> None: ...

    def update(self, records: Iterable[Record], *, revision: int) -> None: ...


class Thinks(Protocol):
    """Search by meaning, where an installation has it. It never fails, and may have no say."""

    def vector(self, text: str) -> Any | None:
        """What a text means; None when words alone have to do."""
        ...

    def joined(
        self,
        hits: Sequence[Hit],
        vector: Any,
        *,
        words: Sequence[str],
        within: Callable[[int], bool],
        limit: int,
    ) -> tuple[Hit, ...]:
        """The hits by words and the articles that mean the same, within what is allowed."""
        ...

    def foreseeing(self, documents: Sequence[Document]) -> "Thinks":
        """One to which these articles mean already what they will mean. Nothing is kept."""
        ...

    def alike(self, texts: Sequence[str]) -> list[list[int]] | None:
        """Groups of texts that mean the same, by number; None when words have to do."""
        ...
