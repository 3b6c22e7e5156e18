"""The index as Whoosh keeps it; no other module knows that it is Whoosh.

Readers hold a whole generation in memory, so that nothing done to its files can hurt a reader that
stands; a new commit is noticed by a glance at the folder. What cannot be read is reported to the
worker, which builds a new generation.
"""

import os
import re
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from heapq import nlargest
from math import log
from pathlib import Path
from typing import Any, TypeVar

from whoosh import fields, query
from whoosh.analysis import Analyzer, Token
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import FileIndex
from whoosh.lang.porter2 import stem as porter_stem
from whoosh.searching import Searcher

from portal.search.generations import Generations
from portal.search.index import Document, Found, Health, Hit, IndexUnavailableError, Query
from portal.search.ranking import WORTH_SHOWING, Candidate, rank
from portal.search.spelling import Vocabulary, read_as_known, written_together
from portal.search.titles import Titles
from portal.search.words import content_words, query_words, words_of

Result = TypeVar("Result")

_WEIGHTS = {"text": 1.0, "title": 0.3}
_TOC = re.compile(r"_MAIN_(\d+)\.toc$")
_K1, _B = 1.2, 0.75
_MOST_KEPT_POSTINGS = 60_000
_MOST_REACHES = 200
_LONGEST_SIMILAR = 32
_CANDIDATES_FOR_ORDER = 100
_WRITER_MEGABYTES = 48


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The form shared by "password" and "passwords", "installing" and "installed"."""
    return str(porter_stem(word))


class _Words(Analyzer):  # type: ignore[misc]
    """Feeds Whoosh our own words, stemmed or as they stand."""

    def __init__(self, *, stemmed: bool) -> None:
        self.stemmed = stemmed

    def __call__(self, value: str, positions: bool = False, **options: Any) -> Iterator[Token]:
        token = Token(positions, **options)
        for place, word in enumerate(words_of(value)):
            token.text = stem(word) if self.stemmed else word
            token.boost = 1.0
            token.stopped = False
            token.pos = place
            yield token


def _schema() -> fields.Schema:
    stemmed = fields.TEXT(analyzer=_Words(stemmed=True), phrase=False)
    return fields.Schema(
        key=fields.ID(unique=True),
        text=stemmed,
        title=stemmed,
        spelling=fields.TEXT(analyzer=_Words(stemmed=False), phrase=False),
        audience=fields.KEYWORD(scorable=False),
        category=fields.ID(),
        shelfmark=fields.STORED(),
    )


class WhooshIndex:
    """The Index protocol on Whoosh."""

    def __init__(self, folder: Path) -> None:
        self._generations = Generations(folder)
        self._lock = threading.Lock()
        self._reader: _Reader | None = None

    def search(self, query: Query) -> Found:
        return self._read(lambda reader: reader.search(query))

    def suggest(
        self, prefix: str, *, audiences: frozenset[str] | None, limit: int
    ) -> tuple[int, ...]:
        return self._read(
            lambda reader: reader.titles.suggest(prefix, audiences=audiences, limit=limit)
        )

    def similar(
        self, text: str, *, audiences: frozenset[str] | None, limit: int
    ) -> tuple[Hit, ...]:
        return self._read(lambda reader: reader.similar(text, audiences, limit))

    def stem(self, word: str) -> str:
        return stem(word)

    def health(self) -> Health:
        generation = self._generations.current()
        if generation is None:
            return Health.MISSING
        return Health.READY if self._generations.is_whole(generation) else Health.CORRUPT

    def revision(self) -> int:
        generation = self._generations.current()
        return self._generations.revision(generation) if generation else 0

    def rebuild(self, documents: Iterable[Document], *, revision: int) -> None:
        with self._generations.writing():
            generation = self._generations.begin()
            index = FileStorage(str(generation)).create_index(_schema())
            _commit(index, documents, gone=())
            self._generations.use(generation, revision=revision)

    def update(self, documents: Iterable[Document], *, gone: Iterable[int], revision: int) -> None:
        with self._generations.writing():
            generation = self._generations.current()
            if generation is None:
                raise IndexUnavailableError("there is no index yet")
            index = FileIndex(FileStorage(str(generation)))
            _commit(index, documents, gone=gone)
            self._generations.seal(generation, revision=revision)

    def _read(self, answer: "Callable[[_Reader], Result]") -> Result:
        """Ask the newest reader. Whoosh's readers share places in files: one question at a time."""
        with self._lock:
            generation = self._generations.current()
            if generation is None:
                self._reader = None
                raise IndexUnavailableError("there is no index yet")
            try:
                self._reader = _newest(self._reader, generation)
                return answer(self._reader)
            except Exception as error:
                self._reader = None
                self._generations.report_broken()
                raise IndexUnavailableError("the index can't be read") from error


def _commit(index: FileIndex, documents: Iterable[Document], *, gone: Iterable[int]) -> None:
    writer = index.writer(limitmb=_WRITER_MEGABYTES, timeout=60)
    try:
        for article_id in gone:
            writer.delete_by_term("key", str(article_id))
        for document in documents:
            writer.update_document(**_row(document))
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def _row(document: Document) -> dict[str, Any]:
    outline = f"{document.summary}\n{document.headings}"
    parts = (document.title, document.search_words, outline, outline, document.body)
    return {
        "key": str(document.article_id),
        "text": "\n".join(parts),
        "title": document.title,
        "spelling": "\n".join(parts),
        "audience": " ".join(document.audiences),
        "category": document.category,
        "shelfmark": (
            document.article_id,
            document.title,
            document.search_words,
            document.audiences,
        ),
    }


class _InMemory(RamStorage):  # type: ignore[misc]
    """Reads each file of a folder once, when the index is opened, and never again."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._source = folder

    def list(self) -> list[str]:
        return os.listdir(self._source)  # noqa: PTH208

    def file_exists(self, name: str) -> bool:
        return name in self.files or (self._source / name).exists()

    def open_file(self, name: str, **options: Any) -> Any:
        if name not in self.files:
            self.files[name] = (self._source / name).read_bytes()
        return super().open_file(name, **options)


class _Reader:
    """One commit of one generation, whole in memory."""

    def __init__(self, generation: Path) -> None:
        self.state = _state(generation)
        index = FileIndex(_InMemory(generation))
        self._searcher: Searcher = index.searcher()
        self._visible: dict[tuple[frozenset[str] | None, str | None], bytearray] = {}
        self._vocabularies: dict[frozenset[str] | None, Vocabulary] = {}
        self._norms = {field: self._norms_of(field) for field in _WEIGHTS}
        self._kept_postings: dict[tuple[str, str], list[tuple[int, float]]] = {}
        self._kept = 0
        marks = {n: row["shelfmark"] for n, row in self._searcher.reader().iter_docs()}
        self._article_ids = {number: mark[0] for number, mark in marks.items()}
        self.titles = Titles(marks.values(), stem)

    def search(self, asked: Query) -> Found:
        visible = self._docs(asked.audiences, asked.category)
        everything = query_words(asked.text)
        typed = content_words(everything)
        corrections: dict[str, str] = {}
        together: list[str] = []
        if asked.forgives:
            vocabulary = self._vocabulary(asked.audiences)
            corrections = read_as_known(typed, vocabulary)
            together = written_together(everything, vocabulary)
        words = [part for word in typed for part in corrections.get(word, word).split()]
        words += together
        hits = self._best(words, visible, asked.limit, worth_showing=WORTH_SHOWING)
        return Found(hits, frozenset(map(stem, words)), corrections)

    def similar(self, text: str, audiences: frozenset[str] | None, limit: int) -> tuple[Hit, ...]:
        words = content_words(list(dict.fromkeys(words_of(text))))
        visible = self._docs(audiences, None)
        return self._best(words[:_LONGEST_SIMILAR], visible, limit, worth_showing=0.0)

    def _best(
        self, words: list[str], within: bytearray, limit: int, *, worth_showing: float
    ) -> tuple[Hit, ...]:
        weights = self._weights(words)
        scores, has = self._scored(weights, within)
        top = nlargest(_CANDIDATES_FOR_ORDER, scores, key=lambda n: (scores[n], -n))
        candidates = []
        for number in top:
            mark = self.titles.by_id[self._article_ids[number]]
            found = {one for one in weights if number in has[one]}
            stems = (found, mark.stems, mark.further_stems)
            candidates.append(Candidate(mark.article_id, scores[number], *stems))
        ranked = rank(candidates, weights, worth_showing=worth_showing)
        return tuple(Hit(one, score, share) for score, share, one in ranked[:limit])

    def _weights(self, words: list[str]) -> dict[str, float]:
        """How telling each stem is: the rarer in the library, the more; unknown ones half."""
        total = self._searcher.doc_count_all()
        found = {one: self._searcher.doc_frequency("text", one) for one in map(stem, words)}
        return {
            one: log(1 + (total - n + 0.5) / (n + 0.5)) * (1.0 if n else 0.5)
            for one, n in found.items()
        }

    def _scored(
        self, weights: dict[str, float], within: bytearray
    ) -> tuple[dict[int, float], dict[str, set[int]]]:
        """BM25 of each document within reach, and which documents have each stem."""
        scores: dict[int, float] = {}
        has: dict[str, set[int]] = {}
        for one in weights:
            for field, boost in _WEIGHTS.items():
                norms, found = self._norms[field], self._postings(field, one)
                rarity = log(max(1, len(norms)) / (len(found) + 1)) + 1
                most = rarity * boost * (_K1 + 1)
                for number, count in found:
                    if within[number]:
                        gained = most * count / (count + norms[number])
                        scores[number] = scores.get(number, 0.0) + gained
            has[one] = {number for number, _count in self._postings("text", one)}
        return scores, has

    def _postings(self, field: str, one: str) -> list[tuple[int, float]]:
        """Where a stem stands and how often; kept, since people ask with the same words."""
        key = (field, one)
        if key not in self._kept_postings:
            found = list(self._read_postings(field, one))
            self._kept += len(found) + 1
            if self._kept > _MOST_KEPT_POSTINGS:
                self._kept_postings.clear()
                self._kept = len(found) + 1
            self._kept_postings[key] = found
        return self._kept_postings[key]

    def _read_postings(self, field: str, one: str) -> Iterator[tuple[int, float]]:
        if (field, one) not in self._searcher.reader():
            return
        matcher = self._searcher.postings(field, one)
        while matcher.is_active():
            yield matcher.id(), matcher.weight()
            matcher.next()

    def _norms_of(self, field: str) -> "array[float]":
        """What a word's count is weighed against: long texts need more of a word."""
        average = self._searcher.avg_field_length(field) or 1.0
        numbers = range(self._searcher.doc_count_all())
        lengths = (self._searcher.reader().doc_field_length(n, field) or 0 for n in numbers)
        return array("f", (_K1 * (1 - _B + _B * length / average) for length in lengths))

    def _docs(self, audiences: frozenset[str] | None, category: str | None) -> bytearray:
        """A mark for each document within reach: forbidden ones are not even candidates."""
        key = (audiences, category)
        if key not in self._visible:
            if len(self._visible) > _MOST_REACHES:
                self._visible.clear()
            reach = bytearray(self._searcher.doc_count_all())
            for number in self._searcher.docs_for_query(_within(*key)):
                reach[number] = 1
            self._visible[key] = reach
        return self._visible[key]

    def _vocabulary(self, audiences: frozenset[str] | None) -> Vocabulary:
        """The words that these readers may see: no correction tells of a hidden article."""
        if audiences not in self._vocabularies:
            if len(self._vocabularies) > 4:
                self._vocabularies.clear()
            self._vocabularies[audiences] = self._read_vocabulary(self._docs(audiences, None))
        return self._vocabularies[audiences]

    def _read_vocabulary(self, reach: bytearray) -> Vocabulary:
        reader = self._searcher.reader()
        return Vocabulary(
            words=list(reader.field_terms("spelling")),
            frequency=lambda word: reader.doc_frequency("spelling", word),
            is_visible=lambda word: any(
                reach[number] for number in self._searcher.postings("spelling", word).all_ids()
            ),
        )


def _within(audiences: frozenset[str] | None, category: str | None) -> query.Query:
    reachable: query.Query = query.Every()
    if audiences is not None:
        reachable = query.Or([query.Term("audience", one) for one in sorted(audiences)])
    if category is None:
        return reachable
    return query.And([reachable, query.Term("category", category)])


def _newest(reader: _Reader | None, generation: Path) -> _Reader:
    """The reader for what lies in the folder now: the same one as long as nothing changed."""
    if reader is not None and reader.state == _state(generation):
        return reader
    try:
        return _Reader(generation)
    except FileNotFoundError:
        return _Reader(generation)  # a commit swept files away between two looks


def _state(generation: Path) -> tuple[str, int]:
    """Which commit of which generation lies there."""
    commits = (int(found[1]) for name in os.listdir(generation) if (found := _TOC.match(name)))  # noqa: PTH208
    return generation.name, max(commits, default=0)
