"""The desk's queue: open work by the next promise that falls due, the broken ones first.

Its statements are built once and given their values, because every member of staff asks for them
all day.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from portal.cases.access import Sight, sight_of, viewer, visible
from portal.cases.case import Case, CaseStatus
from portal.cases.narrowing import Narrowing, narrowed
from portal.cases.queries import OPEN, OVER, by_promise, load_rows
from portal.database import UtcDateTime
from portal.locale import N_
from portal.people.person import Person

Columns = TypeVarTuple("Columns")
ANYTHING = Narrowing()
MOST_COUNTED = 100


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
    ALL = "all"


class Group(StrEnum):
    """How urgent a part of the queue is, in words."""

    OVERDUE = N_("overdue")
    WITHIN_THE_HOUR = N_("within the hour")
    TODAY = N_("today")
    LATER = N_("later")
    NO_TIME = N_("no time promised")
    WAITING = N_("waiting for the customer")
    PAUSED = N_("paused")
    HELD = N_("contract check")
    OVER = N_("solved or closed")


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
    to: Narrowing = ANYTHING,
    page: int = 1,
    size: int = 50,
) -> Queue:
    """The desk's work by the next promise that falls due, the overdue first.

    The views' own counts are of everything in them, whatever this page is narrowed to.
    """
    asked = _Asked(db, person, moments, narrowed(db, to, person=person))
    sight = sight_of(person)
    counts = {Group(name): number for name, number in asked.rows(_group_counts(sight, view))}
    total = sum(counts.values())
    pages = max(1, -(-total // size))
    number = min(max(1, page), pages)
    rows = asked.rows(_group_page(sight, view), size=size, skipped=(number - 1) * size)
    group_names = {row[0]: row[1] for row in rows}
    cases = load_rows(db, group_names)
    groups = [
        QueueGroup(g, counts[g], [c for c in cases if group_names[c.id] == g.value])
        for g in Group
        if counts.get(g)
    ]
    everything = _Asked(db, person, moments, [])
    found = everything.rows(_view_counts(sight))[0]
    view_counts = dict(zip(_AMONG_OPEN, found, strict=True))
    return Queue(view, groups, view_counts, number, pages, total)


def count_each(
    db: Session, *, person: Person, moments: Moments, wanted: Sequence[tuple[View, Narrowing]]
) -> list[int]:
    """How many cases each of these views has, counted to MOST_COUNTED, in one statement."""
    counted = [
        select(func.count())
        .select_from(
            select(Case.id)
            .where(visible(sight_of(person)), _VIEWS[view], *narrowed(db, to, person=person))
            .limit(MOST_COUNTED)
            .subquery()
        )
        .scalar_subquery()
        for view, to in wanted
    ]
    return list(_Asked(db, person, moments, []).rows(select(*counted))[0]) if counted else []


@dataclass(frozen=True)
class _Asked:
    """One question to the queue: the statements are built once, this gives them their values."""

    db: Session
    person: Person
    moments: Moments
    conditions: list[ColumnElement[bool]]

    def rows(self, statement: Select[*Columns], **window: int) -> Sequence[Row[*Columns]]:
        narrowed = statement.where(*self.conditions) if self.conditions else statement
        values = {**viewer(self.person), **asdict(self.moments), **window}
        return self.db.execute(narrowed, values).all()


_NOW = bindparam("now", type_=UtcDateTime())
_IN_AN_HOUR = bindparam("in_an_hour", type_=UtcDateTime())
_END_OF_DAY = bindparam("end_of_day", type_=UtcDateTime())
_IS_OPEN = Case.status.in_(OPEN)
_AMONG_OPEN: dict[View, ColumnElement[bool]] = {
    View.OPEN: true(),
    View.MINE: Case.assignee_id == bindparam("viewer_id", type_=Integer),
    View.UNASSIGNED: Case.assignee_id.is_(None),
    View.DUE_SOON: Case.next_due_at <= _IN_AN_HOUR,
    View.WAITING: Case.status == CaseStatus.WAITING,
    View.ESCALATED: or_(Case.level > 1, Case.escalation_requested_at.is_not(None)),
    View.HELD: Case.status == CaseStatus.HELD,
}
"""The views of open cases; each has its count on its tab."""
_VIEWS: dict[View, ColumnElement[bool]] = {
    **{view: and_(_IS_OPEN, condition) for view, condition in _AMONG_OPEN.items()},
    View.OVER: Case.status.in_(OVER),
    View.ALL: true(),
}
_GROUP: ColumnElement[str] = case(
    (Case.status.in_(OVER), Group.OVER.value),
    (Case.next_due_at < _NOW, Group.OVERDUE.value),
    (Case.next_due_at <= _IN_AN_HOUR, Group.WITHIN_THE_HOUR.value),
    (Case.status == CaseStatus.HELD, Group.HELD.value),
    (Case.status == CaseStatus.WAITING, Group.WAITING.value),
    (Case.next_due_at < _END_OF_DAY, Group.TODAY.value),
    (Case.next_due_at.is_not(None), Group.LATER.value),
    (Case.status == CaseStatus.PAUSED, Group.PAUSED.value),
    else_=Group.NO_TIME.value,
)


@cache
def _group_counts(sight: Sight, view: View) -> Select[str, int]:
    name = _GROUP.label("name")
    counted = select(name, func.count(Case.id)).where(visible(sight), _VIEWS[view])
    return counted.group_by(name)


@cache
def _group_page(sight: Sight, view: View) -> Select[int, str]:
    order = case({group.value: place for place, group in enumerate(Group)}, value=_GROUP)
    listed = select(Case.id, _GROUP).where(visible(sight), _VIEWS[view])
    window = bindparam("size", type_=Integer), bindparam("skipped", type_=Integer)
    return listed.order_by(order, *by_promise()).limit(window[0]).offset(window[1])


@cache
def _view_counts(sight: Sight) -> Select[*tuple[int, ...]]:
    """All views of open cases in one pass over them; those that are over aren't counted."""
    sums = [func.count(case((condition, 1))) for condition in _AMONG_OPEN.values()]
    return select(*sums).where(visible(sight), _IS_OPEN)
