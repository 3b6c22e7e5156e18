""" "Tell me when it is fixed": who waits for the news of a known issue."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.knowledge.known_issue import KnownIssue
from portal.people.person import Person


class Subscription(Base):
    """One address that waits for one known issue. It counts once it is confirmed: at once for who
    signed in, else by the link that was mailed. `told_at` is when the fix was told, once.
    """

    __tablename__ = "issue_subscription"
    __table_args__ = (
        UniqueConstraint("known_issue_id", "email"),
        Index("ix_issue_subscription_told_at", "known_issue_id", "told_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    known_issue_id: Mapped[int] = mapped_column(ForeignKey("known_issue.id"))
    email: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]

    known_issue: Mapped[KnownIssue] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def is_waiting(self) -> bool:
        """Whether this address wants the news and has not had it."""
        return self.confirmed_at is not None and self.ended_at is None and self.told_at is None
