"""An article is taken from its readers: made a draft again, or retired for good."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.knowledge.article import Article, Status
from portal.knowledge.next_version import NextVersion, Stage
from portal.knowledge.noting import tell, touch_article
from portal.knowledge.versioning import latest_version
from portal.people.person import Person


def unpublish(db: Session, *, article: Article, by: Person | None, now: datetime) -> None:
    """Make a published or retired article a draft again: nobody reads it until it is published."""
    if article.status is Status.DRAFT:
        return
    article.take_from_readers()
    _unschedule(db, article)
    db.flush()
    tell(db, "article_unpublished", article, by=by, now=now)
    touch_article(db, article, now=now, shelves={article.category_id})


def retire(
    db: Session,
    *,
    article: Article,
    by: Person | None,
    now: datetime,
    heir: Article | None = None,
) -> None:
    """Withdraw an article: its address leads to `heir`, or says that it is gone.

    Raises RetirementRefusedError when `heir` is itself or can't be read.
    """
    article.give_way_to(heir, now=now)
    _unschedule(db, article)
    db.flush()
    tell(db, "article_retired", article, by=by, now=now, heir=heir.slug if heir else None)
    touch_article(db, article, now=now, shelves={article.category_id})


def _unschedule(db: Session, article: Article) -> None:
    """What was taken from readers doesn't come back by itself."""
    following = db.get(NextVersion, article.id)
    latest = latest_version(db, article)
    if following is not None and latest is not None and following.stage is Stage.SCHEDULED:
        following.unschedule(latest)
