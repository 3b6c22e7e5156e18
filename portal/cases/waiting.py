"""Whose turn it is. While it is the customer's, clocks that the policy lets wait stand still."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.case import Case, CaseStatus
from portal.cases.happenings import Happening
from portal.cases.moving import move
from portal.cases.revision import check_revision
from portal.people.person import Person


def start_work(
    db: Session, *, case: Case, by: Person, now: datetime, revision: int | None = None
) -> None:
    """ "We're working on it"."""
    check_revision(case, revision)
    move(
        db,
        case=case,
        to=CaseStatus.IN_PROGRESS,
        happening=Happening.WORK_STARTED,
        by=by,
        now=now,
    )


def wait_for_customer(
    db: Session, *, case: Case, by: Person, now: datetime, revision: int | None = None
) -> None:
    """ "Waiting for you": the customer has the ball."""
    check_revision(case, revision)
    move(
        db,
        case=case,
        to=CaseStatus.WAITING,
        happening=Happening.WAITING_STARTED,
        by=by,
        now=now,
    )


def resume(
    db: Session,
    *,
    case: Case,
    by: Person | None,
    now: datetime,
    by_name: str = "",
    revision: int | None = None,
) -> None:
    """The customer answered, or staff go on without an answer: it is our turn again."""
    check_revision(case, revision)
    move(
        db,
        case=case,
        to=CaseStatus.IN_PROGRESS,
        happening=Happening.WAITING_ENDED,
        by=by,
        by_name=by_name,
        now=now,
    )
