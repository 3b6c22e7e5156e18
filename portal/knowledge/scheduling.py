"""Publishing at an instant: a writer names it in a zone, the worker does it once.

What fell due while the worker stood still is published as soon as it runs again. What can't be
published any more waits for a writer, with the reason; it holds up nothing else.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal.database import Database
from portal.knowledge.article import Article
from portal.knowledge.checks import refuse_faults
from portal.knowledge.next_version import NextVersion, NotAtThisStageError, Stage, StageError
from portal.knowledge.noting import tell
from portal.knowledge.publishing import publish
from portal.knowledge.reviewing import standing_of
from portal.knowledge.versioning import latest_version
from portal.knowledge.waiting import facts_to_come, needs_approval
from portal.locale import gettext as _
from portal.people.person import Person


def schedule(
    db: Session, *, article: Article, publish_at: datetime, zone: str, by: Person, now: datetime
) -> NextVersion:
    """Publish the latest version at `publish_at`; `zone` is the one it was named in.

    Raises PastInstantError, ApprovalMissingError, NotAtThisStageError or NotReadyError.
    """
    latest = latest_version(db, article)
    assert latest is not None
    refuse_faults(db, latest, facts_to_come(db, article, latest).type)
    following = standing_of(db, article, latest)
    wants = needs_approval(article, facts_to_come(db, article, latest))
    following.schedule(
        latest,
        publish_at=publish_at,
        zone=zone,
        by=by,
        now=now,
        needs_approval=wants and article.published_version_id != latest.id,
    )
    db.flush()
    at = publish_at.isoformat()
    tell(db, "article_scheduled", article, by=by, now=now, version=latest.number, publish_at=at)
    return following


def unschedule(db: Session, *, article: Article, by: Person, now: datetime) -> None:
    """Don't publish it by itself. Raises NotAtThisStageError when nothing is scheduled."""
    db.refresh(article, with_for_update=True)
    following, latest = db.get(NextVersion, article.id), latest_version(db, article)
    if following is None or latest is None:
        raise NotAtThisStageError(_("Nothing is scheduled."))
    number = following.version.number
    following.unschedule(latest)
    db.flush()
    tell(db, "schedule_withdrawn", article, by=by, now=now, version=number)


def scheduled(db: Session) -> Sequence[NextVersion]:
    """What is scheduled, the next first."""
    query = (
        select(NextVersion)
        .where(NextVersion.stage == Stage.SCHEDULED)
        .options(joinedload(NextVersion.article), joinedload(NextVersion.version))
        .order_by(NextVersion.publish_at, NextVersion.article_id)
    )
    return db.scalars(query).all()


def publish_due(database: Database, *, now: datetime) -> bool:
    """Publish the one that has been due longest; True asks to be called again at once."""
    with database.reading() as db:
        if db.scalar(_due(now)) is None:
            return False
    with database.writing() as db:
        following = db.scalar(_due(now).with_for_update(skip_locked=True))
        if following is None:
            return False
        _publish(db, following, now=now)
    return True


def _due(now: datetime) -> Select[NextVersion]:
    return (
        select(NextVersion)
        .where(NextVersion.stage == Stage.SCHEDULED, NextVersion.publish_at <= now)
        .order_by(NextVersion.publish_at, NextVersion.article_id)
        .limit(1)
    )


def _publish(db: Session, following: NextVersion, *, now: datetime) -> None:
    article, version, by = following.article, following.version, following.scheduled_by
    try:
        publish(db, article=article, version=version, by=by, now=now)
    except StageError as error:
        following.unschedule(latest_version(db, article) or version, trouble=str(error))
        db.flush()
        tell(db, "schedule_failed", article, by=by, now=now, version=version.number)
