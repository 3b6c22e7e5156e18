"""What a case owes besides its clocks: a day of delivery, an agreed day, an answer to who asked for
escalation, and news of a known issue.

Like the clocks, it is read from the record, so that a merge can be undone without a rest: a
survivor owes what its duplicates were owed when they came, unless it was settled there since.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.merge import Merge
from portal.cases.merged import OVER, Told, absorbed, life_of

Day = TypeVar("Day", bound=date)


@dataclass(frozen=True)
class Owed:
    """The values of a case that are to be carried; the names are those of its columns."""

    fix_due_on: date | None = None
    scheduled_on: date | None = None
    proposed_on: date | None = None
    is_customers_proposal: bool = False
    escalation_requested_at: datetime | None = None
    escalation_answer_due_at: datetime | None = None
    known_issue_id: int | None = None
    issue_told_at: datetime | None = None


def settle_owed(db: Session, case: Case) -> None:
    """Set what `case` owes, as the record has it; and what those owe that go on in it."""
    db.flush()
    for each in (case, *absorbed(db, case)):
        for name, value in vars(owed_by(db, each)).items():
            setattr(each, name, value)
        db.flush()
        db.expire(each, ["known_issue"])


def owed_by(db: Session, case: Case, *, before: int | None = None) -> Owed:
    """What the events say; only those before the one with the id `before`, if that is given."""
    merges = select(Merge).where(Merge.survivor_id == case.id, Merge.undone_at.is_(None))
    came = {made.event_id: made for made in db.scalars(merges)}
    steps: list[Told | Merge] = [*life_of(db, case, kinds=_STEPS, before=before), *came.values()]
    owed = Owed()
    for step in sorted(steps, key=_order):
        if isinstance(step, Merge):
            theirs = owed_by(db, step.duplicate, before=step.event_id)
            owed = _joined(owed, theirs, is_over=step.status_before in OVER)
        else:
            owed = _STEPS[Happening(step.kind)](owed, step, step.case_id == case.id)
    return owed


def _order(step: Told | Merge) -> int:
    return step.event_id if isinstance(step, Merge) else step.id


def _joined(mine: Owed, theirs: Owed, *, is_over: bool) -> Owed:
    """The earlier day of both; of a duplicate that was over, only the news of its issue."""
    if mine.known_issue_id is None:
        mine = replace(
            mine, known_issue_id=theirs.known_issue_id, issue_told_at=theirs.issue_told_at
        )
    if is_over:
        return mine
    proposal = mine if mine.proposed_on else theirs
    return replace(
        mine,
        fix_due_on=_earlier(mine.fix_due_on, theirs.fix_due_on),
        scheduled_on=_earlier(mine.scheduled_on, theirs.scheduled_on),
        proposed_on=proposal.proposed_on,
        is_customers_proposal=proposal.is_customers_proposal,
        escalation_requested_at=_earlier(
            mine.escalation_requested_at, theirs.escalation_requested_at
        ),
        escalation_answer_due_at=_earlier(
            mine.escalation_answer_due_at, theirs.escalation_answer_due_at
        ),
    )


def _earlier(one: Day | None, other: Day | None) -> Day | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _delivery_set(owed: Owed, told: Told, _is_own: bool) -> Owed:
    return replace(owed, fix_due_on=date.fromisoformat(told.detail["after"]))


def _proposed(owed: Owed, told: Told, _is_own: bool) -> Owed:
    on = date.fromisoformat(told.detail["on"])
    return replace(owed, proposed_on=on, is_customers_proposal=told.detail["by_customer"])


def _agreed(owed: Owed, told: Told, _is_own: bool) -> Owed:
    return replace(owed, scheduled_on=date.fromisoformat(told.detail["on"]), proposed_on=None)


def _withdrawn(owed: Owed, _told: Told, _is_own: bool) -> Owed:
    return replace(owed, proposed_on=None)


def _asked(owed: Owed, told: Told, _is_own: bool) -> Owed:
    due = told.detail.get("answer_due_at")
    return replace(
        owed,
        escalation_requested_at=told.at,
        escalation_answer_due_at=datetime.fromisoformat(due) if due else None,
    )


def _answered(owed: Owed, _told: Told, _is_own: bool) -> Owed:
    return replace(owed, escalation_requested_at=None, escalation_answer_due_at=None)


def _ended(owed: Owed, told: Told, is_own: bool) -> Owed:
    return _answered(_withdrawn(owed, told, is_own), told, is_own)


def _attached(owed: Owed, told: Told, is_own: bool) -> Owed:
    """What is attached to the survivor leaves a duplicate the issue that it had itself."""
    if not is_own and owed.known_issue_id is not None:
        return owed
    return replace(owed, known_issue_id=told.detail["issue"], issue_told_at=None)


def _detached(owed: Owed, told: Told, _is_own: bool) -> Owed:
    is_it = owed.known_issue_id == told.detail["issue"]
    return replace(owed, known_issue_id=None, issue_told_at=None) if is_it else owed


def _fixed(owed: Owed, told: Told, _is_own: bool) -> Owed:
    is_it = owed.known_issue_id == told.detail["issue"]
    return replace(owed, issue_told_at=told.at) if is_it else owed


_STEPS: dict[Happening, Callable[[Owed, Told, bool], Owed]] = {
    Happening.DELIVERY_DATE_SET: _delivery_set,
    Happening.SCHEDULE_PROPOSED: _proposed,
    Happening.SCHEDULE_AGREED: _agreed,
    Happening.SCHEDULE_WITHDRAWN: _withdrawn,
    Happening.ESCALATION_REQUESTED: _asked,
    Happening.ESCALATION_ANSWERED: _answered,
    Happening.ESCALATED: _answered,
    Happening.SOLVED: _ended,
    Happening.CLOSED: _ended,
    Happening.CONTRACT_REFUSED: _ended,
    Happening.ISSUE_ATTACHED: _attached,
    Happening.ISSUE_DETACHED: _detached,
    Happening.ISSUE_FIXED: _fixed,
}
