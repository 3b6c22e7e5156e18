"""The customer writes: the clocks run again if we waited for it, and a solved case opens again.

A closed case opens again for some days; after that the page offers a follow-up case.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.attachments import KeptFile
from portal.cases.case import Case, CaseStatus
from portal.cases.conversation import Message
from portal.cases.conversing import find_sent, write_message
from portal.cases.happenings import Happening
from portal.cases.reopening import must_be_reopenable, reopen
from portal.cases.waiting import resume
from portal.events import record
from portal.people.person import Person


def reply(
    db: Session,
    *,
    case: Case,
    author: Person | None,
    author_name: str = "",
    body: str,
    now: datetime,
    kept: Sequence[KeptFile] = (),
    form_token: str | None = None,
    reopen_days: int = 14,
) -> Message:
    """Add what the customer wrote. `author` is None for somebody who came by a secret link.

    The same `form_token` again gives the message that stands already.
    Raises FollowUpNeededError when the case has been closed for longer than `reopen_days`.
    """
    if (sent := find_sent(db, case=case, form_token=form_token)) is not None:
        return sent
    must_be_reopenable(case, now=now, reopen_days=reopen_days)
    name = author.name if author else author_name or case.contact_name
    message = write_message(
        db,
        case=case,
        author=author,
        author_name=name,
        body=body,
        now=now,
        kept=kept,
        form_token=form_token,
    )
    record(
        db,
        Happening.REPLIED,
        now=now,
        actor_id=message.author_id,
        actor_name=name,
        case_id=case.id,
        message_id=message.id,
    )
    _take_the_ball(db, case=case, author=author, author_name=name, now=now, days=reopen_days)
    return message


def _take_the_ball(
    db: Session, *, case: Case, author: Person | None, author_name: str, now: datetime, days: int
) -> None:
    if case.status is CaseStatus.WAITING:
        resume(db, case=case, by=author, by_name=author_name, now=now)
    elif not case.is_open:
        reopen(db, case=case, by=author, by_name=author_name, now=now, reopen_days=days)
    else:
        clocks.refresh(db, case=case, now=now)
