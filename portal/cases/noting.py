"""What staff tell each other about a case. Nothing of it ever reaches the customer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.attachments import KeptFile
from portal.cases.case import Case
from portal.cases.conversation import Message
from portal.cases.conversing import Said, find_sent, say
from portal.cases.happenings import Happening
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
    said = Said(author, author.name, body, kept, form_token, is_from_staff=True, is_internal=True)
    return say(db, case=case, said=said, happening=Happening.NOTED, now=now)
