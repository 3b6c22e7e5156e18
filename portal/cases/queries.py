"""Lists of cases, and what they can be narrowed to.

Every list starts from the one access rule, and costs a few queries however long it is.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased, defer, joinedload, load_only

from portal.cases.access import Sight, sight_of, viewer, visible
from portal.cases.case import Case, CaseStatus
from portal.cases.numbers import UnreadableNumberError, read_reference
from portal.database import contains
from portal.people.organisation import Organisation
from portal.people.person import Person

PAGE_SIZE = 20
OVER = (CaseStatus.SOLVED, CaseStatus.CLOSED)
OPEN = tuple(status for status in CaseStatus if status not in OVER)
_ASKS_ABOUT_DAY = and_(Case.proposed_on.is_not(None), Case.is_customers_proposal.is_(False))


class Turn(StrEnum):
    """Which part of a contact's list: what waits for them, what we work on, what is over."""

    YOURS = "waiting for you"
    OURS = "open"
    OVER = "closed"


@dataclass(frozen=True)
class CaseFilter:
    """What a list was narrowed to; all given conditions must hold.

    `whose` is "own", "organisation" or "" for all that one may see. `statuses` are those that the
    customer reads: a day that waits for their word is WAITING. Dates are inclusive days in UTC.
    `words` may be a case number, or words of the subject, description or contact.
    """

    whose: str = ""
    statuses: frozenset[CaseStatus] = frozenset()
    priority: str = ""
    words: str = ""
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    requester: str = ""

    @property
    def is_narrow(self) -> bool:
        return self != CaseFilter(whose=self.whose)


@dataclass(frozen=True)
class CasePage:
    """One page of a list of cases."""

    cases: Sequence[Case]
    number: int
    count: int
    total: int


def turn_of(case_: Case) -> Turn:
    if case_.status in {CaseStatus.WAITING, CaseStatus.SOLVED} or case_.asks_about_day:
        return Turn.YOURS
    return Turn.OURS if case_.is_open else Turn.OVER


def case_list(
    db: Session,
    *,
    person: Person,
    filters: CaseFilter | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> CasePage:
    """What waits for the customer first, then what is open, then what is closed."""
    filters = filters or CaseFilter()
    counted, listed = _listing(sight_of(person), filters.whose)
    if conditions := conditions_of(filters):
        counted, listed = counted.where(*conditions), listed.where(*conditions)
    cases = db.scalars(listed, viewer(person) | {"size": size, "skipped": 0}).all()
    is_all = page <= 1 and len(cases) < size
    total = len(cases) if is_all else db.scalar(counted, viewer(person)) or 0
    count = max(1, -(-total // size))
    number = min(max(1, page), count)
    if number > 1:
        window = {"size": size, "skipped": (number - 1) * size}
        cases = db.scalars(listed, viewer(person) | window).all()
    return CasePage(cases, number, count, total)


@cache
def _listing(sight: Sight, whose: str) -> tuple[Select[int], Select[Case]]:
    """How many cases somebody sees, and those of one page, built once for each kind of reader."""
    seen = and_(visible(sight), _of(whose))
    turn = case(
        (Case.status.in_((CaseStatus.WAITING, CaseStatus.SOLVED)), 0),
        (Case.status == CaseStatus.CLOSED, 2),
        (_ASKS_ABOUT_DAY, 0),
        else_=1,
    )
    order = (turn, Case.updated_at.desc(), Case.id.desc())
    listed = select(Case).options(*_OWN_ROW).where(seen).order_by(*order)
    return (
        select(func.count(Case.id)).where(seen),
        listed.limit(bindparam("size", type_=Integer)).offset(bindparam("skipped", type_=Integer)),
    )


def open_cases_of(db: Session, *, person: Person, limit: int = 3) -> Sequence[Case]:
    """The person's own open cases, the next promise first: for the home page."""
    ids = select(Case.id).where(Case.contact_id == person.id, Case.status.in_(OPEN))
    return _load(db, _OWN_ROWS, db.scalars(ids.order_by(*by_promise()).limit(limit)).all())


def last_case_of(db: Session, *, person: Person, installation_id: int | None = None) -> Case | None:
    """The contact's latest case (for one installation): what a new form is filled in from."""
    query = select(Case).where(Case.contact_id == person.id)
    if installation_id is not None:
        query = query.where(Case.installation_id == installation_id)
    return db.scalar(query.order_by(Case.id.desc()).limit(1))


_OWN_ROW = (
    load_only(
        Case.receipt,
        Case.number,
        Case.status,
        Case.subject,
        Case.priority,
        Case.contact_id,
        Case.contact_name,
        Case.opened_at,
        Case.updated_at,
        Case.first_response_due_at,
        Case.next_update_due_at,
        Case.next_due_at,
        Case.escalation_answer_due_at,
        Case.first_responded_at,
        Case.pause_reason,
        Case.paused_for,
        Case.scheduled_on,
        Case.proposed_on,
        Case.is_customers_proposal,
    ),
    joinedload(Case.policy_version),
)
_ROW = (
    defer(Case.description),
    defer(Case.details),
    defer(Case.trace),
    defer(Case.consent),
    defer(Case.shown_articles),
    joinedload(Case.policy_version),
    joinedload(Case.assignee).load_only(Person.name),
    joinedload(Case.organisation).load_only(Organisation.name),
)


_CASES = select(Case).where(Case.id.in_(bindparam("ids", expanding=True)))
_OWN_ROWS, _ROWS = _CASES.options(*_OWN_ROW), _CASES.options(*_ROW)


def load_rows(db: Session, wanted: Iterable[int]) -> list[Case]:
    """These cases, in this order, with what every row of a list shows staff, in one query."""
    return _load(db, _ROWS, list(wanted))


def _load(db: Session, rows: Select[Case], ids: Sequence[int]) -> list[Case]:
    found = {case_.id: case_ for case_ in db.scalars(rows, {"ids": ids})} if ids else {}
    return [found[each] for each in ids if each in found]


def by_promise() -> tuple[ColumnElement[bool], ColumnElement[datetime | None], ColumnElement[int]]:
    return Case.next_due_at.is_(None), Case.next_due_at.asc(), Case.id.asc()


def _of(whose: str) -> ColumnElement[bool]:
    """The reader's own cases, or those of the others; `viewer(person)` gives the parameter."""
    viewer_id = bindparam("viewer_id", type_=Integer)
    if whose == "own":
        return Case.contact_id == viewer_id
    if whose == "organisation":
        return or_(Case.contact_id != viewer_id, Case.contact_id.is_(None))
    return true()


def conditions_of(filters: CaseFilter) -> list[ColumnElement[bool]]:
    """What a list is narrowed to, whoever's cases it shows."""
    found: list[ColumnElement[bool]] = []
    if filters.statuses:
        found.append(_shown_as(filters.statuses))
    if filters.priority:
        found.append(Case.priority == filters.priority)
    if filters.opened_from is not None:
        found.append(Case.opened_at >= filters.opened_from)
    if filters.opened_before is not None:
        found.append(Case.opened_at < filters.opened_before)
    if filters.requester.strip():
        found.append(contains(Case.contact_name, filters.requester))
    if filters.words.strip():
        found.append(_about(filters.words))
    return found


def _shown_as(statuses: Collection[CaseStatus]) -> ColumnElement[bool]:
    stands = and_(Case.status.in_(statuses), not_(_ASKS_ABOUT_DAY))
    return or_(stands, _ASKS_ABOUT_DAY) if CaseStatus.WAITING in statuses else stands


def _about(words: str) -> ColumnElement[bool]:
    """A case number finds its case; words must all stand in the subject, text or contact."""
    try:
        key = read_reference(words)
    except UnreadableNumberError:
        pass
    else:
        named = aliased(Case)
        is_it = or_(named.number == key, named.receipt == key)
        return Case.id.in_(select(func.coalesce(named.merged_into_id, named.id)).where(is_it))
    return and_(
        *(
            or_(
                contains(Case.subject, word),
                contains(Case.description, word),
                contains(Case.contact_name, word),
                contains(Case.number, word),
            )
            for word in words.split()[:8]
        )
    )


def open_cases_of_customer(db: Session, *, case: Case, limit: int = 10) -> Sequence[Case]:
    """Other open cases of the same customer, the latest first: what a duplicate may belong to."""
    if case.organisation_id is not None:
        same = Case.organisation_id == case.organisation_id
    elif case.contact_id is not None:
        same = Case.contact_id == case.contact_id
    else:
        same = Case.contact_email == case.contact_email
    query = select(Case).where(same, Case.status.in_(OPEN), Case.id != case.id)
    return db.scalars(query.order_by(Case.id.desc()).limit(limit)).all()
