"""What is said on a case: messages to and from the customer, internal notes, and their files."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.case import Case
from portal.database import Base
from portal.people.person import Person


class Message(Base):
    """Plain text from somebody. An internal one never reaches the customer in any form.

    `form_token` is the name of the form it was sent with: the same form sent twice is one message.
    What came by mail says so in `channel`, and keeps in `folded` what it only quoted or signed;
    `is_sender_proven` is False where nothing but its subject and its From header speak for it.
    """

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("case_id", "form_token"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    author_name: Mapped[str]
    is_from_staff: Mapped[bool] = mapped_column(default=False)
    is_internal: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str]
    folded: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(default="")
    is_sender_proven: Mapped[bool] = mapped_column(default=True, server_default=true())
    at: Mapped[datetime]
    form_token: Mapped[str | None]

    case: Mapped[Case] = relationship(back_populates="messages")
    author: Mapped[Person | None] = relationship()
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="message")


class Attachment(Base):
    """A file that belongs to a draft, then to a message of a case.

    `content_hash` names it in the file store, `name` is only shown, `media_type` was found by
    looking at the bytes. `token` is its public, unguessable name.
    """

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    content_hash: Mapped[str]
    created_at: Mapped[datetime]

    message: Mapped[Message | None] = relationship(back_populates="attachments")
