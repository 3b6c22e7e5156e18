"""Writing one message into a case: what replies, responses and notes have in common.

A form that is sent twice makes one message.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.attachments import KeptFile, add_to_message
from portal.cases.case import Case
from portal.cases.case_words import note_words
from portal.cases.conversation import Message
from portal.cases.happenings import Happening
from portal.cases.revision import count_change
from portal.events import record
from portal.people.person import Person


@dataclass(frozen=True)
class Said:
    """What somebody writes. `author` is None for who came by a secret link; `form_token` names the
    form it was sent with; `folded` is what a mail only quoted or signed. A mail whose sender may be
    another than it says is not `is_sender_proven`.
    """

    author: Person | None
    author_name: str
    body: str
    kept: Sequence[KeptFile] = ()
    form_token: str | None = None
    is_from_staff: bool = False
    is_internal: bool = False
    folded: str = ""
    channel: str = ""
    is_sender_proven: bool = True


def find_sent(db: Session, *, case: Case, form_token: str | None) -> Message | None:
    """The message that this form already made, if it was sent before."""
    if form_token is None:
        return None
    query = select(Message).where(Message.case_id == case.id, Message.form_token == form_token)
    return db.scalar(query)


def say(db: Session, *, case: Case, said: Said, happening: Happening, now: datetime) -> Message:
    """Write the message, its files and its event."""
    message = Message(
        case_id=case.id,
        author_id=said.author.id if said.author else None,
        author_name=said.author_name,
        is_from_staff=said.is_from_staff,
        is_internal=said.is_internal,
        body=said.body,
        folded=said.folded,
        channel=said.channel,
        is_sender_proven=said.is_sender_proven,
        at=now,
        form_token=said.form_token,
    )
    db.add(message)
    db.flush()
    add_to_message(db, message=message, kept=said.kept, now=now)
    note_words(db, case_id=case.id)
    count_change(case, now=now)
    record(
        db,
        happening,
        now=now,
        actor_id=message.author_id,
        actor_name=said.author_name,
        case_id=case.id,
        is_internal=said.is_internal,
        message_id=message.id,
    )
    return message
