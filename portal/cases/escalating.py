"""Higher help: a dissatisfied customer may ask for it at any time, staff may give it at any time.

The request, its reason and what became of it stay visible on the case.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.case import Case, IllegalMoveError
from portal.cases.happenings import Happening
from portal.cases.revision import check_revision, count_change
from portal.events import record
from portal.people.person import Person

HIGHEST_LEVEL = 3


def ask_for_escalation(
    db: Session,
    *,
    case: Case,
    by: Person | None,
    reason: str,
    now: datetime,
    by_name: str = "",
) -> None:
    """The customer asks that somebody higher looks at the case, and says why."""
    _must_be_open(case)
    case.escalation_requested_at = now
    count_change(case, now=now)
    record(
        db,
        Happening.ESCALATION_REQUESTED,
        now=now,
        actor_id=by.id if by else None,
        actor_name=by.name if by else by_name or case.contact_name,
        case_id=case.id,
        reason=reason,
        to=clocks.escalation_contact(case),
    )


def escalate(
    db: Session,
    *,
    case: Case,
    by: Person | None,
    reason: str,
    now: datetime,
    revision: int | None = None,
    to: str = "",
    due_at: datetime | None = None,
    quiet_until: str = "",
) -> None:
    """Move the case one level up; `by` is None when the time for it has come, at `due_at`."""
    check_revision(case, revision)
    _must_be_open(case)
    if case.level >= HIGHEST_LEVEL:
        raise IllegalMoveError(f"{case.reference} is at the highest level")
    before = case.level
    case.level += 1
    case.escalation_requested_at = None
    count_change(case, now=now)
    record(
        db,
        Happening.ESCALATED,
        now=now,
        actor_id=by.id if by else None,
        actor_name=by.name if by else "",
        case_id=case.id,
        before=before,
        after=case.level,
        reason=reason,
        to=to,
        due_at=due_at.isoformat() if due_at else "",
        quiet_until=quiet_until,
    )
    clocks.refresh(db, case=case, now=now)


def _must_be_open(case: Case) -> None:
    if not case.is_open:
        raise IllegalMoveError(f"{case.reference} is {case.status}: reopen it first")
