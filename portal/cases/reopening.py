"""Not solved after all: for some days a case opens again, after that a follow-up case is opened."""

from datetime import datetime, timedelta
from typing import Unpack

from sqlalchemy.orm import Session

from portal.cases.case import Case, CaseStatus
from portal.cases.happenings import Happening
from portal.cases.moving import Acting, move
from portal.cases.revision import check_revision

REOPEN_DAYS = 14


class FollowUpNeededError(Exception):
    """The case was closed too long ago; a new case that names it goes on from here."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"{case.reference} was closed too long ago")
        self.case = case


def reopenable_until(case: Case, *, reopen_days: int = REOPEN_DAYS) -> datetime | None:
    """Until when a closed case may be opened again; None for one that isn't closed."""
    if case.status is not CaseStatus.CLOSED or case.closed_at is None:
        return None
    return case.closed_at + timedelta(days=reopen_days)


def may_reopen(case: Case, *, now: datetime, reopen_days: int = REOPEN_DAYS) -> bool:
    """A solved case may; a closed one for some days; one without a case number never."""
    if case.status is CaseStatus.SOLVED:
        return True
    until = reopenable_until(case, reopen_days=reopen_days)
    return until is not None and now <= until and case.number is not None


def must_be_reopenable(case: Case, *, now: datetime, reopen_days: int = REOPEN_DAYS) -> None:
    """Raise FollowUpNeededError for a case that is over for good."""
    if not case.is_open and not may_reopen(case, now=now, reopen_days=reopen_days):
        raise FollowUpNeededError(case)


def reopen(
    db: Session,
    *,
    case: Case,
    reason: str = "",
    reopen_days: int = REOPEN_DAYS,
    **acting: Unpack[Acting],
) -> None:
    """Start again; all promises count anew. Raises FollowUpNeededError when it is too late."""
    check_revision(case, acting.get("revision"))
    case.must_be(CaseStatus.SOLVED, CaseStatus.CLOSED)
    must_be_reopenable(case, now=acting["now"], reopen_days=reopen_days)
    to, happening = CaseStatus.IN_PROGRESS, Happening.REOPENED
    move(db, case=case, to=to, happening=happening, acting=acting, reason=reason)
    case.first_responded_at = None
