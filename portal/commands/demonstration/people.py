"""Who is in the demonstration. Nobody here exists, and every password is public.

Harbour Lines ships freight and has a contract; the Town of Brightwater's contract has ended;
Cedar & Co. is a partner that files cases for Harbour Lines.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.people.contracting import add_contract
from portal.people.enrolling import add_organisation
from portal.people.installing import add_installation
from portal.people.organisation import Organisation
from portal.people.person import Person, Role
from portal.people.registering import add_person

PASSWORD = "answer-first-demo"  # noqa: S105  (public on purpose, and only ever on loopback)
DESK_ZONE = "America/Los_Angeles"


@dataclass(frozen=True)
class SignInOffer:
    """Somebody to sign in as."""

    email: str
    name: str
    what: str
    role: Role = Role.CONTACT
    organisation: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    password: str = PASSWORD


SIGN_INS = (
    SignInOffer(
        "ines@harbour.example",
        "Ines Okafor",
        "customer: named emergency contact, lives in Berlin",
        organisation="harbour-lines",
        more={"is_emergency_contact": True, "time_zone": "Europe/Berlin", "phone": "+49 30 555010"},
    ),
    SignInOffer(
        "theo@harbour.example",
        "Theo Lindqvist",
        "customer: technical contact",
        organisation="harbour-lines",
        more={"is_technical_contact": True, "time_zone": DESK_ZONE, "phone": "+1 503 555 0142"},
    ),
    SignInOffer(
        "bea@brightwater.example",
        "Bea Nkosi",
        "customer whose contract has ended",
        organisation="brightwater",
        more={"time_zone": "America/Denver", "phone": "+1 303 555 0177"},
    ),
    SignInOffer(
        "piet@cedar.example",
        "Piet Jansen",
        "partner who files for Harbour Lines",
        organisation="cedar",
    ),
    SignInOffer("aldo@desk.example", "Aldo Marchetti", "staff: works cases", Role.AGENT),
    SignInOffer("rosa@desk.example", "Rosa Delgado", "staff: works cases", Role.AGENT),
    SignInOffer("wren@desk.example", "Wren Abara", "staff: writes articles", Role.WRITER),
    SignInOffer("mai@desk.example", "Mai Tanaka", "staff: manager", Role.MANAGER),
    SignInOffer("ada@desk.example", "Ada Kowalski", "staff: administrator", Role.ADMINISTRATOR),
)


def add_everybody(db: Session, *, now: datetime) -> dict[str, Person]:
    """Take up organisations, contracts, installations and people; the people by first name."""
    organisations = _add_organisations(db, now=now)
    people = {}
    for offer in SIGN_INS:
        more = {"time_zone": DESK_ZONE} if offer.role is not Role.CONTACT else {}
        people[offer.name.split(maxsplit=1)[0].lower()] = add_person(
            db,
            email=offer.email,
            name=offer.name,
            role=offer.role,
            organisation=organisations.get(offer.organisation),
            password=offer.password,
            now=now,
            **(more | offer.more),
        )
    return people


def _add_organisations(db: Session, *, now: datetime) -> dict[str, Organisation]:
    cedar = add_organisation(db, slug="cedar", name="Cedar & Co.", now=now)
    harbour = add_organisation(
        db,
        slug="harbour-lines",
        name="Harbour Lines",
        partner=cedar,
        liaison_name="Mai Tanaka",
        now=now,
    )
    town = add_organisation(db, slug="brightwater", name="Town of Brightwater", now=now)
    _add_contracts(db, harbour, town, now=now)
    _add_installations(db, harbour, town, now=now)
    return {found.slug: found for found in (cedar, harbour, town)}


def _add_contracts(
    db: Session, harbour: Organisation, town: Organisation, *, now: datetime
) -> None:
    today = now.date()
    name, year = "Support and Maintenance", timedelta(days=365)
    add_contract(
        db,
        organisation=harbour,
        name=name,
        plan="standard",
        starts_on=today - year,
        ends_on=today + 2 * year,
        entitlements=["Two training days a year", "Help with version upgrades on site"],
        now=now,
    )
    add_contract(
        db,
        organisation=town,
        name=name,
        starts_on=today - 2 * year,
        ends_on=today - timedelta(days=40),
        now=now,
    )


def _add_installations(
    db: Session, harbour: Organisation, town: Organisation, *, now: datetime
) -> None:
    port = {
        "install_type": "Own server",
        "location": "Port of Tacoma, terminal 4",
        "database_type": "SQL Server 2022",
        "vxtracker_server": "VXT-TAC-01",
        "pbx_manufacturer": "Avaya",
        "pbx_model": "IP Office 500 V2",
        "company_name": "Harbour Lines",
    }
    add_installation(db, organisation=harbour, name="Tacoma terminal", details=port, now=now)
    office = port | {"location": "Hamburg office", "vxtracker_server": "VXT-HAM-01"}
    add_installation(db, organisation=harbour, name="Hamburg office", details=office, now=now)
    hall = {"company_name": "Town of Brightwater", "location": "Town hall"}
    add_installation(db, organisation=town, name="Town hall", details=hall, now=now)
