"""Higher help: a dissatisfied customer may ask for it at any time, staff may give it at any time.

The request, its reason, by when somebody answers, and what became of it stay visible on the case.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.assigning import hand_over
from portal.cases.case import Case, IllegalMoveError
from portal.cases.happenings import Happening
from portal.cases.moving import told
from portal.cases.revision import check_revision, count_change
from portal.people.person import Person
from portal.people.team import LEVELS, Team

HIGHEST_LEVEL = max(LEVELS)


def answered_by(db: Session, case: Case, *, now: datetime) -> datetime | None:
    """When somebody answers a wish for escalation made now: as fast as a new case would be
    answered; None where the policy names no time.
    """
    return clocks.first_response_if_filed(db, case, now=now)


def ask_for_escalation(
    db: Session,
    *,
    case: Case,
    by: Person | None,
    reason: str,
    now: datetime,
    by_name: str = "",
) -> None:
    """The customer asks that somebody higher looks at the case, and says why.

    Asking again does not put off the answer that is owed.
    """
    case.must_be_open()
    due = answered_by(db, case, now=now)
    case.escalation_requested_at = now
    case.escalation_answer_due_at = case.escalation_answer_due_at or due
    count_change(case, now=now)
    owed = case.escalation_answer_due_at
    told(
        db,
        Happening.ESCALATION_REQUESTED,
        case=case,
        acting={"by": by, "by_name": by_name or case.contact_name, "now": now},
        reason=reason,
        to=clocks.escalation_contact(case),
        answer_due_at=owed.isoformat() if owed else "",
    )
    clocks.refresh(db, case=case, now=now)


def answer_escalation(
    db: Session, *, case: Case, by: Person, reason: str, now: datetime, revision: int | None = None
) -> None:
    """The case stays at its level, and the customer who asked reads why."""
    check_revision(case, revision)
    case.must_be_open()
    if case.escalation_requested_at is None:
        raise IllegalMoveError(f"nobody asks for escalation of {case.reference}")
    case.escalation_requested_at = case.escalation_answer_due_at = None
    count_change(case, now=now)
    told(db, Happening.ESCALATION_ANSWERED, case=case, acting={"by": by, "now": now}, reason=reason)
    clocks.refresh(db, case=case, now=now)


def escalate(
    db: Session,
    *,
    case: Case,
    by: Person | None,
    reason: str,
    now: datetime,
    revision: int | None = None,
    level: int | None = None,
    team: Team | None = None,
    assignee: Person | None = None,
    to: str = "",
    due_at: datetime | None = None,
    quiet_until: str = "",
) -> None:
    """Move the case to a higher `level` (the next one), its `team` and a named engineer.

    `by` is None when the time for it has come, at `due_at`. Raises IllegalMoveError,
    NotStaffError, ChangedMeanwhileError.
    """
    check_revision(case, revision)
    before, wanted = case.level, level or case.level + 1
    case.must_be_open()
    if assignee is not None:
        hand_over(case, assignee, reason=reason)
    case.rise_to(wanted)
    case.team = team or case.team
    count_change(case, now=now)
    told(
        db,
        Happening.ESCALATED,
        case=case,
        acting={"by": by, "now": now},
        before=before,
        after=case.level,
        reason=reason,
        to=to,
        team=team.name if team else "",
        person=assignee.name if assignee else "",
        due_at=due_at.isoformat() if due_at else "",
        quiet_until=quiet_until,
    )
    clocks.refresh(db, case=case, now=now)
