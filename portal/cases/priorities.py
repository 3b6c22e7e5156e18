"""How urgent a case is: what the customer asked for and what drives the clock are two things.

Every change needs a reason, which the customer reads. The new promise is shown before it is
confirmed; it is the one that is then stored.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.revision import check_revision, count_change
from portal.events import record
from portal.locale import N_
from portal.people.person import Person
from portal.policy.evaluation import Evaluation, in_force
from portal.policy.model import Policy, Priority


class ReasonNeededError(ValueError):
    """A priority can't be changed without telling the customer why."""


class NotANamedContactError(ValueError):
    """The policy keeps this priority for named contacts."""


def choices(
    db: Session, *, case: Case, now: datetime, policies: Sequence[Policy] | None = None
) -> tuple[Priority, ...]:
    """The priorities this case may have, most urgent first, by the policy in force now; `policies`
    are the versions of the case's own, where they were read already.
    """
    policy = in_force(policies, now) if policies else _policy(db, case, now)
    return possible(policy, case)


def possible(policy: Policy, case: Case) -> tuple[Priority, ...]:
    """The priorities of a policy that are not kept for others than this case's contact."""
    return tuple(p for p in policy.priorities if not _is_reserved(policy, p.id, case))


def is_emergency_kept(policy: Policy, case: Case) -> bool:
    """Whether a level of the policy is kept for named contacts, and this contact is none."""
    return len(possible(policy, case)) < len(policy.priorities)


def preview_change(db: Session, *, case: Case, priority: str, now: datetime) -> Evaluation:
    """What would be promised if the priority were changed now; nothing is stored."""
    _must_be_possible(db, case=case, priority=priority, now=now)
    return clocks.evaluation_if(db, case, priority=priority, now=now)


def change_priority(
    db: Session,
    *,
    case: Case,
    priority: str,
    reason: str,
    by: Person | None,
    now: datetime,
    by_name: str = "",
    revision: int | None = None,
) -> None:
    """Change what drives the clock. The same priority again changes nothing.

    Raises ReasonNeededError, NotANamedContactError, PolicyRefusal (no such priority),
    IllegalMoveError (the case is over), ChangedMeanwhileError.
    """
    check_revision(case, revision)
    _must_be_possible(db, case=case, priority=priority, now=now)
    if priority == case.priority:
        return
    if not reason.strip():
        raise ReasonNeededError(N_("Say why, in words for the customer: they will read it."))
    lowers = _is_lower(_policy(db, case, now), priority, case)
    before, case.priority = case.priority, priority
    count_change(case, now=now)
    record(
        db,
        Happening.PRIORITY_CHANGED,
        now=now,
        actor_id=by.id if by else None,
        actor_name=by.name if by else by_name or case.contact_name,
        case_id=case.id,
        before=before,
        after=priority,
        reason=reason,
        is_lowered=lowers,
    )
    clocks.refresh(db, case=case, now=now)


def _policy(db: Session, case: Case, now: datetime) -> Policy:
    """The newest version of the policy that the case was filed under."""
    return clocks.policy_for_change(db, case, now=now)


def _is_lower(policy: Policy, priority: str, case: Case) -> bool:
    """Whether this would be a lowering, of which the customer is told by mail."""
    known = policy.has_priority(case.priority)
    return known and policy.rank(priority) > policy.rank(case.priority)


def _must_be_possible(db: Session, *, case: Case, priority: str, now: datetime) -> None:
    case.must_be_open()
    policy = _policy(db, case, now)
    policy.priority(priority)
    if _is_reserved(policy, priority, case):
        raise NotANamedContactError(
            N_(
                "This priority is for named contacts. Make the contact a named one first, or "
                "choose another priority."
            )
        )


def _is_reserved(policy: Policy, priority: str, case: Case) -> bool:
    emergency = policy.emergency
    if emergency is None or not emergency.named_contacts_only or case.named_contact:
        return False
    return priority in emergency.priorities and priority != case.priority
