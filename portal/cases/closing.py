"""Solved by us, closed by the customer or, some days later, by itself; never without a word.

Before a case closes by itself its customer is reminded, and always has the promised days from the
reminder: one that comes late moves the day.
"""

from datetime import datetime
from typing import Unpack

from sqlalchemy.orm import Session

from portal.cases import given_reasons
from portal.cases.case import Case, CaseStatus
from portal.cases.happenings import Happening
from portal.cases.moving import Acting, move, told
from portal.cases.standstill import USUAL, Patience


def solve(
    db: Session,
    *,
    case: Case,
    resolution: str = "",
    patience: Patience = USUAL,
    **acting: Unpack[Acting],
) -> None:
    """Say that it is solved, and ask the customer to confirm; they read `resolution`."""
    said = resolution or case.resolution
    move(
        db,
        case=case,
        to=CaseStatus.SOLVED,
        happening=Happening.SOLVED,
        acting=acting,
        standstill=patience.for_confirmation(acting["now"]),
        resolution=said,
    )
    case.resolution = said


def close(
    db: Session,
    *,
    case: Case,
    by_customer: bool = False,
    reason: str = "",
    **acting: Unpack[Acting],
) -> None:
    """Close the case: "solved" or "no longer needed" from the customer, a reason from staff."""
    move(
        db,
        case=case,
        to=CaseStatus.CLOSED,
        happening=Happening.CLOSED,
        acting=acting,
        by_customer=by_customer,
        reason=reason,
    )


def remind_of_closing(db: Session, *, case: Case, now: datetime) -> None:
    """Tell the customer that the case is about to close by itself."""
    if case.closes_at is None or case.close_reminder_at is None:
        return
    case.closes_at = max(case.closes_at, now + (case.closes_at - case.close_reminder_at))
    case.close_reminder_at = None
    closes_at = case.closes_at.isoformat()
    told(db, Happening.CLOSE_NEAR, case=case, acting={"by": None, "now": now}, closes_at=closes_at)


def close_by_itself(db: Session, *, case: Case, now: datetime) -> None:
    """Nobody objected, or nobody answered."""
    is_solved = case.status is CaseStatus.SOLVED
    reason = given_reasons.NOBODY_OBJECTED if is_solved else given_reasons.NO_ANSWER
    close(db, case=case, by=None, now=now, reason=reason)
