"""The index as Whoosh keeps it; no other module knows that it is Whoosh.

Readers hold a whole generation in memory, so that nothing done to its files can hurt a reader that
stands; a new commit is noticed by a glance at the folder. What cannot be read is reported to the
worker, which builds a new generation.
"""

import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from math import log
from pathlib import Path
from typing import Any, TypeVar

from whoosh import fields, query, scoring
from whoosh.analysis import Analyzer, Token
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.idsets import BitSet
from whoosh.index import FileIndex
from whoosh.lang.porter2 import stem as porter_stem
from whoosh.searching import Searcher

from portal.search.generations import Generations
from portal.search.index import Document, Found, Health, Hit, IndexUnavailableError, Query
from portal.search.ranking import WORTH_SHOWING, Candidate, rank
from portal.search.spelling import Vocabulary, read_as_known
from portal.search.titles import Titles
from portal.search.words import content_words, query_words, words_of

Result = TypeVar("Result")

_WEIGHTS = {"text": 1.0, "title": 0.3}
_TOC = re.compile(r"_MAIN_(\d+)\.toc$")
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
        self._searcher: Searcher = index.searcher(weighting=scoring.BM25F())
        self._visible: dict[tuple[frozenset[str] | None, str | None], BitSet] = {}
        self._vocabularies: dict[frozenset[str] | None, Vocabulary] = {}
        stored = self._searcher.reader().all_stored_fields()
        self.titles = Titles((row["shelfmark"] for row in stored), stem)

    def search(self, asked: Query) -> Found:
        visible = self._docs(asked.audiences, asked.category)
        typed = content_words(query_words(asked.text))
        if not typed or not visible:
            return Found(stems=frozenset(map(stem, typed)))
        corrections: dict[str, str] = {}
        if asked.forgives:
            corrections = read_as_known(typed, self._vocabulary(asked.audiences))
        words = [part for word in typed for part in corrections.get(word, word).split()]
        hits = self._best(words, visible, asked.limit)
        return Found(hits, frozenset(map(stem, words)), corrections)

    def similar(self, text: str, audiences: frozenset[str] | None, limit: int) -> tuple[Hit, ...]:
        words = content_words(list(dict.fromkeys(words_of(text))))
        visible = self._docs(audiences, None)
        return self._best(words[:_LONGEST_SIMILAR], visible, limit, worth_showing=0.0)

    def _best(
        self,
        words: list[str],
        visible: BitSet,
        limit: int,
        *,
        worth_showing: float = WORTH_SHOWING,
    ) -> tuple[Hit, ...]:
        weights = self._weights(words)
        if not weights or not visible:
            return ()
        asked = query.Or(
            [
                query.Term(field, one, boost=boost)
                for one in weights
                for field, boost in _WEIGHTS.items()
            ]
        )
        results = self._searcher.search(asked, limit=_CANDIDATES_FOR_ORDER, filter=visible)
        candidates = self._candidates(results.top_n, weights)
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

    def _candidates(
        self, top: list[tuple[float, int]], weights: dict[str, float]
    ) -> list[Candidate]:
        has = self._having(sorted(number for _score, number in top), weights)
        found = []
        for score, number in top:
            article_id = self._searcher.stored_fields(number)["shelfmark"][0]
            mark = self.titles.by_id[article_id]
            found.append(Candidate(article_id, score, has[number], mark.stems, mark.further_stems))
        return found

    def _having(self, numbers: list[int], stems: Iterable[str]) -> dict[int, set[str]]:
        """Which of the stems each of these documents contains."""
        has: dict[int, set[str]] = {number: set() for number in numbers}
        for one in stems:
            if ("text", one) not in self._searcher.reader():
                continue
            matcher = self._searcher.postings("text", one)
            for number in numbers:
                if not matcher.is_active():
                    break
                if matcher.id() < number:
                    matcher.skip_to(number)
                if matcher.is_active() and matcher.id() == number:
                    has[number].add(one)
        return has

    def _docs(self, audiences: frozenset[str] | None, category: str | None) -> BitSet:
        """The numbers of the documents within reach: forbidden ones are not even candidates."""
        key = (audiences, category)
        if key not in self._visible:
            if len(self._visible) > 200:
                self._visible.clear()
            self._visible[key] = BitSet(self._searcher.docs_for_query(_within(*key)))
        return self._visible[key]

    def _vocabulary(self, audiences: frozenset[str] | None) -> Vocabulary:
        """The words that these readers may see: no correction tells of a hidden article."""
        if audiences not in self._vocabularies:
            if len(self._vocabularies) > 4:
                self._vocabularies.clear()
            self._vocabularies[audiences] = self._read_vocabulary(self._docs(audiences, None))
        return self._vocabularies[audiences]

    def _read_vocabulary(self, visible: BitSet) -> Vocabulary:
        reader = self._searcher.reader()
        return Vocabulary(
            words=list(reader.field_terms("spelling")),
            frequency=lambda word: reader.doc_frequency("spelling", word),
            is_visible=lambda word: any(
                number in visible for number in self._searcher.postings("spelling", word).all_ids()
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
