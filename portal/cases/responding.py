"""Staff write to the customer: that keeps the first-response promise, and starts the update clock.

What comes next is chosen with the same button: we go on working, we wait for the customer, or
this solves it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.attachments import KeptFile
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.closing import solve
from portal.cases.conversation import Message
from portal.cases.conversing import find_sent, write_message
from portal.cases.happenings import Happening
from portal.cases.revision import check_revision
from portal.cases.waiting import resume, start_work, wait_for_customer
from portal.events import record
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
) -> Message:
    """Send `body` to the customer; `then` is IN_PROGRESS, WAITING or SOLVED.

    The same `form_token` again gives the message that stands already.
    Raises ChangedMeanwhileError for an older `revision`, IllegalMoveError for a closed case.
    """
    if (sent := find_sent(db, case=case, form_token=form_token)) is not None:
        return sent
    check_revision(case, revision)
    if not case.is_open:
        raise IllegalMoveError(f"{case.reference} is {case.status}: reopen it first")
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
    )
    record(
        db,
        Happening.RESPONDED,
        now=now,
        actor_id=author.id,
        actor_name=author.name,
        case_id=case.id,
        message_id=message.id,
    )
    case.first_responded_at = case.first_responded_at or now
    _move_on(db, case=case, author=author, then=then, now=now)
    return message


def _move_on(db: Session, *, case: Case, author: Person, then: CaseStatus, now: datetime) -> None:
    if case.status is CaseStatus.HELD or then is case.status:
        clocks.refresh(db, case=case, now=now)
    elif then is CaseStatus.WAITING:
        wait_for_customer(db, case=case, by=author, now=now)
    elif then is CaseStatus.SOLVED:
        solve(db, case=case, by=author, now=now)
    elif case.status is CaseStatus.WAITING:
        resume(db, case=case, by=author, now=now)
    else:
        start_work(db, case=case, by=author, now=now)
