"""The people and organisations that all tests share.

Harbour Lines ships freight and has a contract; Brightwater is a town whose contract has ended;
Cedar & Co. is a partner that files cases for Harbour Lines. Ines is the named emergency contact,
Theo the technical contact, Nadia an ordinary colleague; Gus has no account at all.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.people.organisation import Contract, Installation, Organisation
from portal.people.person import Person, Role

LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
GUEST_EMAIL = "gus@guest.example"


def person(db: Session, name: str, role: Role = Role.CONTACT, **more: Any) -> Person:
    """Somebody called `name`, with an address made from the name; committed by the caller."""
    email = more.pop("email", f"{name.split(maxsplit=1)[0].lower()}@{_domain(role)}")
    values = {"created_at": LONG_AGO} | more
    made = Person(name=name, email=email, role=role, **values)
    db.add(made)
    db.flush()
    return made


def organisation(db: Session, name: str, **more: Any) -> Organisation:
    slug = more.pop("slug", name.lower().replace(" ", "-").strip("."))
    made = Organisation(name=name, slug=slug, created_at=LONG_AGO, **more)
    db.add(made)
    db.flush()
    return made


def contract(db: Session, owner: Organisation, **more: Any) -> Contract:
    """A contract for the years 2026 to 2028, unless told otherwise."""
    values = {
        "name": "Support and Maintenance",
        "plan": "standard",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2028, 12, 31),
    } | more
    made = Contract(organisation=owner, **values)
    db.add(made)
    db.flush()
    return made


def installation(db: Session, owner: Organisation, **more: Any) -> Installation:
    values = {
        "name": "Main office",
        "details": {"pbx_manufacturer": "Avaya", "pbx_model": "IP Office 500", "version": "4.2"},
    } | more
    made = Installation(organisation=owner, **values)
    db.add(made)
    db.flush()
    return made


def harbour_lines(db: Session) -> Organisation:
    """A customer with a contract and one installation."""
    made = organisation(db, "Harbour Lines", slug="harbour-lines")
    contract(db, made)
    installation(db, made)
    return made


def brightwater(db: Session) -> Organisation:
    """A customer whose contract ended last year."""
    made = organisation(db, "Town of Brightwater", slug="brightwater")
    contract(db, made, starts_on=date(2024, 1, 1), ends_on=date(2025, 12, 31))
    return made


def cedar(db: Session) -> Organisation:
    """A partner: it files cases for the customers that name it."""
    return organisation(db, "Cedar & Co.", slug="cedar")


def ines(db: Session, works_for: Organisation) -> Person:
    """The named emergency contact, who lives in Berlin."""
    return person(
        db,
        "Ines Okafor",
        organisation_id=works_for.id,
        is_emergency_contact=True,
        time_zone="Europe/Berlin",
        phone="+49 30 5550100",
    )


def theo(db: Session, works_for: Organisation) -> Person:
    """The technical contact."""
    return person(db, "Theo Lindqvist", organisation_id=works_for.id, is_technical_contact=True)


def nadia(db: Session, works_for: Organisation) -> Person:
    """A colleague without any special role."""
    return person(db, "Nadia Petrov", organisation_id=works_for.id)


def writer(db: Session) -> Person:
    return person(db, "Wren Abara", Role.WRITER)


def agent(db: Session) -> Person:
    return person(db, "Aldo Marchetti", Role.AGENT, time_zone="America/Los_Angeles")


def manager(db: Session) -> Person:
    return person(db, "Mai Tanaka", Role.MANAGER, time_zone="America/Los_Angeles")


def administrator(db: Session) -> Person:
    return person(db, "Ada Kowalski", Role.ADMINISTRATOR, time_zone="America/Los_Angeles")


@dataclass(frozen=True)
class Cast:
    """Everybody at once, for tests about who may do what."""

    harbour_lines: Organisation
    brightwater: Organisation
    cedar: Organisation
    ines: Person
    theo: Person
    nadia: Person
    bea: Person
    piet: Person
    writer: Person
    agent: Person
    manager: Person
    administrator: Person


def everybody(db: Session) -> Cast:
    """The whole cast: Bea works for Brightwater, Piet for the partner Cedar & Co."""
    partner = cedar(db)
    customer, town = harbour_lines(db), brightwater(db)
    customer.partner_id = partner.id
    db.flush()
    return Cast(
        harbour_lines=customer,
        brightwater=town,
        cedar=partner,
        ines=ines(db, customer),
        theo=theo(db, customer),
        nadia=nadia(db, customer),
        bea=person(db, "Bea Nkosi", organisation_id=town.id),
        piet=person(db, "Piet Jansen", organisation_id=partner.id),
        writer=writer(db),
        agent=agent(db),
        manager=manager(db),
        administrator=administrator(db),
    )


def _domain(role: Role) -> str:
    return "customer.example" if role is Role.CONTACT else "desk.example"
