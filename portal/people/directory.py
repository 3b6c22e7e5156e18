"""The directory that staff look into: organisations, people, requests for an account, history.

Lists are searched by parts of words and come a page at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.database import contains
from portal.events import Event
from portal.people.account_request import AccountRequest, Outcome
from portal.people.organisation import Contract, Installation, Organisation
from portal.people.person import Person, Role

PAGE_SIZE = 50
Row = TypeVar("Row")


@dataclass(frozen=True)
class Listed(Generic[Row]):
    """One page of a list: its rows, which page of how many it is, and how many rows there are."""

    rows: Sequence[Row]
    number: int
    count: int
    total: int


@dataclass(frozen=True)
class Wanted:
    """What a list of people was narrowed to; `kind` is "contacts", "staff", "ended" or ""."""

    words: str = ""
    kind: str = ""


def list_organisations(
    db: Session, *, words: str = "", ended: bool = False, page: int = 1
) -> Listed[Organisation]:
    """Customers, or those that ended, by name."""
    is_ended = Organisation.ended_at.is_not(None) if ended else Organisation.ended_at.is_(None)
    query = select(Organisation).where(is_ended)
    for word in _words(words):
        query = query.where(
            or_(contains(Organisation.name, word), contains(Organisation.slug, word))
        )
    return _listed(db, query.order_by(Organisation.name, Organisation.id), page)


def list_people(db: Session, *, wanted: Wanted, page: int = 1) -> Listed[Person]:
    """People by name, with their organisations."""
    query = select(Person).options(joinedload(Person.organisation)).where(_kind(wanted.kind))
    for word in _words(wanted.words):
        named = Person.organisation.has(contains(Organisation.name, word))
        query = query.where(or_(contains(Person.name, word), contains(Person.email, word), named))
    return _listed(db, query.order_by(Person.name, Person.id), page)


def find_organisation_to_keep(db: Session, slug: str, *, lock: bool = False) -> Organisation | None:
    """The organisation; `lock` makes others who would change it wait (PostgreSQL)."""
    query = select(Organisation).where(Organisation.slug == slug)
    return db.scalar(query.with_for_update() if lock else query)


def partner_of(db: Session, organisation: Organisation) -> Organisation | None:
    """Who files cases for this customer."""
    return db.get(Organisation, organisation.partner_id) if organisation.partner_id else None


def find_contract(
    db: Session, organisation: Organisation, contract_id: int, *, lock: bool = False
) -> Contract | None:
    """One of this organisation's contracts."""
    query = select(Contract).where(
        Contract.id == contract_id, Contract.organisation_id == organisation.id
    )
    return db.scalar(query.with_for_update() if lock else query)


def find_installation(
    db: Session, organisation: Organisation, installation_id: int, *, lock: bool = False
) -> Installation | None:
    """One of this organisation's installations."""
    query = select(Installation).where(
        Installation.id == installation_id, Installation.organisation_id == organisation.id
    )
    return db.scalar(query.with_for_update() if lock else query)


def find_person_to_keep(db: Session, person_id: int, *, lock: bool = False) -> Person | None:
    query = select(Person).where(Person.id == person_id)
    return db.scalar(query.with_for_update() if lock else query)


def everybody_of(db: Session, organisation: Organisation) -> list[Person]:
    """All its contacts; those who were shut out last."""
    query = select(Person).where(Person.organisation_id == organisation.id)
    return list(db.scalars(query.order_by(Person.disabled_at.is_not(None), Person.name)))


def pending_requests(db: Session) -> list[AccountRequest]:
    """Whoever waits for an account, the longest first."""
    query = select(AccountRequest).where(AccountRequest.outcome == Outcome.PENDING)
    return list(db.scalars(query.order_by(AccountRequest.id)))


def decided_requests(db: Session, *, limit: int = 20) -> list[AccountRequest]:
    """What was decided last."""
    query = select(AccountRequest).where(AccountRequest.outcome != Outcome.PENDING)
    return list(db.scalars(query.order_by(AccountRequest.decided_at.desc()).limit(limit)))


def find_request(db: Session, request_id: int, *, lock: bool = False) -> AccountRequest | None:
    query = select(AccountRequest).where(AccountRequest.id == request_id)
    return db.scalar(query.with_for_update(of=AccountRequest) if lock else query)


def history_of_organisation(
    db: Session, organisation: Organisation, *, page: int = 1
) -> Listed[Event]:
    """What was done to it, its people, contracts and installations, newest first."""
    return _history(db, Event.organisation_id == organisation.id, page)


def history_of_person(db: Session, person: Person, *, page: int = 1) -> Listed[Event]:
    """What was done to a person's account, newest first; not when they signed in."""
    signing = ("signed_in", "signed_out")
    mine = (Event.person_id == person.id) & Event.kind.not_in(signing)
    return _history(db, mine & Event.case_id.is_(None), page)


def _history(db: Session, which: ColumnElement[bool], page: int) -> Listed[Event]:
    return _listed(db, select(Event).where(which).order_by(Event.id.desc()), page)


def _kind(kind: str) -> ColumnElement[bool]:
    stays = Person.disabled_at.is_(None)
    if kind == "contacts":
        return stays & (Person.role == Role.CONTACT)
    if kind == "staff":
        return stays & (Person.role != Role.CONTACT)
    return Person.disabled_at.is_not(None) if kind == "ended" else stays


def _listed(db: Session, query: Select[Any], page: int) -> Listed[Any]:
    total = db.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    count = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), count)
    rows = db.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).unique().all()
    return Listed(rows, number, count, total)


def _words(words: str) -> list[str]:
    return words.split()[:8]
