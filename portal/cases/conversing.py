"""Writing one message into a case: what replies, responses and notes have in common.

A form that is sent twice makes one message.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.attachments import KeptFile, add_to_message
from portal.cases.case import Case
from portal.cases.conversation import Message
from portal.cases.revision import count_change
from portal.people.person import Person


def find_sent(db: Session, *, case: Case, form_token: str | None) -> Message | None:
    """The message that this form already made, if it was sent before."""
    if form_token is None:
        return None
    query = select(Message).where(Message.case_id == case.id, Message.form_token == form_token)
    return db.scalar(query)


def write_message(
    db: Session,
    *,
    case: Case,
    author: Person | None,
    author_name: str,
    body: str,
    now: datetime,
    kept: Sequence[KeptFile] = (),
    form_token: str | None = None,
    is_from_staff: bool = False,
    is_internal: bool = False,
) -> Message:
    message = Message(
        case_id=case.id,
        author_id=author.id if author else None,
        author_name=author_name,
        is_from_staff=is_from_staff,
        is_internal=is_internal,
        body=body,
        at=now,
        form_token=form_token,
    )
    db.add(message)
    db.flush()
    add_to_message(db, message=message, kept=kept, now=now)
    count_change(case, now=now)
    return message
