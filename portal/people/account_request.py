"""Somebody asks for an account: a manager approves or refuses, and only then is there a person."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, stored_by_value
from portal.people.organisation import Organisation
from portal.people.person import Person


class Outcome(StrEnum):
    """What became of it."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


class DecidedAlreadyError(Exception):
    """Another manager was faster; `request` says what was decided."""

    def __init__(self, request: "AccountRequest") -> None:
        super().__init__(f"the request of {request.email} is {request.outcome} already")
        self.request = request


class AccountRequest(Base):
    """One request. `company` is what a stranger typed and proves nothing; `organisation` is known
    only where a colleague asked on the new person's behalf (`asked_by`).
    """

    __tablename__ = "account_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    company: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime]
    outcome: Mapped[Outcome] = mapped_column(
        stored_by_value(Outcome), default=Outcome.PENDING, index=True
    )
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    organisation: Mapped[Organisation | None] = relationship()
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])

    def decide(self, outcome: Outcome, *, by: Person, now: datetime, reason: str = "") -> None:
        """Approve or refuse, once. Raises DecidedAlreadyError."""
        if self.outcome is not Outcome.PENDING:
            raise DecidedAlreadyError(self)
        self.outcome, self.reason = outcome, reason
        self.decided_at, self.decided_by = now, by
