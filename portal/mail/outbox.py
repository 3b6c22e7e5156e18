"""Mail to be sent: written in the same transaction as what it tells of, sent by the worker."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, stored_by_value


class MailStatus(StrEnum):
    """Where a mail stands; `failed` has used up its tries and waits for the administrator;
    `returned` was sent, and came back as undeliverable.
    """

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    RETURNED = "returned"


class OutgoingMail(Base):
    """One message to one recipient. `message_id` is fixed, so that a repeat folds into one.

    `thread` holds the Message-IDs that it follows, the first mail of the thread first; `reply_to`
    is where an answer goes, "" for the sender; `stop_url` is where its reader turns such mail off.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_status_next_try_at", "status", "next_try_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    in_reply_to: Mapped[str] = mapped_column(default="")
    thread: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(default="")
    stop_url: Mapped[str] = mapped_column(default="")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    status: Mapped[MailStatus] = mapped_column(
        stored_by_value(MailStatus), default=MailStatus.WAITING
    )
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    last_error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
