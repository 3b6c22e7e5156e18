"""Staff write to the customer: that keeps the first-response promise, and starts the update clock.

What comes next is chosen with the same button: we go on working, we wait for the customer, or
this solves it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.attachments import KeptFile
from portal.cases.case import Case, CaseStatus
from portal.cases.closing import solve
from portal.cases.conversation import Message
from portal.cases.conversing import Said, find_sent, say
from portal.cases.happenings import Happening
from portal.cases.moving import Acting
from portal.cases.revision import check_revision
from portal.cases.standstill import USUAL, Patience
from portal.cases.waiting import resume, start_work, wait_for_customer
from portal.people.person import Person


def respond(
    db: Session,
    *,
    case: Case,
    author: Person,
    body: str,
    now: datetime,
    kept: Sequence[KeptFile] = (),
    form_token: str | None = None,
    revision: int | None = None,
    then: CaseStatus = CaseStatus.IN_PROGRESS,
    patience: Patience = USUAL,
) -> Message:
    """Send `body` to the customer; `then` is IN_PROGRESS, WAITING, SOLVED or the status it has.

    The same `form_token` again gives the message that stands already.
    Raises ChangedMeanwhileError for an older `revision`, IllegalMoveError for a closed case.
    """
    if (sent := find_sent(db, case=case, form_token=form_token)) is not None:
        return sent
    check_revision(case, revision)
    case.must_be_open()
    said = Said(author, author.name, body, kept, form_token, is_from_staff=True)
    message = say(db, case=case, said=said, happening=Happening.RESPONDED, now=now)
    case.first_responded_at = case.first_responded_at or now
    _move_on(db, case, then, patience, {"by": author, "now": now})
    return message


def _move_on(db: Session, case: Case, then: CaseStatus, patience: Patience, acting: Acting) -> None:
    if case.status is CaseStatus.HELD or then is case.status:
        clocks.refresh(db, case=case, now=acting["now"])
    elif then is CaseStatus.WAITING:
        wait_for_customer(db, case=case, patience=patience, **acting)
    elif then is CaseStatus.SOLVED:
        solve(db, case=case, patience=patience, **acting)
    elif case.status is CaseStatus.RECEIVED:
        start_work(db, case=case, **acting)
    else:
        resume(db, case=case, **acting)
