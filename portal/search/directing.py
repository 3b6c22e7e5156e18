"""Words that lead to an article: a writer says which one answers a question, and it comes first.

The question is recognised by its telling words, in any order, and by nothing less; only whoever may
read the article is led to it.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.database import Base
from portal.events import record_by
from portal.knowledge.article import Article, Category
from portal.people.person import Person
from portal.search.index import Found, Hit, Query
from portal.search.words import content_words, query_words

_AHEAD = 10.0
"""More than anything else may add to a score."""


class NoWordsError(Exception):
    """There is no word in what was written that a search could be recognised by."""


class Direction(Base):
    """A question, with its telling words in the order of the alphabet, and what answers it."""

    __tablename__ = "direction"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    made_at: Mapped[datetime]

    article: Mapped[Article] = relationship()


def directions(db: Session) -> list[Direction]:
    """All of them, the newest first."""
    query = select(Direction).options(joinedload(Direction.article))
    return list(db.scalars(query.order_by(Direction.id.desc())))


def direct(db: Session, *, text: str, article: Article, by: Person, now: datetime) -> Direction:
    """Let a question lead to an article, instead of to another that it led to before.

    Raises NoWordsError.
    """
    words = words_in(text)
    if not words:
        raise NoWordsError(text)
    made = db.scalar(select(Direction).where(Direction.words == words))
    if made is None:
        made = Direction(words=words)
        db.add(made)
    made.text, made.article, made.made_at = text, article, now
    db.flush()
    _tell(db, "search_directed", made, by=by, now=now)
    return made


def undirect(db: Session, *, direction_id: int, by: Person, now: datetime) -> None:
    """Let the search decide again; one that is gone already is no mistake."""
    made = db.get(Direction, direction_id)
    if made is not None:
        _tell(db, "search_undirected", made, by=by, now=now)
        db.delete(made)
        db.flush()


def words_in(text: str) -> str:
    """The form under which a question is recognised."""
    return " ".join(sorted(content_words(query_words(text))))


def directed(db: Session, found: Found, query: Query) -> Found:
    """What was found, with the article that a writer named for these words in front."""
    article_id = _named(db, query)
    if article_id is None:
        return found
    best = max((hit.score for hit in found.hits), default=0.0) + _AHEAD
    known = next((hit for hit in found.hits if hit.article_id == article_id), None)
    first = replace(known or Hit(article_id, 0.0, 1.0), score=best, coverage=1.0)
    others = (hit for hit in found.hits if hit.article_id != article_id)
    return replace(found, hits=(first, *others)[: query.limit])


def _named(db: Session, query: Query) -> int | None:
    """Within a category or a product only what lies there; a product is left to the index."""
    if query.applies_to is not None or not (words := words_in(query.text)):
        return None
    asked = select(Direction.article_id).where(Direction.words == words)
    if query.category is not None:
        asked = asked.join(Direction.article).join(Article.category)
        asked = asked.where(Category.slug == query.category)
    return db.scalar(asked)


def _tell(db: Session, kind: str, made: Direction, *, by: Person, now: datetime) -> None:
    record_by(
        db,
        kind,
        by=by,
        now=now,
        article_id=made.article_id,
        is_internal=True,
        words=made.words,
    )
