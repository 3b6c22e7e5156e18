"""Who works on a case; the customer sees the name.

Where the policy says that people stay assigned, a case is never without somebody once it has one,
until it is solved: it can be handed over, with a reason that the customer reads.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.clocks import policy_of
from portal.cases.happenings import Happening
from portal.cases.moving import told
from portal.cases.revision import check_revision, count_change
from portal.locale import N_
from portal.people.person import Person


class NotStaffError(ValueError):
    """Only people who work cases can be assigned to one."""


class StaysAssignedError(ValueError):
    """The policy keeps whoever works on it with the case; the message says what can be done."""


def stays_assigned(case: Case) -> bool:
    """Whether the policy keeps people assigned to this case until it is solved."""
    policy = policy_of(case)
    if not case.is_open or not policy.has_priority(case.priority):
        return False
    assignment = policy.priority(case.priority).assignment
    return assignment is not None and assignment.permanent


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
    """Give the case to `assignee`, or to nobody. Giving it to whom it belongs changes nothing.

    Raises NotStaffError, StaysAssignedError, ChangedMeanwhileError.
    """
    check_revision(case, revision)
    before = case.assignee.name if case.assignee else ""
    if not hand_over(case, assignee, reason=reason):
        return
    count_change(case, now=now)
    told(
        db,
        Happening.ASSIGNED,
        case=case,
        acting={"by": by, "now": now},
        before=before,
        after=assignee.name if assignee else "",
        reason=reason,
    )


def hand_over(case: Case, assignee: Person | None, *, reason: str) -> bool:
    """Change who works on the case, if that may be; whether it changed."""
    if assignee is not None and (not assignee.may_work_cases or not assignee.may_sign_in):
        raise NotStaffError(assignee.name)
    if case.assignee_id == (assignee.id if assignee else None):
        return False
    if case.assignee_id is not None and stays_assigned(case):
        if assignee is None:
            raise StaysAssignedError(
                N_(
                    "Customers of this priority are promised that somebody stays with the case "
                    "until it is solved. Hand it over to somebody instead."
                )
            )
        if not reason.strip():
            raise StaysAssignedError(N_("Say why it is handed over, in words for the customer."))
    case.assignee = assignee
    return True
