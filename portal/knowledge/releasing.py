"""A person publishes: a version that readers would stumble over is not published."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.knowledge.article import Article
from portal.knowledge.checks import refuse_faults
from portal.knowledge.publishing import publish
from portal.knowledge.versioning import latest_version
from portal.knowledge.waiting import facts_to_come
from portal.people.person import Person


def release(db: Session, *, article: Article, by: Person, now: datetime) -> None:
    """Publish the latest version. Raises NotReadyError or ApprovalMissingError."""
    check_ready(db, article)
    publish(db, article=article, by=by, now=now)


def check_ready(db: Session, article: Article) -> None:
    """Raise NotReadyError when the latest version has faults."""
    latest = latest_version(db, article)
    assert latest is not None
    refuse_faults(db, latest, facts_to_come(db, article, latest).type)
