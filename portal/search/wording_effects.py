"""What a line of words changes for the questions that were really asked: what they found without
it, and what they find with it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.database import contains
from portal.knowledge.queries import readable_articles
from portal.knowledge.reader import STAFF, Reader
from portal.search.audiences import keys_of_reader
from portal.search.index import Index, IndexUnavailableError, Query
from portal.search.log import SearchRecord
from portal.search.synonyms import Synonym, worded

LOOKED_BACK = timedelta(days=30)
MOST_QUESTIONS = 10
_LOOKED_AT = 200
_CUSTOMER = Reader("contact")


@dataclass(frozen=True)
class Found:
    """How many articles a question finds, and the title of the first."""

    count: int
    first: str = ""


@dataclass(frozen=True)
class Effect:
    """A question with how often it was asked, without the line and with it."""

    text: str
    asked: int
    without: Found
    found: Found


def effects(db: Session, index: Index, group: Synonym, *, now: datetime) -> list[Effect]:
    """For the questions of thirty days that hold one of the line's phrases, the commonest first."""
    return [
        Effect(text, asked, *_both(db, index, group, text))
        for text, asked in _asked_with(db, group, now)
    ]


def _asked_with(db: Session, group: Synonym, now: datetime) -> list[tuple[str, int]]:
    asked = func.count().label("asked")
    rows = db.execute(
        select(SearchRecord.words, func.max(SearchRecord.text), asked)
        .where(
            SearchRecord.at >= now - LOOKED_BACK,
            or_(*(contains(SearchRecord.words, phrase) for phrase in group.phrases)),
        )
        .group_by(SearchRecord.words)
        .order_by(asked.desc(), SearchRecord.words)
        .limit(_LOOKED_AT)
    )
    holding = [
        (text, number)
        for words, text, number in rows
        if any(f" {phrase} " in f" {words} " for phrase in group.phrases)
    ]
    return holding[:MOST_QUESTIONS]


def _both(db: Session, index: Index, group: Synonym, text: str) -> tuple[Found, Found]:
    query = worded(db, Query(text, keys_of_reader(_CUSTOMER)))
    others = {word: said for word, said in query.synonyms.items() if word not in group.phrases}
    kept = query.kept - {word for phrase in group.phrases for word in phrase.split()}
    without = replace(query, synonyms=others, kept=kept)
    return _found(db, index, without), _found(db, index, query)


def _found(db: Session, index: Index, query: Query) -> Found:
    try:
        hits = index.search(query).hits
    except IndexUnavailableError:
        return Found(0)
    first = readable_articles(db, reader=STAFF, ids=[hit.article_id for hit in hits[:1]])
    title = first[0].published.title if first and first[0].published else ""
    return Found(len(hits), title)
