"""A known issue: what is broken now, said above the search before anybody has to ask.

It is posted, updated and ended by staff, and readers see at the next request what it says now.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from portal.database import Base, stored_by_value
from portal.events import record
from portal.knowledge.article import Article
from portal.knowledge.publishing import touch
from portal.people.person import Person

EVERY_PAGE = "site"


class IssueEndedError(Exception):
    """The issue is over; a new one has to be posted."""


class IssueStatus(StrEnum):
    """How far we are with it, as customers read it."""

    INVESTIGATING = "investigating"
    WORKAROUND = "workaround"
    FIXED = "fixed"


class KnownIssue(Base):
    """A problem that several customers have, from `posted_at` until it is fixed or withdrawn.

    One that `is_on_bar` stands above the search and above the form. `fixed_in` names the release
    with the fix. `is_announced`: the fix is told to every organisation with a contract, asked or
    not. `all_told_at` is when the worker had told everybody of it.
    """

    __tablename__ = "known_issue"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), index=True)
    status: Mapped[IssueStatus] = mapped_column(
        stored_by_value(IssueStatus), default=IssueStatus.INVESTIGATING
    )
    is_on_bar: Mapped[bool] = mapped_column(default=True)
    is_announced: Mapped[bool] = mapped_column(default=False)
    fixed_in: Mapped[str] = mapped_column(default="")
    posted_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    fixed_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    all_told_at: Mapped[datetime | None]

    article: Mapped[Article | None] = relationship()


def post(
    db: Session, *, title: str, text: str, article: Article | None, by: Person, now: datetime
) -> KnownIssue:
    """Tell everybody of an issue."""
    issue = KnownIssue(title=title, text=text, article=article, posted_at=now, updated_at=now)
    db.add(issue)
    db.flush()
    _tell(db, "known_issue_posted", issue, by=by, now=now)
    return issue


def revise(
    db: Session,
    *,
    issue: KnownIssue,
    title: str,
    text: str,
    article: Article | None,
    by: Person,
    now: datetime,
) -> None:
    """Say what is known now; the bar shows this moment as its last update.

    Raises IssueEndedError.
    """
    _refuse_ended(issue)
    issue.title, issue.text, issue.article = title, text, article
    issue.updated_at = now
    _tell(db, "known_issue_updated", issue, by=by, now=now)


def end(db: Session, *, issue: KnownIssue, by: Person, now: datetime) -> None:
    """It is over: the bar goes. Ending twice is ending once."""
    if issue.ended_at is None:
        issue.ended_at = issue.updated_at = now
        _tell(db, "known_issue_ended", issue, by=by, now=now)


def standing(db: Session) -> list[KnownIssue]:
    """What readers have to know now, the latest news first."""
    query = select(KnownIssue).where(KnownIssue.ended_at.is_(None))
    return list(db.scalars(query.order_by(KnownIssue.updated_at.desc(), KnownIssue.id.desc())))


def ended(db: Session, *, limit: int = 20) -> list[KnownIssue]:
    """Known issues that are over, the last one first."""
    query = select(KnownIssue).where(KnownIssue.ended_at.is_not(None))
    return list(db.scalars(query.order_by(KnownIssue.ended_at.desc()).limit(limit)))


def find_known_issue(db: Session, issue_id: int) -> KnownIssue | None:
    return db.get(KnownIssue, issue_id)


def _refuse_ended(issue: KnownIssue) -> None:
    if issue.ended_at is not None:
        raise IssueEndedError(issue.title)


def _tell(db: Session, kind: str, issue: KnownIssue, *, by: Person, now: datetime) -> None:
    db.flush()
    record(
        db,
        kind,
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        is_internal=True,
        issue=issue.id,
        title=issue.title,
    )
    touch(db, EVERY_PAGE, now=now)
