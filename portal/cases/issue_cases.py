"""Cases that are about one known issue: attached, told of the fix once, and solved together."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.cases.case import Case, IllegalMoveError
from portal.cases.closing import solve
from portal.cases.happenings import Happening
from portal.cases.merge import Merge
from portal.cases.merged import absorbed
from portal.cases.owed import settle_owed
from portal.cases.queries import OPEN
from portal.cases.revision import count_change
from portal.events import record
from portal.knowledge.known_issue import KnownIssue
from portal.people.person import Person


def attach(db: Session, *, case: Case, issue: KnownIssue, by: Person, now: datetime) -> bool:
    """This case is about that issue; its contact is told, and told again when it is fixed.

    False when it is attached to it already. Raises IllegalMoveError for a case that is over.
    """
    if case.known_issue_id == issue.id:
        return False
    if not case.is_open:
        raise IllegalMoveError(f"{case.reference} is {case.status}: reopen it first")
    case.known_issue = issue
    case.issue_told_at = None
    _record(db, Happening.ISSUE_ATTACHED, case, issue, by=by, now=now)
    _with_those_merged(db, case)
    return True


def detach(db: Session, *, case: Case, by: Person, now: datetime) -> bool:
    """It is about something else after all."""
    issue = case.known_issue
    if issue is None:
        return False
    case.known_issue, case.issue_told_at = None, None
    _record(db, Happening.ISSUE_DETACHED, case, issue, by=by, now=now)
    _with_those_merged(db, case)
    return True


def tell_of_fix(db: Session, *, case: Case, issue: KnownIssue, now: datetime) -> None:
    """Say on the case that it is fixed; the mail follows from the event. Once."""
    case.issue_told_at = now
    _record(db, Happening.ISSUE_FIXED, case, issue, by=None, now=now, fixed_in=issue.fixed_in)
    _with_those_merged(db, case)


def untold_cases(db: Session, issue: KnownIssue, *, limit: int) -> Sequence[Case]:
    """Some of the attached cases whose contacts don't know of the fix yet, locked.

    A duplicate is told through its survivor, or by itself where that is about another issue.
    """
    query = (
        select(Case)
        .where(
            Case.known_issue_id == issue.id,
            Case.issue_told_at.is_(None),
            ~_is_told_elsewhere(issue),
        )
        .order_by(Case.id)
        .limit(limit)
    )
    return db.scalars(query.with_for_update(of=Case)).all()


def _is_told_elsewhere(issue: KnownIssue) -> ColumnElement[bool]:
    goes_on_in, first = aliased(Case), aliased(Case)
    stays = select(Merge.id).join(first, Merge.survivor_id == first.id)
    return or_(
        exists().where(goes_on_in.id == Case.merged_into_id, goes_on_in.known_issue_id == issue.id),
        stays.where(
            Merge.duplicate_id == Case.id,
            Merge.undone_at.is_(None),
            first.known_issue_id == issue.id,
        ).exists(),
    )


def _with_those_merged(db: Session, case: Case) -> None:
    """What is said of the survivor is said of what went on in it."""
    for each in absorbed(db, case):
        settle_owed(db, each)


def is_attached(db: Session, issue: KnownIssue, *, email: str) -> bool:
    """Whether the reader of this address hears of the fix on a case of their own."""
    query = select(Case.id).where(Case.known_issue_id == issue.id, Case.contact_email == email)
    return db.scalar(query.limit(1)) is not None


def cases_of(db: Session, issue: KnownIssue, *, limit: int = 200) -> Sequence[Case]:
    """The open cases about this issue, the oldest first."""
    query = select(Case).where(Case.known_issue_id == issue.id, Case.status.in_(OPEN))
    return db.scalars(query.order_by(Case.id).limit(limit)).all()


def count_cases(db: Session, issues: Iterable[KnownIssue]) -> dict[int, int]:
    """How many open cases are about each of these issues; 0 is left out."""
    ids = [issue.id for issue in issues]
    query = (
        select(Case.known_issue_id, func.count())
        .where(Case.known_issue_id.in_(ids), Case.status.in_(OPEN))
        .group_by(Case.known_issue_id)
    )
    return {issue_id: count for issue_id, count in db.execute(query) if issue_id is not None}


def solve_together(
    db: Session,
    *,
    issue: KnownIssue,
    case_ids: Iterable[int],
    resolution: str,
    by: Person,
    now: datetime,
) -> tuple[list[Case], list[Case]]:
    """Solve these cases of the issue with the same words: those solved, and those that can't be."""
    wanted = select(Case).where(Case.known_issue_id == issue.id, Case.id.in_(list(case_ids)))
    solved: list[Case] = []
    refused: list[Case] = []
    for case in db.scalars(wanted.order_by(Case.id).with_for_update(of=Case)).all():
        try:
            solve(db, case=case, by=by, now=now, resolution=resolution)
        except IllegalMoveError:
            refused.append(case)
        else:
            solved.append(case)
    return solved, refused


def _record(
    db: Session,
    happening: Happening,
    case: Case,
    issue: KnownIssue,
    *,
    by: Person | None,
    now: datetime,
    **more: Any,
) -> None:
    count_change(case, now=now)
    record(
        db,
        happening,
        now=now,
        actor_id=by.id if by else None,
        actor_name=by.name if by else "",
        case_id=case.id,
        issue=issue.id,
        title=issue.title,
        **more,
    )
