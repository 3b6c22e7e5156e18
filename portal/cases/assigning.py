"""Who works on a case; the customer sees the name."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.revision import check_revision, count_change
from portal.events import record
from portal.people.person import Person


class NotStaffError(ValueError):
    """Only people who work cases can be assigned to one."""


def assign(
    db: Session,
    *,
    case: Case,
    assignee: Person | None,
    by: Person,
    now: datetime,
    reason: str = "",
    revision: int | None = None,
) -> None:
    """Give the case to `assignee`, or to nobody. Giving it to whom it belongs changes nothing."""
    check_revision(case, revision)
    if assignee is not None and (not assignee.may_work_cases or not assignee.may_sign_in):
        raise NotStaffError(assignee.name)
    if case.assignee_id == (assignee.id if assignee else None):
        return
    before = case.assignee.name if case.assignee else ""
    case.assignee = assignee
    count_change(case, now=now)
    record(
        db,
        Happening.ASSIGNED,
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        case_id=case.id,
        before=before,
        after=assignee.name if assignee else "",
        reason=reason,
    )
