"""What publishing a version does to what people find: to the golden queries that writers keep, and
to what was really asked in the last thirty days.

Each question is put to the index in use, and to the same index with the new version laid over it,
through the whole pipeline that readers' searches go through, with what the new words mean where
meaning has its say. Nothing is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, Version
from portal.knowledge.reader import ANYONE, STAFF, Reader
from portal.knowledge.visibility import meant_for
from portal.knowledge.words import Facts
from portal.search.audiences import Keys, keys_of_categories, keys_of_facts, keys_of_reader
from portal.search.golden import GoldenQuery, golden_queries
from portal.search.index import Document, Index, IndexUnavailableError, Query
from portal.search.indexing import document_of
from portal.search.log import SearchRecord
from portal.search.searching import MOST_HITS, find, with_learned
from portal.search.stemming import stem
from portal.search.words import content_words, query_words, words_of

DAYS = 30
MOST_ASKED = 60
MOST_GOLDEN = 300
DEPTH = 10
"""A place below this counts as not found: nobody looks there."""


@dataclass(frozen=True)
class Move:
    """A question, and the place of an article among its answers before and after; None where it
    is not among the first ten. `asked` is how often it was asked lately.
    """

    text: str
    article_id: int
    title: str
    before: int | None
    after: int | None
    asked: int = 0

    @property
    def is_drop(self) -> bool:
        return self.before is not None and (self.after is None or self.after > self.before)

    @property
    def is_rise(self) -> bool:
        return self.after is not None and (self.before is None or self.after < self.before)


@dataclass(frozen=True)
class Consequences:
    """What moves. `is_known` is False where the index could not be asked."""

    golden: tuple[Move, ...] = ()
    asked: tuple[Move, ...] = ()
    is_known: bool = True
    kept: int = 0

    @property
    def drops(self) -> tuple[Move, ...]:
        """Golden queries that would be answered worse than now."""
        return tuple(move for move in self.golden if move.is_drop)


def consequences(
    db: Session, index: Index, *, article: Article, version: Version, facts: Facts, now: datetime
) -> Consequences:
    """What publishing `version` with `facts` would do; see the module."""
    pairs = golden_queries(db)
    trial = _Trial(db, index, article, version, facts)
    try:
        golden = [trial.move(one.text, one.article_id, _title(one)) for one in _near(trial, pairs)]
        asked = [
            trial.move(text, article.id, version.title, count)
            for text, count in _lately(db, now)
            if trial.speaks_of(text)
        ]
    except IndexUnavailableError:
        return Consequences(is_known=False, kept=len(pairs))
    return Consequences(
        golden=tuple(one for one in golden if one.before != one.after),
        asked=tuple(one for one in asked if one.before != one.after or one.after is not None),
        kept=len(pairs),
    )


class _Trial:
    """The index now, and as it will be."""

    def __init__(
        self, db: Session, index: Index, article: Article, version: Version, facts: Facts
    ) -> None:
        self._db, self._now, self._article = db, index, article
        shelves = keys_of_categories(db)
        new = _foreseen_document(article, version, facts, shelves[facts.category.id])
        self._then = index.foreseen([new])
        old = article.published if article.is_published else None
        before = old and document_of(article, old, shelves[article.category_id])
        said = " ".join(_said(one) for one in (new, before) if one)
        self._stems = {stem(word) for word in words_of(said)}

    def speaks_of(self, text: str) -> bool:
        """Whether the version, or the one it replaces, has a telling word of the question."""
        return any(stem(word) in self._stems for word in content_words(query_words(text)))

    def is_about(self, pair: GoldenQuery) -> bool:
        """Whether the article is the one that should answer it."""
        return pair.article_id == self._article.id

    def move(self, text: str, article_id: int, title: str, asked: int = 0) -> Move:
        before = self._place(self._now, text, article_id, frozenset())
        after = self._place(self._then, text, article_id, frozenset({self._article.id}))
        return Move(text, article_id, title, before, after, asked)

    def _place(self, index: Index, text: str, article_id: int, also: frozenset[int]) -> int | None:
        reader = self._reader(article_id)
        query = Query(text, keys_of_reader(reader), limit=MOST_HITS)
        found, is_plain = find(self._db, index, query, reader=reader, also=also)
        if is_plain:
            raise IndexUnavailableError("only the plain search answers")
        hits = with_learned(self._db, index, found, query, reader).hits[:DEPTH]
        places = (place for place, hit in enumerate(hits, 1) if hit.article_id == article_id)
        return next(places, None)

    def _reader(self, article_id: int) -> Reader:
        """Anybody's places count; for what isn't for anybody, those that staff see."""
        is_for_anyone = select(Article.id).where(Article.id == article_id, meant_for(ANYONE))
        return STAFF if self._db.scalar(is_for_anyone) is None else ANYONE


def _near(trial: _Trial, pairs: Iterable[GoldenQuery]) -> list[GoldenQuery]:
    """What shares a word with the text, and what the article should answer in whichever words:
    the others could only move by their meaning, and hardly do.
    """
    near = (one for one in pairs if trial.is_about(one) or trial.speaks_of(one.text))
    return list(islice(near, MOST_GOLDEN))


def _lately(db: Session, now: datetime) -> list[tuple[str, int]]:
    """What was asked most in the last thirty days, each in its latest words, with its count."""
    count = func.count().label("count")
    rows = db.execute(
        select(func.max(SearchRecord.text), count)
        .where(SearchRecord.at >= now - timedelta(DAYS), SearchRecord.words != "")
        .group_by(SearchRecord.words)
        .order_by(count.desc(), func.max(SearchRecord.at).desc())
        .limit(MOST_ASKED)
    )
    return [(text, number) for text, number in rows]


def _foreseen_document(article: Article, version: Version, facts: Facts, shelf: Keys) -> Document:
    made = document_of(article, version, shelf)
    return replace(made, category=facts.category.slug, audiences=keys_of_facts(facts, shelf))


def _said(document: Document) -> str:
    parts = (document.title, document.search_words, document.summary, document.headings)
    return " ".join((*parts, document.body))


def _title(pair: GoldenQuery) -> str:
    return pair.article.published.title if pair.article.published else pair.article.slug
