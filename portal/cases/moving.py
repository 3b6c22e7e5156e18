"""A case moves from status to status: the case allows it, the record keeps it, clocks follow."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.case import Case, CaseStatus
from portal.cases.happenings import Happening
from portal.cases.revision import count_change
from portal.events import record
from portal.people.person import Person


def move(
    db: Session,
    *,
    case: Case,
    to: CaseStatus,
    happening: Happening,
    by: Person | None,
    now: datetime,
    by_name: str = "",
    **detail: Any,
) -> None:
    """Raises IllegalMoveError when the move makes no sense from where the case stands."""
    before = case.status
    case.move_to(to, now=now)
    count_change(case, now=now)
    record(
        db,
        happening,
        now=now,
        actor_id=by.id if by else None,
        actor_name=by.name if by else by_name,
        case_id=case.id,
        before=before.value,
        after=to.value,
        **detail,
    )
    clocks.refresh(db, case=case, now=now)
