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
from portal.cases.conversing import Said, find_sent, say
from portal.cases.happenings import Happening
from portal.cases.moving import Acting
from portal.cases.reopening import must_be_reopenable, reopen
from portal.cases.waiting import go_on
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
    folded: str = "",
    channel: str = "",
    is_sender_proven: bool = True,
) -> Message:
    """Add what the customer wrote. `author` is None for somebody who came by a secret link.

    The same `form_token` again gives the message that stands already.
    Raises FollowUpNeededError when the case has been closed for longer than `reopen_days`.
    """
    if (sent := find_sent(db, case=case, form_token=form_token)) is not None:
        return sent
    must_be_reopenable(case, now=now, reopen_days=reopen_days)
    name = author.name if author else author_name or case.contact_name
    said = Said(
        author,
        name,
        body,
        kept,
        form_token,
        folded=folded,
        channel=channel,
        is_sender_proven=is_sender_proven,
    )
    message = say(db, case=case, said=said, happening=Happening.REPLIED, now=now)
    _take_the_ball(db, case, {"by": author, "by_name": name, "now": now}, reopen_days)
    return message


def _take_the_ball(db: Session, case: Case, acting: Acting, reopen_days: int) -> None:
    """What waited for the customer goes on; another pause stands, and staff read the reply."""
    if case.status is CaseStatus.WAITING:
        go_on(db, case=case, **acting)
    elif not case.is_open:
        reopen(db, case=case, reopen_days=reopen_days, **acting)
    else:
        clocks.refresh(db, case=case, now=acting["now"])
