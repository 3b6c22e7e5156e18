"""An attempt to find an answer instead of opening a case, as it was seen from here.

An attempt begins when somebody searches or opens the form, and ends after half an hour without a
sign of life. Nobody is named: a visit, an account, a mail address and a machine are kept as hashes
that only this installation can make, and what was typed is kept elsewhere, without any of them.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, stored_by_value


class Sign(StrEnum):
    """What an attempt shows of itself."""

    SEARCHED = "searched"
    FORM_OPENED = "form_opened"
    SHOWN = "shown"
    OPENED = "opened"
    READ = "read"
    SOLVED = "solved"
    FILED = "filed"


class Place(StrEnum):
    """Where an article was shown."""

    RESULTS = "results"
    TYPING = "typing"
    ASIDE = "aside"
    STEP = "step"
    PAGE = "page"


class HelpAttempt(Base):
    """One visit's search for one answer. Empty hashes are not known, and equal no other."""

    __tablename__ = "help_attempt"
    __table_args__ = (Index("ix_help_attempt_visit_last_at", "visit", "last_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit: Mapped[str]
    account: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    machine: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime] = mapped_column(index=True)
    last_at: Mapped[datetime]

    signs: Mapped[list["HelpSign"]] = relationship(
        order_by="HelpSign.id", cascade="all, delete-orphan"
    )


class HelpSign(Base):
    """One thing that happened in an attempt; `position` is the place in the list, from 1."""

    __tablename__ = "help_sign"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(
        ForeignKey("help_attempt.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    kind: Mapped[Sign] = mapped_column(stored_by_value(Sign))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), index=True)
    place: Mapped[Place | None] = mapped_column(stored_by_value(Place))
    position: Mapped[int] = mapped_column(default=0)


class Filing(Base):
    """A case was opened, by these hashes: it takes back an earlier "this solved it"."""

    __tablename__ = "filing"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    visit: Mapped[str] = mapped_column(default="")
    account: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    machine: Mapped[str] = mapped_column(default="")
