"""Vectors in a folder: one file of numbers, mapped into memory, and a journal of what is in it.

Numbers are written before the line that speaks of them, and a line counts only when it is whole:
whoever is killed in between loses the article at hand, nothing else, and goes on from there.
"""

import json
import threading
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from portal.search.generations import Generations
from portal.search.meaning.encoder import Vectors
from portal.search.meaning.meanings import Kept, Meanings, Near, Rows, Within, Written
from portal.search.meaning.sketch import WORTH_IT, Sketch, sketch_of

_VECTORS, _JOURNAL = "passages.float32", "articles.journal"
_FEW_DEAD_ROWS = 2_000
_BYTES = 4


class MeaningFolder(Meanings):
    """The Meanings protocol on files; vectors of one model only."""

    def __init__(self, folder: Path, model: str, dimensions: int) -> None:
        self._generations = Generations(folder / model)
        self._model, self._dimensions = model, dimensions
        self._lock = threading.Lock()
        self._read = _Read()

    def near(
        self, vector: Vectors, *, within: Within, limit: int, also: Collection[int] = ()
    ) -> dict[int, Near]:
        read = self._newest()
        matrix = self._matrix(read)
        return read.rows.near(
            matrix, vector, within=within, limit=limit, also=also, sketch=self._sketch(read, matrix)
        )

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """The folder has one worker: it is always its turn."""
        yield True

    def kept(self) -> Mapping[int, Kept]:
        return {article: entry.kept for article, entry in self._newest().entries.items()}

    def vectors_of(self, article_id: int) -> Vectors:
        read = self._newest()
        return np.array(self._matrix(read)[read.entries[article_id].rows])

    def put(self, written: Sequence[Written], *, gone: Collection[int] = ()) -> None:
        with self._generations.writing():
            generation = self._generations.current() or self._begin()
            _append(generation, self._dimensions, written, gone)
        read = self._newest()
        if read.dead > max(_FEW_DEAD_ROWS, read.live):
            self._compact(read)

    def _begin(self) -> Path:
        generation = self._generations.begin()
        (generation / _VECTORS).touch()
        (generation / _JOURNAL).touch()
        self._generations.use(generation, revision=0, mark=self._model)
        return generation

    def _compact(self, read: "_Read") -> None:
        """Write what lives into a new generation, which takes the old one's place."""
        with self._generations.writing():
            generation = self._generations.begin()
            matrix = self._matrix(read)
            living = (
                Written(article, entry.kept, matrix[entry.rows])
                for article, entry in read.entries.items()
            )
            _append(generation, self._dimensions, living, ())
            self._generations.use(generation, revision=0, mark=self._model)

    def _newest(self) -> "_Read":
        """What there is now, read on from where it was read to."""
        with self._lock:
            generation = self._generations.current()
            if generation is None:
                self._read = _Read()
            elif generation != self._read.generation:
                self._read = _follow(_Read(generation), self._dimensions)
            elif _size(generation / _JOURNAL) != self._read.size:
                self._read = _follow(self._read, self._dimensions)
            return self._read

    def _matrix(self, read: "_Read") -> Vectors:
        """All rows, as far as the journal speaks of them. A file that shrank is not touched."""
        count = read.live + read.dead
        if read.generation is None or not count:
            return np.empty((0, self._dimensions), np.float32)
        path = read.generation / _VECTORS
        if _size(path) < count * self._dimensions * _BYTES:
            raise OSError(f"{path} is shorter than it was")
        if read.matrix is None or len(read.matrix) < count:
            mapped = np.memmap(path, np.float32, "r", shape=(count, self._dimensions))
            read.matrix = np.asarray(mapped)
        return read.matrix[:count]

    def _sketch(self, read: "_Read", matrix: Vectors) -> Sketch | None:
        """A rough view of all rows, once they are many."""
        if read.generation is None or len(matrix) < WORTH_IT:
            return None
        with self._lock:
            if read.sketch is None:
                read.sketch = sketch_of(matrix, read.generation)
            elif len(read.sketch) < len(matrix):
                read.sketch = read.sketch.followed(matrix, read.generation)
            return read.sketch


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the journal says of an article, small: its rows follow each other from `first` on."""

    version: int
    first: int
    keys: str
    places: "array[int]"

    @property
    def range(self) -> range:
        return range(self.first, self.first + len(self.places))

    @property
    def rows(self) -> slice:
        return slice(self.first, self.first + len(self.places))

    @property
    def kept(self) -> Kept:
        return Kept(self.version, tuple(self.keys.split()), tuple(self.places))


@dataclass
class _Read:
    """How far a reader has come in a generation, and what it knows."""

    generation: Path | None = None
    size: int = 0
    place: int = 0
    entries: dict[int, "_Entry"] = field(default_factory=dict)
    live: int = 0
    dead: int = 0
    rows: Rows = field(default_factory=lambda: Rows({}))
    matrix: Vectors | None = None
    sketch: Sketch | None = None


def _follow(read: _Read, dimensions: int) -> _Read:
    """Read the journal on. The new state is another object: others still stand on the old one."""
    assert read.generation is not None
    size = _size(read.generation / _JOURNAL)
    there = _size(read.generation / _VECTORS) // (dimensions * _BYTES)
    entries, place, seen = dict(read.entries), read.place, read.live + read.dead
    for line, place in _whole_lines(read.generation / _JOURNAL, read.place):  # noqa: B007
        rows = line.get("rows", [])
        if any(row >= there for row in rows):
            continue
        seen = max([seen, *(row + 1 for row in rows)])
        entries.pop(line["article"], None)
        if rows:
            keys, places = " ".join(line["keys"]), array("i", line["places"])
            entries[line["article"]] = _Entry(line["version"], rows[0], keys, places)
    live = sum(len(entry.places) for entry in entries.values())
    known = Rows({article: (entry.range, entry.places) for article, entry in entries.items()})
    return _Read(
        read.generation, size, place, entries, live, seen - live, known, sketch=read.sketch
    )


def _whole_lines(journal: Path, place: int) -> Iterator[tuple[dict[str, Any], int]]:
    """Each line that was written to its end, with the place after it."""
    with journal.open("rb") as file:
        file.seek(place)
        for line in file:
            if not line.endswith(b"\n"):
                return
            place += len(line)
            try:
                yield json.loads(line), place
            except ValueError:
                continue


def _append(
    generation: Path,
    dimensions: int,
    written: "Iterator[Written] | Sequence[Written]",
    gone: Collection[int],
) -> None:
    """Numbers first, then the lines that speak of them; what a killed writer left is cut off."""
    width = dimensions * _BYTES
    with (generation / _VECTORS).open("ab") as numbers, (generation / _JOURNAL).open("ab") as lines:
        numbers.truncate(numbers.tell() // width * width)
        if lines.tell():
            lines.write(b"" if _ends_whole(generation / _JOURNAL) else b"\n")
        for article in gone:
            lines.write(_line({"article": article}))
        for one in written:
            first = _end(numbers) // width
            numbers.write(np.ascontiguousarray(one.vectors, np.float32).tobytes())
            numbers.flush()
            rows = list(range(first, first + len(one.vectors)))
            lines.write(_line({"article": one.article_id, "rows": rows, **asdict(one.kept)}))
            lines.flush()


def _line(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry).encode("ascii") + b"\n"


def _ends_whole(journal: Path) -> bool:
    with journal.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"


def _end(file: Any) -> int:
    return int(file.seek(0, 2))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
