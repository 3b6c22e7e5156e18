"""What people search for, kept without any person, so that writers see what is missing.

A search is kept with how many articles it found, and with the article that was opened from it.
Addresses and long numbers in what was typed are blotted out before it is stored.
"""

import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.database import Base
from portal.search.words import query_words

_ADDRESS = re.compile(r"\S{1,100}@\S{1,100}")
_LONG_NUMBER = re.compile(r"\+?\d[\d\s()./-]{5,40}\d")
_CRAWLERS = re.compile(
    r"bot|crawl|spider|slurp|preview|fetch|monitor|curl|wget|python|scan", re.IGNORECASE
)

FILED_WITHIN = timedelta(days=3)


class SearchRecord(Base):
    """One search. `words` is the normal form by which the same questions are grouped."""

    __tablename__ = "search_record"
    __table_args__ = (Index("ix_search_record_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    text: Mapped[str]
    words: Mapped[str] = mapped_column(index=True)
    hits: Mapped[int]
    read_as: Mapped[str | None]
    clicked_article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    clicked_at: Mapped[datetime | None]
    filed_at: Mapped[datetime | None]


def new_token() -> str:
    """A name for a search that says nothing about who searched."""
    return secrets.token_urlsafe(12)


def record_search(
    db: Session, *, token: str, text: str, hits: int, read_as: str | None, now: datetime
) -> None:
    """Keep a search."""
    blotted = blot(text)
    db.add(
        SearchRecord(
            token=token,
            at=now,
            text=blotted,
            words=" ".join(query_words(blotted)),
            hits=hits,
            read_as=read_as,
        )
    )


def record_click(db: Session, *, token: str, article_id: int, now: datetime) -> None:
    """Keep which article was opened first from a search."""
    db.execute(
        update(SearchRecord)
        .where(SearchRecord.token == token, SearchRecord.clicked_at.is_(None))
        .values(clicked_article_id=article_id, clicked_at=now)
    )


def record_filing(db: Session, *, text: str, now: datetime) -> None:
    """Keep that a case followed the latest search for this text."""
    words = " ".join(query_words(blot(text)))
    latest = select(func.max(SearchRecord.id)).where(
        SearchRecord.words == words, SearchRecord.at >= now - FILED_WITHIN
    )
    db.execute(
        update(SearchRecord)
        .where(SearchRecord.id == latest.scalar_subquery(), SearchRecord.filed_at.is_(None))
        .values(filed_at=now)
    )


def forget_old(db: Session, *, now: datetime, kept_days: int) -> None:
    """Forget searches whose time is over."""
    db.execute(delete(SearchRecord).where(SearchRecord.at < now - timedelta(kept_days)))


def is_crawler(agent: str) -> bool:
    """Whether a browser's name says that nobody reads here."""
    return not agent or bool(_CRAWLERS.search(agent[:300]))


def blot(text: str) -> str:
    """The text without e-mail addresses and numbers that could be somebody's."""
    return _LONG_NUMBER.sub("[number]", _ADDRESS.sub("[address]", text))


def find_record(db: Session, token: str) -> SearchRecord | None:
    return db.scalar(select(SearchRecord).where(SearchRecord.token == token))
