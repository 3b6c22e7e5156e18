"""Everything that an organisation ever asked, and what became of it: who asked, by which way, how
it was solved, and how often both sides wrote (A22).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from portal.cases.access import cases_visible_to, reference_key
from portal.cases.case import Case
from portal.cases.case_words import speaks_of
from portal.cases.conversation import Message
from portal.cases.queries import OPEN
from portal.cases.rating import Rating
from portal.people.organisation import Organisation
from portal.people.person import Person

PAGE_SIZE = 30
BATCH_SIZE = 500


class State(StrEnum):
    """Which cases: all of them, those that go on, or those that are over."""

    ANY = ""
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class Asked:
    """What the history was narrowed to; all given conditions must hold."""

    words: str = ""
    contact: str = ""
    channel: str = ""
    state: State = State.ANY
    opened_from: datetime | None = None
    opened_before: datetime | None = None


@dataclass(frozen=True)
class Contacted:
    """One case, how often the customer and support wrote, and how it was rated (0: it wasn't)."""

    case: Case
    from_customer: int
    from_staff: int
    score: int


@dataclass(frozen=True)
class HistoryPage:
    """One page, newest first, and who of the organisation ever asked."""

    rows: Sequence[Contacted]
    number: int
    count: int
    total: int
    contacts: Sequence[str]


def organisation_history(
    db: Session,
    *,
    organisation: Organisation,
    person: Person,
    asked: Asked,
    page: int = 1,
) -> HistoryPage:
    """The organisation's cases that `person` may see. Costs five queries however long it is."""
    theirs = _theirs(organisation, person)
    wanted = [theirs, *_conditions(db, asked)]
    total = db.scalar(select(func.count(Case.id)).where(*wanted)) or 0
    count = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), count)
    query = _newest_first(wanted).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    cases = db.scalars(query).all()
    names = select(Case.contact_name).where(theirs).distinct().order_by(Case.contact_name)
    return HistoryPage(_counted(db, cases), number, count, total, db.scalars(names).all())


def whole_history(
    db: Session, *, organisation: Organisation, person: Person, asked: Asked
) -> Iterator[Contacted]:
    """The same cases, all of them, a batch at a time: however many there are."""
    conditions = [_theirs(organisation, person), *_conditions(db, asked)]
    last: Case | None = None
    while True:
        wanted = conditions if last is None else [*conditions, _comes_after(last)]
        cases = db.scalars(_newest_first(wanted).limit(BATCH_SIZE)).all()
        yield from _counted(db, cases)
        if len(cases) < BATCH_SIZE:
            return
        last = cases[-1]


def _theirs(organisation: Organisation, person: Person) -> ColumnElement[bool]:
    return (Case.organisation_id == organisation.id) & cases_visible_to(person)


def _newest_first(wanted: Iterable[ColumnElement[bool]]) -> Select[Case]:
    query = select(Case).where(*wanted).order_by(Case.opened_at.desc(), Case.id.desc())
    return query.options(
        defer(Case.description),
        defer(Case.details),
        defer(Case.trace),
        joinedload(Case.policy_version),
    )


def _comes_after(last: Case) -> ColumnElement[bool]:
    is_older = (Case.opened_at == last.opened_at) & (Case.id < last.id)
    return (Case.opened_at < last.opened_at) | is_older


def _counted(db: Session, cases: Sequence[Case]) -> list[Contacted]:
    ids = [case.id for case in cases]
    query = select(Message.case_id, Message.is_from_staff, func.count(Message.id))
    query = query.where(Message.case_id.in_(ids), Message.is_internal.is_(False))
    grouped = db.execute(query.group_by(Message.case_id, Message.is_from_staff))
    counts = {(case_id, is_staff): count for case_id, is_staff, count in grouped}
    rated = select(Rating.case_id, Rating.score).where(Rating.case_id.in_(ids))
    scores = {row.case_id: row.score for row in db.execute(rated)}
    return [
        Contacted(
            case,
            from_customer=counts.get((case.id, False), 0),
            from_staff=counts.get((case.id, True), 0),
            score=scores.get(case.id, 0),
        )
        for case in cases
    ]


def _conditions(db: Session, asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.contact:
        found.append(Case.contact_name == asked.contact)
    if asked.channel:
        found.append(Case.channel == asked.channel)
    if asked.state is not State.ANY:
        is_open = Case.status.in_(OPEN)
        found.append(is_open if asked.state is State.OPEN else ~is_open)
    if asked.opened_from is not None:
        found.append(Case.opened_at >= asked.opened_from)
    if asked.opened_before is not None:
        found.append(Case.opened_at < asked.opened_before)
    if asked.words.strip():
        key, spoken = reference_key(asked.words), speaks_of(db, asked.words)
        is_it = or_(Case.number == key, Case.receipt == key)
        found.append(or_(is_it, false() if spoken is None else spoken))
    return found
