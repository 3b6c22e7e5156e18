"""Golden queries: what people ask, and the article that should answer it, kept by writers.

They are what a change is measured by before it is published.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.database import Base
from portal.knowledge.article import Article
from portal.knowledge.noting import tell
from portal.people.person import Person
from portal.search.words import query_words

LONGEST_QUERY = 200


class GoldenQuery(Base):
    """A question and the article that answers it. `words` is the question's normal form."""

    __tablename__ = "golden_query"
    __table_args__ = (UniqueConstraint("words", "article_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    words: Mapped[str]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    article: Mapped[Article] = relationship()


class EmptyQueryError(Exception):
    """The question has no word that could be searched for."""


def golden_queries(db: Session) -> Sequence[GoldenQuery]:
    """All pairs, by the words of the question."""
    query = (
        select(GoldenQuery)
        .options(joinedload(GoldenQuery.article).joinedload(Article.published))
        .order_by(GoldenQuery.text, GoldenQuery.id)
    )
    return db.scalars(query).all()


def questions_of(db: Session, article: Article) -> Sequence[str]:
    """The golden queries that an article should answer."""
    query = select(GoldenQuery.text).where(GoldenQuery.article_id == article.id)
    return db.scalars(query.order_by(GoldenQuery.text)).all()


def add_pair(
    db: Session, *, text: str, article: Article, by: Person | None, now: datetime
) -> GoldenQuery:
    """Keep a pair; the same question in the same words is one. Raises EmptyQueryError."""
    text = " ".join(text.split())[:LONGEST_QUERY]
    words = " ".join(query_words(text))
    if not words:
        raise EmptyQueryError(text)
    known = select(GoldenQuery).where(
        GoldenQuery.words == words, GoldenQuery.article_id == article.id
    )
    if (found := db.scalar(known)) is not None:
        return found
    added = GoldenQuery(
        text=text, words=words, article=article, by_id=by.id if by else None, created_at=now
    )
    db.add(added)
    db.flush()
    tell(db, "golden_query_added", added.article, by=by, now=now, query=added.text)
    return added


def remove_pair(db: Session, *, pair_id: int, by: Person, now: datetime) -> bool:
    """Forget a pair; False when there is none."""
    found = db.get(GoldenQuery, pair_id)
    if found is None:
        return False
    tell(db, "golden_query_removed", found.article, by=by, now=now, query=found.text)
    db.delete(found)
    db.flush()
    return True
