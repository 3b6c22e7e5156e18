"""Mail that came in. Each is kept whole before anything is done with it, so none is ever lost."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, stored_by_value


class InboxStatus(StrEnum):
    """What became of a mail. `quarantined` waits for the administrator's word."""

    WAITING = "waiting"
    TAKEN = "taken"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"
    DISMISSED = "dismissed"


class Outcome(StrEnum):
    """What a mail was taken as; "" where it was not."""

    NONE = ""
    CASE = "case"
    REPLY = "reply"
    BOUNCE = "bounce"


class IncomingMail(Base):
    """One message as it arrived. Its bytes lie in the file store under `content_hash`.

    `envelope_sender` is the return path, "" for the null one, None where the way in told none.
    `identity` is what tells two arrivals of one mail from two mails; it is set once the mail was
    dealt with, and is unique. `is_released` says that an administrator vouches for it.
    """

    __tablename__ = "incoming_mail"
    __table_args__ = (
        Index("ix_incoming_mail_status_next_try_at", "status", "next_try_at"),
        Index("ix_incoming_mail_case_id_sender", "case_id", "sender"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    way: Mapped[str]
    content_hash: Mapped[str] = mapped_column(index=True)
    size_bytes: Mapped[int]
    envelope_sender: Mapped[str | None]
    arrived_at: Mapped[datetime]
    sender: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    message_id: Mapped[str] = mapped_column(default="")
    identity: Mapped[str | None] = mapped_column(unique=True)
    status: Mapped[InboxStatus] = mapped_column(
        stored_by_value(InboxStatus), default=InboxStatus.WAITING
    )
    outcome: Mapped[Outcome] = mapped_column(stored_by_value(Outcome), default=Outcome.NONE)
    reason: Mapped[str] = mapped_column(default="")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    is_released: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


class MailWay(Base):
    """How a way of the mail does: the server that mail goes out by, the mailbox it comes from."""

    __tablename__ = "mail_way"

    name: Mapped[str] = mapped_column(primary_key=True)
    worked_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
