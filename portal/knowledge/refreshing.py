"""When the cleaner or the dialect changes, what was stored is rendered again from its source.

A version's words never change; its HTML is only kept so that it need not be made for every reader.
A body that can't be rendered any more is shown as plain text until somebody edits it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.database import Database
from portal.knowledge.article import Article, Status, Version
from portal.knowledge.noting import touch
from portal.knowledge.rendering import CLEANER, Rendered, RenderingRefusedError, render
from portal.knowledge.words import pictures_of

BATCH = 20
Progress = Callable[[int, int], None]


@dataclass
class Refreshed:
    """How many versions were rendered again, and what could not be: "slug: why"."""

    count: int = 0
    faults: list[str] = field(default_factory=list)


def outdated(db: Session) -> int:
    """How many versions an older cleaner made."""
    query = select(func.count(Version.id)).where(Version.cleaner != CLEANER)
    return db.scalar(query) or 0


def refresh(database: Database, *, now: datetime, progress: Progress | None = None) -> Refreshed:
    """Render again whatever an older cleaner made; a few at a time, so that nobody waits."""
    with database.reading() as db:
        total = outdated(db)
    done = Refreshed()
    while True:
        with database.writing() as db:
            versions = db.scalars(
                select(Version).where(Version.cleaner != CLEANER).order_by(Version.id).limit(BATCH)
            ).all()
            for version in versions:
                _again(db, version, done, now=now)
        if not versions:
            return done
        if progress is not None:
            progress(done.count, max(total, done.count))


def _again(db: Session, version: Version, done: Refreshed, *, now: datetime) -> None:
    article = version.article
    try:
        made = render(version.body, pictures=pictures_of(article))
    except RenderingRefusedError as error:
        made = _as_plain_text(version.body)
        done.faults.append(f"{article.slug}, version {version.number}: {error}")
    version.html, version.text, version.contents = made.html, made.text, made.contents
    version.cleaner = CLEANER
    done.count += 1
    if _is_read(article, version):
        touch(db, f"article:{article.id}", now=now)


def _is_read(article: Article, version: Version) -> bool:
    return article.status is Status.PUBLISHED and article.published_version_id == version.id


def _as_plain_text(body: str) -> Rendered:
    return Rendered(f"<pre>{escape(body)}</pre>", [], body, [], [])
