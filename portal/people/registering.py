"""Taking up people, organisations, contracts and installations, and changing what they may."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.events import record
from portal.people.organisation import Contract, Installation, Organisation
from portal.people.passwords import check_password, new_hash
from portal.people.person import Person, Role
from portal.people.queries import find_by_email, normal_email
from portal.people.sign_in import SignIn
from portal.people.signing_in import end_sign_ins


class EmailTakenError(Exception):
    """Another person already has this address."""


def add_organisation(
    db: Session,
    *,
    slug: str,
    name: str,
    now: datetime,
    partner: Organisation | None = None,
    liaison_name: str = "",
) -> Organisation:
    """Take up a customer organisation."""
    organisation = Organisation(
        slug=slug,
        name=name,
        partner_id=partner.id if partner else None,
        liaison_name=liaison_name,
        created_at=now,
    )
    db.add(organisation)
    db.flush()
    return organisation


def add_contract(
    db: Session,
    *,
    organisation: Organisation,
    name: str,
    starts_on: date,
    ends_on: date,
    plan: str = "",
) -> Contract:
    """Entitle an organisation from the first to the last day. Raises ValueError if reversed."""
    if ends_on < starts_on:
        raise ValueError(f"the contract {name!r} would end before it starts")
    contract = Contract(name=name, plan=plan, starts_on=starts_on, ends_on=ends_on)
    organisation.contracts.append(contract)
    db.flush()
    return contract


def add_installation(
    db: Session, *, organisation: Organisation, name: str, details: dict[str, Any]
) -> Installation:
    """Remember what an organisation has installed, so that nobody need ask twice."""
    installation = Installation(name=name, details=details)
    organisation.installations.append(installation)
    db.flush()
    return installation


def add_person(
    db: Session,
    *,
    email: str,
    name: str,
    now: datetime,
    role: Role = Role.CONTACT,
    organisation: Organisation | None = None,
    password: str | None = None,
    phone: str = "",
    time_zone: str | None = None,
    is_emergency_contact: bool = False,
    is_technical_contact: bool = False,
    sees_organisation_cases: bool = True,
) -> Person:
    """Take up a person. Without a password they sign in by a mailed link.

    Raises EmailTakenError, and WeakPasswordError for a password that is easily found.
    """
    if find_by_email(db, email) is not None:
        raise EmailTakenError(f"{email} belongs to somebody else already")
    if password is not None:
        check_password(password, email=email)
    person = Person(
        email=normal_email(email),
        name=name,
        role=role,
        phone=phone,
        time_zone=time_zone,
        password_hash=new_hash(password) if password is not None else None,
        organisation_id=organisation.id if organisation else None,
        is_emergency_contact=is_emergency_contact,
        is_technical_contact=is_technical_contact,
        sees_organisation_cases=sees_organisation_cases,
        created_at=now,
    )
    db.add(person)
    db.flush()
    record(db, "person_added", now=now, person_id=person.id, role=role.value)
    return person


def change_password(
    db: Session, *, person: Person, password: str, now: datetime, but: SignIn | None = None
) -> None:
    """Set a new password and end all other sign-ins. Raises WeakPasswordError."""
    check_password(password, email=person.email)
    person.password_hash = new_hash(password)
    end_sign_ins(db, person=person, now=now, but=but)
    record(db, "password_changed", now=now, actor_id=person.id, person_id=person.id)


def change_role(db: Session, *, person: Person, role: Role, by: Person, now: datetime) -> None:
    """Let a person do other things; they have to sign in again."""
    before, person.role = person.role, role
    end_sign_ins(db, person=person, now=now)
    record(
        db,
        "role_changed",
        now=now,
        actor_id=by.id,
        person_id=person.id,
        before=before.value,
        after=role.value,
    )


def disable(db: Session, *, person: Person, by: Person, now: datetime) -> None:
    """Shut a person out at once; what they wrote stays."""
    person.disabled_at = now
    end_sign_ins(db, person=person, now=now)
    record(db, "disabled", now=now, actor_id=by.id, person_id=person.id)


def change_profile(
    db: Session, *, person: Person, name: str, phone: str, time_zone: str | None, now: datetime
) -> None:
    """What people may change about themselves."""
    person.name, person.phone, person.time_zone = name, phone, time_zone
    record(db, "profile_changed", now=now, actor_id=person.id, person_id=person.id)
