"""Somebody compared an article with the product and found that it is true; then it is due again.

It is due so many days after the last check as it says itself, or else its category; one that was
never checked counts from its publication.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, Category, Status, Version
from portal.knowledge.noting import tell, touch
from portal.people.person import Person


class NotPublishedError(Exception):
    """Only what readers see can be verified."""


@dataclass(frozen=True, order=True)
class Overdue:
    """A published article that should have been checked by the day `due_on`, this one included."""

    due_on: date
    article_id: int
    title: str
    owner: str


def verify(db: Session, *, article: Article, on: date, by: Person, now: datetime) -> None:
    """Readers see `on`, a day where the writer lives, as the day of the last check; a version that
    waits to be published does not undo it. Raises NotPublishedError.
    """
    if not article.is_published:
        raise NotPublishedError(article.slug)
    article.verified_on = on
    waiting = select(Version).where(
        Version.article_id == article.id, Version.waiting_facts.is_not(None)
    )
    for version in db.scalars(waiting):
        version.waiting_facts = {**(version.waiting_facts or {}), "verified_on": on.isoformat()}
    db.flush()
    tell(db, "article_verified", article, by=by, now=now, on=on.isoformat())
    touch(db, f"article:{article.id}", now=now)


def next_check(article: Article) -> date | None:
    """The day of the next check; None when none is asked for."""
    days = article.review_every_days or article.category.review_every_days
    return due_on(article.verified_on, article.published_at, days)


def due_on(
    verified_on: date | None, published_at: datetime | None, every_days: int | None
) -> date | None:
    """The same of the facts alone; an article never checked counts from its publication."""
    start = verified_on or (published_at.date() if published_at else None)
    return start + timedelta(every_days) if start and every_days else None


def overdue(db: Session, today: date) -> list[Overdue]:
    """The published articles whose next check is due, the longest first."""
    days = func.coalesce(Article.review_every_days, Category.review_every_days)
    rows = db.execute(
        select(
            Article.id,
            Version.title,
            Article.owner,
            Article.verified_on,
            Article.published_at,
            days,
        )
        .join(Version, Version.id == Article.published_version_id)
        .join(Article.category)
        .where(Article.status == Status.PUBLISHED, days.is_not(None))
    )
    found = []
    for article_id, title, owner, verified_on, published_at, every_days in rows:
        due = due_on(verified_on, published_at, every_days)
        if due is not None and due <= today:
            found.append(Overdue(due, article_id, title, owner))
    return sorted(found)
