"""How an article comes to be read.

Publishing holds for the next request: the same transaction notes what was touched, and pages,
search and feeds read that note. Who publishes must have the approval that the category asks for;
the operator's own files (`by` None) need none.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.knowledge.announcing import announce_as_planned
from portal.knowledge.article import Article, Feedback, ForeignVersionError, Version
from portal.knowledge.next_version import NextVersion
from portal.knowledge.noting import tell, touch_article
from portal.knowledge.versioning import latest_version
from portal.knowledge.waiting import apply, check_approval, facts_of_said
from portal.people.person import Person


def publish(
    db: Session,
    *,
    article: Article,
    by: Person | None,
    now: datetime,
    version: Version | None = None,
) -> None:
    """Let readers read a version, the latest unless another is given, with the facts that waited
    for it. Raises ApprovalMissingError.
    """
    version = version or latest_version(db, article)
    if version is None:
        raise ForeignVersionError(article.slug)
    if article.is_published and article.published is version and version.waiting_facts is None:
        return
    facts = facts_of_said(db, version.waiting_facts) if version.waiting_facts else None
    if by is not None:
        check_approval(db, article, version, facts)
    before, former = {article.category_id}, article.published
    article.put_before_readers(version, now=now)
    if facts:
        apply(article, facts)
        version.waiting_facts = None
    db.flush()
    _carry_votes(db, former, version)
    _settle_next(db, article, version)
    tell(db, "article_published", article, by=by, now=now, version=version.number)
    announce_as_planned(db, article=article, now=now)
    touch_article(db, article, now=now, shelves=before | {article.category_id})


def _carry_votes(db: Session, former: Version | None, version: Version) -> None:
    """What readers said of these very words is still said of them: only facts have changed."""
    if former is None or former is version or former.content_hash != version.content_hash:
        return
    is_new = not db.scalar(select(Feedback.id).where(Feedback.version_id == version.id).limit(1))
    if is_new:
        moved = update(Feedback).where(Feedback.version_id == former.id)
        db.execute(moved.values(version_id=version.id))


def _settle_next(db: Session, article: Article, version: Version) -> None:
    """Nothing is pending any more for what was published, or for what is older."""
    following = db.get(NextVersion, article.id)
    if following is not None and following.version.number <= version.number:
        db.delete(following)
        db.flush()
