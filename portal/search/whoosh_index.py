"""Candidates from Whoosh, the engine that comes with the portal; no other module knows it.

A reader holds a commit's terms in memory and its files open. Nothing is mapped: a file that is
harmed or shrinks is an error that can be caught, not the end of the process.
"""

import io
import os
from array import array
from collections.abc import Collection, Iterable, Iterator
from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from whoosh import fields, query
from whoosh.analysis import Analyzer, Token
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.index import FileIndex
from whoosh.searching import Searcher

from portal.search.engine import CANDIDATES, CANDIDATES_BY_TITLE, Wanted
from portal.search.folder import FolderKeeper
from portal.search.ranked import RankedIndex
from portal.search.shelf import Record, engine_texts

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_K1, _B = 1.2, 0.75
_MOST_KEPT_POSTINGS = 400_000
_MOST_REACHES = 200
_WRITER_MEGABYTES = 48
_FIELDS = ("text", "title")
_POSTINGS = ".pst"

Postings = tuple["array[int]", "array[float]"]
"""Where a stem stands, and how often; as small as numbers can be kept."""


class _Split(Analyzer):  # type: ignore[misc]
    """Feeds Whoosh stems that are ready-made."""

    def __call__(self, value: str, positions: bool = False, **options: Any) -> Iterator[Token]:
        token = Token(positions, **options)
        for place, word in enumerate(value.split()):
            token.text = word
            token.boost = 1.0
            token.stopped = False
            token.pos = place
            yield token


def _schema() -> fields.Schema:
    words = fields.TEXT(analyzer=_Split(), phrase=False)
    return fields.Schema(
        key=fields.ID(unique=True, stored=True),
        text=words,
        title=words,
        audience=fields.KEYWORD(scorable=False),
        category=fields.ID(),
        applies_to=fields.KEYWORD(scorable=False, commas=True),
    )


class WhooshEngine:
    """The FolderEngine protocol on Whoosh."""

    name = "whoosh"

    def create(self, folder: Path) -> None:
        FileStorage(str(folder)).create_index(_schema())

    def commit(self, folder: Path, records: Iterable[Record]) -> None:
        index = FileIndex(FileStorage(str(folder)))
        is_new = index.is_empty()
        writer = index.writer(limitmb=_WRITER_MEGABYTES, timeout=60)
        try:
            for record in records:
                if not is_new:
                    writer.delete_by_term("key", str(record[0]))
                if len(record) > 1:
                    writer.add_document(**_row(record))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def open(self, folder: Path) -> "WhooshCandidates":
        try:
            return WhooshCandidates(folder)
        except FileNotFoundError:
            return WhooshCandidates(folder)  # a commit swept files away between two looks


def _row(record: Record) -> dict[str, str]:
    text, title = engine_texts(record)
    *_words, audiences, category, applies_to, _language = record
    return {
        "key": str(record[0]),
        "text": text,
        "title": title,
        "audience": " ".join(audiences),
        "category": category,
        "applies_to": ",".join(applies_to),
    }


class _HeldOpen(RamStorage):  # type: ignore[misc]
    """Opens the files of a commit once, when the index is opened, and never again."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._source = folder

    def list(self) -> list[str]:
        return os.listdir(self._source)  # noqa: PTH208

    def file_exists(self, name: str) -> bool:
        return (self._source / name).exists()

    def open_file(self, name: str, **_options: Any) -> Any:
        return _Parts(self._source / name)


class _Parts(StructFile):  # type: ignore[misc]
    """A file that holds several; all but the postings are read into memory when they are opened."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), name=path.name)
        del self.fileno  # Whoosh would map the file, and a mapped file that shrinks kills a process

    def subset(self, position: int, length: int, name: str = "") -> StructFile:
        if name.endswith(_POSTINGS):
            part = _Part(self.file, position, length)
            return StructFile(io.BufferedReader(part), name=name)
        self.seek(position)
        return BufferFile(self.read(length), name=name)


class _Part(io.RawIOBase):
    """A part of an open file, read where it is asked for: most postings are never wanted."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        super().__init__()
        self._file, self._start, self._length = file, start, length
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._length}
        self._place = base[whence] + place
        return self._place

    def readinto(self, buffer: "WriteableBuffer") -> int:
        wanted = memoryview(buffer)[: max(0, self._length - self._place)]
        count = os.preadv(self._file.fileno(), [wanted], self._start + self._place)
        if count < len(wanted):
            raise OSError(f"{self._file.name} is shorter than it was")
        self._place += count
        return count


class WhooshCandidates:
    """One commit of one generation."""

    def __init__(self, folder: Path) -> None:
        self._searcher: Searcher = FileIndex(_HeldOpen(folder)).searcher()
        rows = {number: int(row["key"]) for number, row in self._searcher.reader().iter_docs()}
        self._article_ids = rows
        self._norms = {field: self._norms_of(field) for field in _FIELDS}
        self._reaches: dict[tuple[frozenset[str] | None, str | None, str | None], bytearray] = {}
        self._kept: dict[tuple[str, str], Postings] = {}
        self._kept_size = 0

    def candidates(self, wanted: Wanted) -> Collection[int]:
        reach = self._reach((wanted.audiences, wanted.category, wanted.applies_to))
        total = sum(wanted.stems.values()) or 1.0
        scores: dict[int, float] = {}
        titled: dict[int, float] = {}
        for stem, weight in wanted.stems.items():
            self._add(scores, "text", stem, weight, reach)
            self._add(titled, "title", stem, weight, reach)
        for number, score in titled.items():
            scores[number] = scores.get(number, 0.0) + score * (0.5 + score / total)
        best = nlargest(CANDIDATES, scores, key=scores.__getitem__)
        best += nlargest(CANDIDATES_BY_TITLE, titled, key=titled.__getitem__)
        return {self._article_ids[number] for number in best}

    def _add(
        self, scores: dict[int, float], field: str, stem: str, weight: float, reach: bytearray
    ) -> None:
        """Add what each document within reach has of a stem, as BM25 counts it."""
        norms = self._norms[field]
        most = weight * (_K1 + 1)
        for number, count in zip(*self._postings(field, stem), strict=True):
            if reach[number]:
                gained = most * count / (count + norms[number])
                scores[number] = scores.get(number, 0.0) + gained

    def _postings(self, field: str, stem: str) -> Postings:
        """Where a stem stands and how often; kept, since people ask with the same words."""
        key = (field, stem)
        if key not in self._kept:
            numbers, counts = array("I"), array("f")
            for number, count in self._read_postings(field, stem):
                numbers.append(number)
                counts.append(count)
            self._kept_size += len(numbers) + 1
            if self._kept_size > _MOST_KEPT_POSTINGS:
                self._kept.clear()
                self._kept_size = len(numbers) + 1
            self._kept[key] = numbers, counts
        return self._kept[key]

    def _read_postings(self, field: str, stem: str) -> Iterator[tuple[int, float]]:
        if (field, stem) not in self._searcher.reader():
            return
        matcher = self._searcher.postings(field, stem)
        while matcher.is_active():
            yield matcher.id(), matcher.weight()
            matcher.next()

    def _norms_of(self, field: str) -> "array[float]":
        """What a word's count is weighed against: long texts need more of a word."""
        average = self._searcher.avg_field_length(field) or 1.0
        numbers = range(self._searcher.doc_count_all())
        lengths = (self._searcher.reader().doc_field_length(n, field) or 0 for n in numbers)
        return array("f", (_K1 * (1 - _B + _B * length / average) for length in lengths))

    def _reach(self, key: tuple[frozenset[str] | None, str | None, str | None]) -> bytearray:
        """A mark for each document within reach: forbidden ones are not even candidates."""
        if key not in self._reaches:
            if len(self._reaches) > _MOST_REACHES:
                self._reaches.clear()
            reach = bytearray(self._searcher.doc_count_all())
            for number in self._searcher.docs_for_query(_within(*key)):
                reach[number] = 1
            self._reaches[key] = reach
        return self._reaches[key]


def _within(
    audiences: frozenset[str] | None, category: str | None, applies_to: str | None
) -> query.Query:
    parts: list[query.Query] = [query.Every()]
    if audiences is not None:
        parts.append(query.Or([query.Term("audience", one) for one in sorted(audiences)]))
    if category is not None:
        parts.append(query.Term("category", category))
    if applies_to is not None:
        parts.append(query.Or([query.Term("applies_to", one) for one in (applies_to, "*")]))
    return query.And(parts)


class WhooshIndex(RankedIndex):
    """The Index protocol on Whoosh."""

    def __init__(self, folder: Path, first_language: str = "en") -> None:
        keeper = FolderKeeper(folder, WhooshEngine(), first_language)
        super().__init__(keeper, first_language=first_language)
