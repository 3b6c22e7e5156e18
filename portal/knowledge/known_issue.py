"""A known issue: what is broken now, said above the search before anybody has to ask.

It is posted, updated and ended by staff, and readers see at the next request what it says now.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from portal.database import Base, stored_by_value
from portal.events import record
from portal.knowledge.article import Article
from portal.knowledge.noting import touch
from portal.people.person import Person

EVERY_PAGE = "site"
_LARGEST_ID = 2**31


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


@dataclass(frozen=True)
class Words:
    """What readers are told of an issue, and where it stands."""

    title: str
    text: str = ""
    article: Article | None = None
    status: IssueStatus = IssueStatus.INVESTIGATING
    is_on_bar: bool = True


def post(db: Session, *, words: Words, by: Person, now: datetime) -> KnownIssue:
    """Tell everybody of an issue."""
    issue = KnownIssue(posted_at=now, updated_at=now)
    _say(issue, words)
    db.add(issue)
    db.flush()
    _tell(db, "known_issue_posted", issue, by=by, now=now)
    return issue


def revise(db: Session, *, issue: KnownIssue, words: Words, by: Person, now: datetime) -> None:
    """Say what is known now; readers see this moment as its last update.

    Raises IssueEndedError.
    """
    _refuse_ended(issue)
    _say(issue, words)
    issue.updated_at = now
    _tell(db, "known_issue_updated", issue, by=by, now=now)


def fix(
    db: Session,
    *,
    issue: KnownIssue,
    by: Person,
    now: datetime,
    fixed_in: str = "",
    is_announced: bool = False,
) -> None:
    """It works again: the worker tells everybody who waits for it, and, where it is announced,
    every organisation with a contract. Raises IssueEndedError.
    """
    _refuse_ended(issue)
    issue.status, issue.fixed_in, issue.is_announced = IssueStatus.FIXED, fixed_in, is_announced
    issue.fixed_at = issue.ended_at = issue.updated_at = now
    _tell(db, "known_issue_fixed", issue, by=by, now=now)


def withdraw(db: Session, *, issue: KnownIssue, by: Person, now: datetime) -> None:
    """It was none, or is over without news: it goes, and nobody is told. Twice is once."""
    if issue.ended_at is None:
        issue.ended_at = issue.updated_at = now
        _tell(db, "known_issue_withdrawn", issue, by=by, now=now)


def standing(db: Session, *, is_on_bar: bool | None = None) -> list[KnownIssue]:
    """What is not over, the latest news first; only what stands on the bar, or not, if asked."""
    query = select(KnownIssue).where(KnownIssue.ended_at.is_(None))
    if is_on_bar is not None:
        query = query.where(KnownIssue.is_on_bar.is_(is_on_bar))
    return list(db.scalars(query.order_by(KnownIssue.updated_at.desc(), KnownIssue.id.desc())))


def ended(db: Session, *, limit: int = 20) -> list[KnownIssue]:
    """Known issues that are over, the last one first."""
    query = select(KnownIssue).where(KnownIssue.ended_at.is_not(None))
    return list(db.scalars(query.order_by(KnownIssue.ended_at.desc()).limit(limit)))


def find_known_issue(db: Session, issue_id: int, *, lock: bool = False) -> KnownIssue | None:
    """The issue; `lock` makes others who would change it wait (PostgreSQL)."""
    if issue_id >= _LARGEST_ID:
        return None
    return db.get(KnownIssue, issue_id, with_for_update={"of": KnownIssue} if lock else None)


def of_article(db: Session, article: Article) -> KnownIssue | None:
    """The issue that this article is about: the one that is not over, else the last fixed one."""
    query = select(KnownIssue).where(KnownIssue.article_id == article.id)
    found = db.scalars(query.order_by(KnownIssue.id.desc())).all()
    is_shown = [one for one in found if one.ended_at is None or one.fixed_at is not None]
    return next((one for one in is_shown if one.ended_at is None), next(iter(is_shown), None))


def _say(issue: KnownIssue, words: Words) -> None:
    issue.title, issue.text, issue.article = words.title, words.text, words.article
    issue.status, issue.is_on_bar = words.status, words.is_on_bar


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
