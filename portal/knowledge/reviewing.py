"""A second person looks at the next version: asks for changes in remarks, or stands for it.

An approval names the version that was shown to the reviewer; if somebody saved meanwhile it is
refused, so that nobody stands for words they haven't read.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.knowledge.article import Article, Version
from portal.knowledge.next_version import NextVersion, Remark
from portal.knowledge.noting import tell
from portal.knowledge.versioning import ChangedMeanwhileError, latest_version
from portal.people.person import Person

LONGEST_REMARK = 2_000
LONGEST_QUOTE = 300


def next_of(db: Session, article: Article) -> NextVersion | None:
    """How far the next version is; None while it is only being written."""
    return db.get(NextVersion, article.id)


def standing_of(db: Session, article: Article, latest: Version) -> NextVersion:
    """The same, begun where there is none yet. Two at once wait for each other."""
    db.refresh(article, with_for_update=True)
    found = db.get(NextVersion, article.id)
    if found is None:
        found = NextVersion(article_id=article.id, version=latest)
        db.add(found)
        db.flush()
    return found


def ask_for_review(db: Session, *, article: Article, by: Person, now: datetime) -> NextVersion:
    """Somebody else should read the latest version. Raises NotAtThisStageError."""
    latest = latest_version(db, article)
    assert latest is not None
    following = standing_of(db, article, latest)
    following.ask(latest, by=by, now=now)
    db.flush()
    tell(db, "review_asked", article, by=by, now=now, version=latest.number)
    return following


def take_review_back(db: Session, *, article: Article, by: Person, now: datetime) -> None:
    """Not to be read yet after all. Raises NotAtThisStageError."""
    following = _standing(db, article)
    following.take_back()
    db.flush()
    tell(db, "review_taken_back", article, by=by, now=now, version=following.version.number)


def approve(db: Session, *, article: Article, shown: int, by: Person, now: datetime) -> None:
    """Stand for the version with the number `shown`.

    Raises NotAtThisStageError, OwnWorkError, or ChangedMeanwhileError.
    """
    following = _standing(db, article)
    _check_shown(following, shown)
    following.approve(by=by, now=now)
    db.flush()
    tell(db, "version_approved", article, by=by, now=now, version=shown)


def send_back(
    db: Session, *, article: Article, shown: int, text: str, by: Person, now: datetime
) -> None:
    """Ask the writer for changes, in words.

    Raises NotAtThisStageError, OwnWorkError, or ChangedMeanwhileError.
    """
    following = _standing(db, article)
    _check_shown(following, shown)
    following.send_back(by=by)
    said = remark(db, article=article, version=following.version, text=text, by=by, now=now)
    tell(db, "version_sent_back", article, by=by, now=now, version=shown, remark=said.id)


def remark(
    db: Session,
    *,
    article: Article,
    version: Version,
    text: str,
    by: Person,
    now: datetime,
    quote: str = "",
) -> Remark:
    """Say something about a version, or about a passage of it."""
    said = Remark(
        article_id=article.id,
        version=version,
        by_id=by.id,
        at=now,
        quote=quote[:LONGEST_QUOTE],
        text=text[:LONGEST_REMARK],
    )
    db.add(said)
    db.flush()
    return said


def settle(db: Session, *, article: Article, remark_id: int, by: Person, now: datetime) -> bool:
    """A remark is dealt with; False when this article has no such open remark."""
    found = db.get(Remark, remark_id)
    if found is None or found.article_id != article.id or found.settled_at is not None:
        return False
    found.settled_by_id, found.settled_at = by.id, now
    db.flush()
    return True


def remarks(db: Session, article: Article) -> Sequence[Remark]:
    """What reviewers said: what is open first, then what was dealt with, each the latest first."""
    query = (
        select(Remark)
        .where(Remark.article_id == article.id)
        .options(joinedload(Remark.by), joinedload(Remark.settled_by), joinedload(Remark.version))
        .order_by(Remark.settled_at.is_not(None), Remark.id.desc())
    )
    return db.scalars(query).all()


def _standing(db: Session, article: Article) -> NextVersion:
    latest = latest_version(db, article)
    assert latest is not None
    return standing_of(db, article, latest)


def _check_shown(following: NextVersion, shown: int) -> None:
    if following.version.number != shown:
        raise ChangedMeanwhileError(following.version)
