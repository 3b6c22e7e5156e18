"""Solved by us, closed by the customer or, some days later, by itself; never without a word."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.case import Case, CaseStatus
from portal.cases.happenings import Happening
from portal.cases.moving import move
from portal.cases.revision import check_revision
from portal.people.person import Person

DAYS_TO_CONFIRM = 7


def solve(
    db: Session,
    *,
    case: Case,
    by: Person,
    now: datetime,
    resolution: str = "",
    revision: int | None = None,
) -> None:
    """Say that it is solved, and ask the customer to confirm; they read `resolution`."""
    check_revision(case, revision)
    case.resolution = resolution or case.resolution
    move(
        db,
        case=case,
        to=CaseStatus.SOLVED,
        happening=Happening.SOLVED,
        by=by,
        now=now,
        resolution=case.resolution,
    )


def close(
    db: Session,
    *,
    case: Case,
    by: Person | None,
    now: datetime,
    by_name: str = "",
    by_customer: bool = False,
    reason: str = "",
    revision: int | None = None,
) -> None:
    """Close the case: "solved" or "no longer needed" from the customer, a reason from staff."""
    check_revision(case, revision)
    move(
        db,
        case=case,
        to=CaseStatus.CLOSED,
        happening=Happening.CLOSED,
        by=by,
        by_name=by_name,
        now=now,
        by_customer=by_customer,
        reason=reason,
    )


def closes_at(case: Case, *, days: int = DAYS_TO_CONFIRM) -> datetime | None:
    """When a solved case closes by itself; the customer is told this date."""
    if case.status is not CaseStatus.SOLVED or case.solved_at is None:
        return None
    return case.solved_at + timedelta(days=days)


def close_confirmed(db: Session, *, now: datetime, days: int = DAYS_TO_CONFIRM) -> int:
    """Close what was solved long enough ago without an objection; how many (for the worker)."""
    query = select(Case).where(
        Case.status == CaseStatus.SOLVED, Case.solved_at <= now - timedelta(days=days)
    )
    found = db.scalars(query.with_for_update(skip_locked=True)).all()
    for case in found:
        close(db, case=case, by=None, by_name="", now=now, reason="no objection")
    return len(found)
