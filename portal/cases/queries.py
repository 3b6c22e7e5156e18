"""Lists of cases: the customer's own, and the desk's queue by the next promise that falls due.

Every list starts from the one access rule, and costs a few queries however long it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from portal.cases.access import cases_visible_to
from portal.cases.case import Case, CaseStatus
from portal.cases.numbers import UnreadableNumberError, read_reference
from portal.people.person import Person

PAGE_SIZE = 20
_OVER = (CaseStatus.SOLVED, CaseStatus.CLOSED)
_OPEN = tuple(status for status in CaseStatus if status not in _OVER)
_LIKE_SPECIAL = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


class Turn(StrEnum):
    """Which part of a contact's list: what waits for them, what we work on, what is over."""

    YOURS = "waiting for you"
    OURS = "open"
    OVER = "closed"


@dataclass(frozen=True)
class CaseFilter:
    """What a list was narrowed to; all given conditions must hold.

    `whose` is "own", "organisation" or "" for all that one may see. Dates are inclusive days in
    UTC. `words` may be a case number, or words of the subject, description or contact.
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
    if case_.status in {CaseStatus.WAITING, CaseStatus.SOLVED}:
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
    wanted = and_(cases_visible_to(person), *_conditions(filters or CaseFilter(), person))
    total = db.scalar(select(func.count(Case.id)).where(wanted)) or 0
    count = max(1, -(-total // size))
    number = min(max(1, page), count)
    turn = case(
        (Case.status.in_((CaseStatus.WAITING, CaseStatus.SOLVED)), 0),
        (Case.status == CaseStatus.CLOSED, 2),
        else_=1,
    )
    query = _rows(wanted).order_by(turn, Case.updated_at.desc(), Case.id.desc())
    cases = db.scalars(query.limit(size).offset((number - 1) * size)).all()
    return CasePage(cases, number, count, total)


def open_cases_of(db: Session, *, person: Person, limit: int = 3) -> Sequence[Case]:
    """The person's own open cases, the next promise first: for the home page."""
    query = _rows(and_(Case.contact_id == person.id, Case.status.in_(_OPEN)))
    return db.scalars(query.order_by(*_by_promise()).limit(limit)).all()


def last_case_of(db: Session, *, person: Person, installation_id: int | None = None) -> Case | None:
    """The contact's latest case (for one installation): what a new form is filled in from."""
    query = select(Case).where(Case.contact_id == person.id)
    if installation_id is not None:
        query = query.where(Case.installation_id == installation_id)
    return db.scalar(query.order_by(Case.id.desc()).limit(1))


class View(StrEnum):
    """A saved way to look at the queue; each is an address."""

    OPEN = "open"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    DUE_SOON = "due-soon"
    WAITING = "waiting"
    ESCALATED = "escalated"
    HELD = "held"
    OVER = "over"


class Group(StrEnum):
    """How urgent a part of the queue is, in words."""

    OVERDUE = "overdue"
    WITHIN_THE_HOUR = "within the hour"
    TODAY = "today"
    LATER = "later"
    NO_TIME = "no time promised"
    WAITING = "waiting for the customer"
    HELD = "contract check"
    OVER = "solved or closed"


@dataclass(frozen=True)
class QueueGroup:
    """The cases of one group on this page, and how many the group has in all."""

    group: Group
    count: int
    cases: Sequence[Case]


@dataclass(frozen=True)
class Queue:
    """One page of the queue with the size of every group and of every view."""

    view: View
    groups: Sequence[QueueGroup]
    view_counts: dict[View, int]
    number: int
    count: int
    total: int


@dataclass(frozen=True)
class Moments:
    """The instants that divide the queue."""

    now: datetime
    in_an_hour: datetime
    end_of_day: datetime


def queue(
    db: Session,
    *,
    person: Person,
    moments: Moments,
    view: View = View.OPEN,
    filters: CaseFilter | None = None,
    page: int = 1,
    size: int = 50,
) -> Queue:
    """The desk's work by the next promise that falls due, the overdue first."""
    views = _views(person, moments)
    visible = and_(cases_visible_to(person), *_conditions(filters or CaseFilter(), person))
    wanted = and_(visible, views[view])
    group = _group_of(moments)
    counts = {
        Group(name): number
        for name, number in db.execute(
            select(group, func.count(Case.id)).where(wanted).group_by(group)
        )
    }
    total = sum(counts.values())
    pages = max(1, -(-total // size))
    number = min(max(1, page), pages)
    order = case({g.value: n for n, g in enumerate(Group)}, value=group)
    query = _rows(wanted).add_columns(group).order_by(order, *_by_promise())
    rows = db.execute(query.limit(size).offset((number - 1) * size)).all()
    groups = [
        QueueGroup(g, counts[g], [found for found, name in rows if name == g.value])
        for g in Group
        if counts.get(g)
    ]
    return Queue(view, groups, _view_counts(db, visible, views), number, pages, total)


def _rows(wanted: ColumnElement[bool]) -> Select[Case]:
    """Cases with what every row of a list shows, in one query."""
    return (
        select(Case)
        .where(wanted)
        .options(
            joinedload(Case.policy_version),
            joinedload(Case.assignee),
            joinedload(Case.organisation),
        )
    )


def _by_promise() -> tuple[ColumnElement[bool], ColumnElement[datetime | None], ColumnElement[int]]:
    return Case.next_due_at.is_(None), Case.next_due_at.asc(), Case.id.asc()


def _views(person: Person, moments: Moments) -> dict[View, ColumnElement[bool]]:
    is_open = Case.status.in_(_OPEN)
    return {
        View.OPEN: is_open,
        View.MINE: and_(is_open, Case.assignee_id == person.id),
        View.UNASSIGNED: and_(is_open, Case.assignee_id.is_(None)),
        View.DUE_SOON: and_(is_open, Case.next_due_at <= moments.in_an_hour),
        View.WAITING: Case.status == CaseStatus.WAITING,
        View.ESCALATED: and_(
            is_open, or_(Case.level > 1, Case.escalation_requested_at.is_not(None))
        ),
        View.HELD: Case.status == CaseStatus.HELD,
        View.OVER: Case.status.in_(_OVER),
    }


def _view_counts(
    db: Session, visible: ColumnElement[bool], views: dict[View, ColumnElement[bool]]
) -> dict[View, int]:
    """All views of open cases in one pass over them; those that are over aren't counted."""
    counted = [view for view in views if view is not View.OVER]
    sums = [func.sum(case((views[view], 1), else_=0)) for view in counted]
    found = db.execute(select(*sums).where(visible, Case.status.in_(_OPEN))).one()
    return {view: int(number or 0) for view, number in zip(counted, found, strict=True)}


def _group_of(moments: Moments) -> ColumnElement[str]:
    due = Case.next_due_at
    return case(
        (Case.status.in_(_OVER), Group.OVER.value),
        (Case.status == CaseStatus.HELD, Group.HELD.value),
        (due < moments.now, Group.OVERDUE.value),
        (due <= moments.in_an_hour, Group.WITHIN_THE_HOUR.value),
        (Case.status == CaseStatus.WAITING, Group.WAITING.value),
        (due < moments.end_of_day, Group.TODAY.value),
        (due.is_not(None), Group.LATER.value),
        else_=Group.NO_TIME.value,
    )


def _conditions(filters: CaseFilter, person: Person) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.whose == "own":
        found.append(Case.contact_id == person.id)
    elif filters.whose == "organisation":
        found.append(or_(Case.contact_id != person.id, Case.contact_id.is_(None)))
    if filters.statuses:
        found.append(Case.status.in_(filters.statuses))
    if filters.priority:
        found.append(Case.priority == filters.priority)
    if filters.opened_from is not None:
        found.append(Case.opened_at >= filters.opened_from)
    if filters.opened_before is not None:
        found.append(Case.opened_at < filters.opened_before)
    if filters.requester.strip():
        found.append(_contains(Case.contact_name, filters.requester))
    if filters.words.strip():
        found.append(_about(filters.words))
    return found


def _about(words: str) -> ColumnElement[bool]:
    """A case number finds its case; words must all stand in the subject, text or contact."""
    try:
        key = read_reference(words)
    except UnreadableNumberError:
        pass
    else:
        return or_(Case.number == key, Case.receipt == key)
    return and_(
        *(
            or_(
                _contains(Case.subject, word),
                _contains(Case.description, word),
                _contains(Case.contact_name, word),
                _contains(Case.number, word),
            )
            for word in words.split()[:8]
        )
    )


def _contains(column: InstrumentedAttribute[Any], word: str) -> ColumnElement[bool]:
    return column.ilike(f"%{word[:80].translate(_LIKE_SPECIAL)}%", escape="\\")
