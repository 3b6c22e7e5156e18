"""What staff tell each other about a case. Nothing of it ever reaches the customer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.attachments import KeptFile
from portal.cases.case import Case
from portal.cases.conversation import Message
from portal.cases.conversing import find_sent, write_message
from portal.cases.happenings import Happening
from portal.events import record
from portal.people.person import Person


def note(
    db: Session,
    *,
    case: Case,
    author: Person,
    body: str,
    now: datetime,
    kept: Sequence[KeptFile] = (),
    form_token: str | None = None,
) -> Message:
    """Keep an internal note; possible in every status, and no clock notices it."""
    if (sent := find_sent(db, case=case, form_token=form_token)) is not None:
        return sent
    message = write_message(
        db,
        case=case,
        author=author,
        author_name=author.name,
        body=body,
        now=now,
        kept=kept,
        form_token=form_token,
        is_from_staff=True,
        is_internal=True,
    )
    record(
        db,
        Happening.NOTED,
        now=now,
        actor_id=author.id,
        actor_name=author.name,
        case_id=case.id,
        is_internal=True,
        message_id=message.id,
    )
    return message
