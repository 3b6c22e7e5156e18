"""An index in a folder: the engine's files, and the journal from which the shelf is filled.

Readers stand on what the last seal vouches for and glance at it before each answer. What cannot
be read is reported to the worker, which builds a new generation.
"""

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.search.engine import Engine, FolderEngine, in_turn
from portal.search.generations import Generations
from portal.search.index import Health, IndexUnavailableError
from portal.search.shelf import Record
from portal.search.shelves import Shelves

JOURNAL = "articles.journal"
_BATCH = 500
_REPLACED = {".lock", ".json"}
"""Files that an engine puts another in the place of, which may be shorter; no reader maps them."""
_SWOLLEN_TIMES = 4
_SWOLLEN_BYTES = 64 * 1024 * 1024


class FolderKeeper:
    """The Keeper protocol on files."""

    def __init__(self, folder: Path, engine: FolderEngine, first_language: str) -> None:
        self._generations = Generations(folder)
        self._engine = engine
        self._mark = engine.name if first_language == "en" else f"{engine.name} {first_language}"
        self._lock = threading.Lock()
        self._held: _Held | None = None

    @contextmanager
    def held(self) -> Iterator[tuple[Shelves, Engine]]:
        with in_turn(self._lock):
            generation = self._generations.current()
            if generation is None:
                self._held = None
                raise IndexUnavailableError("there is no index yet")
            try:
                self._held = self._newest(generation)
                yield self._held.shelves, self._held.engine
            except IndexUnavailableError:
                self._held = None
                raise
            except Exception as error:
                self._held = None
                self._generations.report_broken()
                raise IndexUnavailableError("the index can't be read") from error

    def _newest(self, generation: Path) -> "_Held":
        seal = self._generations.seal_stamp(generation)
        held = self._held
        is_same = held is not None and held.generation == generation
        is_whole = self._generations.is_whole
        if held and is_same and (held.stamp[1] == seal or not is_whole(generation)):
            held.refuse_harmed()  # while the next commit is written, the last one read stands
            return held
        if not is_whole(generation):
            raise IndexUnavailableError("the index is being written, or harmed")
        shelves, place = (held.shelves, held.place) if held and is_same else (Shelves(), 0)
        engine = self._engine.open(generation)
        place = _follow(generation / JOURNAL, shelves, place)
        return _Held(generation, (generation.name, seal), shelves, engine, place)

    def health(self) -> Health:
        generation = self._generations.current()
        if generation is None:
            return Health.MISSING
        is_ours = self._generations.mark(generation) == self._mark
        return Health.READY if is_ours and self._is_whole(generation) else Health.CORRUPT

    def _is_whole(self, generation: Path) -> bool:
        return self._generations.is_whole(generation)

    def revision(self) -> int:
        generation = self._generations.current()
        return self._generations.revision(generation) if generation else 0

    def is_swollen(self) -> bool:
        """Whether what was replaced takes much more room than what is there."""
        generation = self._generations.current()
        if generation is None:
            return False
        first = self._generations.first_size(generation)
        limit = max(_SWOLLEN_BYTES, _SWOLLEN_TIMES * first)
        return self._generations.size(generation) > limit

    def rebuild(self, records: Iterator[Record], *, revision: int) -> None:
        with self._generations.writing():
            generation = self._generations.begin()
            self._engine.create(generation)
            self._engine.commit(generation, _journalled(generation / JOURNAL, records))
            self._generations.use(generation, revision=revision, mark=self._mark)

    def update(self, records: Iterable[Record], *, revision: int) -> None:
        with self._generations.writing():
            generation = self._generations.current()
            if generation is None:
                raise IndexUnavailableError("there is no index yet")
            self._engine.commit(generation, _journalled(generation / JOURNAL, records))
            self._generations.seal(generation, revision=revision, mark=self._mark)


class _Held:
    """What a reader stands on: one commit, and how far it has read the journal."""

    def __init__(
        self, generation: Path, stamp: tuple[str, int], shelves: Shelves, engine: Engine, place: int
    ) -> None:
        self.generation, self.stamp = generation, stamp
        self.shelves, self.engine, self.place = shelves, engine, place
        mapped = (path for path in generation.iterdir() if path.suffix not in _REPLACED)
        self._sizes = {path: path.stat().st_size for path in mapped}

    def refuse_harmed(self) -> None:
        """A file that shrank under a reader must not be read any more."""
        for path, size in self._sizes.items():
            try:
                if path.stat().st_size < size:
                    raise IndexUnavailableError(f"{path} is shorter than it was")
            except FileNotFoundError:
                continue


def _journalled(journal: Path, records: Iterable[Record]) -> Iterator[Record]:
    """The records as they come, each written down on its way."""
    with journal.open("a", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
            yield record


def _follow(journal: Path, shelves: Shelves, place: int) -> int:
    """Read on where the shelves stand; the place reached."""
    with journal.open("rb") as file:
        file.seek(place)
        shelves.apply(json.loads(line) for line in file)
        return file.tell()
