"""What happened to an article is noted in the same transaction: for pages, search and feeds, which
read the note before they answer, and on record, for staff.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.events import record
from portal.knowledge.article import Article, Category, LibraryChange, Status
from portal.knowledge.queries import lineage
from portal.knowledge.translations import group_ids
from portal.people.person import Person

_LOCK_OF_CHANGES = 7_203_114


def touch(db: Session, *tags: str, now: datetime) -> None:
    """Note that readers can see a change of "article:12", "category:3" or the "library".

    A page carries the tag of every article and category it names. On PostgreSQL revisions commit
    in order, so that nobody who reads up to a revision misses an earlier one.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK_OF_CHANGES})
    db.add_all(LibraryChange(tag=tag, at=now) for tag in tags)
    db.flush()


def touch_article(db: Session, article: Article, *, now: datetime, shelves: set[int]) -> None:
    """Note that readers can see a change of an article, on these shelves."""
    rows = db.execute(select(Category.id, Category.parent_id))
    parents = {row.id: row.parent_id for row in rows}
    shelves = {ancestor for shelf in shelves for ancestor in lineage(shelf, parents)}
    group = [f"article:{one}" for one in group_ids(db, article)]
    touch(db, *group, *(f"category:{s}" for s in sorted(shelves)), "library", now=now)
    article.updated_at = now


def note_seen(db: Session, article: Article, *, now: datetime) -> None:
    """Note that what readers see around an article has changed, in all its languages."""
    if article.status is Status.PUBLISHED:
        touch(db, *(f"article:{one}" for one in group_ids(db, article)), "library", now=now)


def tell(
    db: Session, kind: str, article: Article, *, by: Person | None, now: datetime, **detail: Any
) -> None:
    """Keep on record what happened to an article; its events are for staff."""
    record(
        db,
        kind,
        now=now,
        actor_id=by.id if by else None,
        actor_name=by.name if by else "",
        article_id=article.id,
        is_internal=True,
        **detail,
    )
