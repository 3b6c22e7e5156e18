"""The people of these tests: a customer with a contract, its partner, a stranger, and the desk."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.cases import submission
from portal.cases.case import Case, PolicyVersion
from portal.cases.policies import adopt
from portal.cases.request import Request
from portal.people.organisation import Contract, Installation, Organisation
from portal.people.person import Person, Role
from portal.policy.profiles import profile_source
from portal.settings import Settings

ANSWERS = {
    "company_name": "Harbour Lines",
    "install_type": "single server",
    "location": "Hamburg",
    "database_type": "PostgreSQL",
    "vxtracker_server": "9.1 on Debian",
    "pbx_manufacturer": "Mitel",
    "pbx_model": "3300",
    "contact_name": "Ines Falk",
    "contact_phone": "+49 40 123",
    "contact_email": "ines@harbour.example",
    "summary": "Calls are not recorded",
    "description": "Since this morning no call is recorded.",
    "steps_taken": "Restarted the service.",
    "site_url": "https://harbour.example",
}


@dataclass
class Cast:
    """Named people and organisations."""

    harbour: Organisation
    partner: Organisation
    other: Organisation
    site: Installation
    ines: Person
    jonas: Person
    paula: Person
    otto: Person
    agent: Person
    second: Person
    writer: Person


def _organisation(db: Session, name: str, now: datetime, **more: Any) -> Organisation:
    organisation = Organisation(slug=name.lower(), name=name, created_at=now, **more)
    db.add(organisation)
    db.flush()
    return organisation


def _person(db: Session, name: str, now: datetime, **more: Any) -> Person:
    person = Person(
        name=name, email=f"{name.split(maxsplit=1)[0].lower()}@harbour.example", created_at=now
    )
    for key, value in more.items():
        setattr(person, key, value)
    db.add(person)
    db.flush()
    return person


@pytest.fixture
def cast(db: Session, now: datetime) -> Cast:
    partner = _organisation(db, "Partner", now)
    harbour = _organisation(db, "Harbour", now, partner_id=partner.id)
    other = _organisation(db, "Other", now)
    for organisation in (harbour, other):
        contract = Contract(
            name="Maintenance", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
        )
        organisation.contracts.append(contract)
    site = Installation(name="Hamburg", details={"pbx_model": "3300", "database_type": "Oracle"})
    harbour.installations.append(site)
    db.flush()
    agent, manager = Role.AGENT, Role.MANAGER
    return Cast(
        harbour,
        partner,
        other,
        site,
        ines=_person(db, "Ines Falk", now, organisation_id=harbour.id, time_zone="Europe/Berlin"),
        jonas=_person(db, "Jonas Brandt", now, organisation_id=harbour.id),
        paula=_person(db, "Paula Weiss", now, organisation_id=partner.id),
        otto=_person(db, "Otto Lang", now, organisation_id=other.id),
        agent=_person(db, "Asha Rao", now, role=agent),
        second=_person(db, "Ben Carter", now, role=manager),
        writer=_person(db, "Wilma Stern", now, role=Role.WRITER),
    )


@pytest.fixture
def communicado(db: Session, now: datetime) -> PolicyVersion:
    return adopt(db, source=profile_source("communicado"), now=now)


@pytest.fixture
def opened(db: Session, cast: Cast, communicado: PolicyVersion, now: datetime) -> Case:
    """An ordinary case of Ines, priority 3."""
    return submission.open_case(db, request=Request(ANSWERS, cast.ines), now=now)


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(
        home=home,
        secret="s" * 40,
        base_url="http://localhost",
        database_url=f"sqlite:///{home / 'portal.db'}",
    )
