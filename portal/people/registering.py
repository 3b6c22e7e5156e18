"""Taking up people, changing what is known of them and what they may, and shutting them out."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.events import record
from portal.people import sign_in_links
from portal.people.changes import Changes, apply, record_change
from portal.people.organisation import Organisation
from portal.people.passwords import check_password, new_hash
from portal.people.person import Person, Role
from portal.people.queries import find_by_email, normal_email
from portal.people.roles import (
    NotTheirsError,
    check_may_keep,
    check_not_last_administrator,
    roles_given_by,
)
from portal.people.sign_in import SignIn
from portal.people.signing_in import end_sign_ins


class EmailTakenError(Exception):
    """Another person already has this address."""


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
    is_organisation_manager: bool = False,
    sees_organisation_cases: bool = True,
    by: Person | None = None,
) -> Person:
    """Take up a person. Without a password they sign in by a mailed link.

    Raises EmailTakenError, NotTheirsError for a role that `by` may not give, and
    WeakPasswordError for a password that is easily found.
    """
    if role not in roles_given_by(by):
        raise NotTheirsError(f"the role {role} is given by administrators")
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
        is_organisation_manager=is_organisation_manager,
        sees_organisation_cases=sees_organisation_cases,
        created_at=now,
    )
    return _take_up(db, person, by=by, now=now)


def take_up_caller(
    db: Session,
    *,
    email: str,
    name: str,
    phone: str,
    organisation: Organisation,
    by: Person,
    now: datetime,
) -> Person:
    """Take up whoever called or wrote for a customer. Nobody has checked that they may speak for
    it, so they see their own cases alone until a manager gives more. Raises EmailTakenError.
    """
    person = Person(
        email=normal_email(email),
        name=name,
        role=Role.CONTACT,
        phone=phone,
        organisation_id=organisation.id,
        sees_organisation_cases=False,
        created_at=now,
    )
    return _take_up(db, person, by=by, now=now)


def _take_up(db: Session, person: Person, *, by: Person | None, now: datetime) -> Person:
    if find_by_email(db, person.email) is not None:
        raise EmailTakenError(f"{person.email} belongs to somebody else already")
    db.add(person)
    db.flush()
    record_change(
        db,
        "person_added",
        now=now,
        by=by,
        person_id=person.id,
        organisation_id=person.organisation_id,
        what=person.name,
        role=person.role.value,
    )
    return person


def change_person(
    db: Session,
    *,
    person: Person,
    email: str,
    name: str,
    phone: str,
    time_zone: str | None,
    organisation: Organisation | None,
    by: Person | None,
    now: datetime,
    is_emergency_contact: bool = False,
    is_technical_contact: bool = False,
    is_organisation_manager: bool = False,
    sees_organisation_cases: bool = True,
) -> Changes:
    """Change what is known of somebody. A new address ends every sign-in and every mailed link.

    Raises EmailTakenError and NotTheirsError.
    """
    check_may_keep(by, person)
    known = find_by_email(db, email)
    if known is not None and known is not person:
        raise EmailTakenError(f"{email} belongs to somebody else already")
    before = person.organisation
    values = {
        "email": normal_email(email),
        "name": name,
        "phone": phone,
        "time_zone": time_zone,
        "is_emergency_contact": is_emergency_contact,
        "is_technical_contact": is_technical_contact,
        "is_organisation_manager": is_organisation_manager,
        "sees_organisation_cases": sees_organisation_cases,
        "organisation": organisation,
    }
    changes = apply(person, values)
    if "organisation" in changes:
        names = [each.name if each else "" for each in (before, organisation)]
        changes["organisation"] = names
    if "email" in changes:
        end_sign_ins(db, person=person, now=now)
        sign_in_links.revoke(db, person=person, now=now)
    if changes:
        db.flush()
        record_change(
            db,
            "person_changed",
            now=now,
            by=by,
            person_id=person.id,
            organisation_id=person.organisation_id,
            what=name,
            changes=changes,
        )
    return changes


def change_password(
    db: Session, *, person: Person, password: str, now: datetime, but: SignIn | None = None
) -> None:
    """Set a new password and end all other sign-ins. Raises WeakPasswordError."""
    check_password(password, email=person.email)
    person.password_hash = new_hash(password)
    end_sign_ins(db, person=person, now=now, but=but)
    record(db, "password_changed", now=now, actor_id=person.id, person_id=person.id)


def change_role(
    db: Session, *, person: Person, role: Role, by: Person | None, now: datetime
) -> None:
    """Let a person do other things; they have to sign in again.

    Raises NotTheirsError and LastAdministratorError.
    """
    check_may_keep(by, person)
    if role not in roles_given_by(by):
        raise NotTheirsError(f"the role {role} is given by administrators")
    if role is person.role:
        return
    if role is not Role.ADMINISTRATOR:
        check_not_last_administrator(db, person)
    before, person.role = person.role, role
    end_sign_ins(db, person=person, now=now)
    _record(db, "role_changed", person, by, now, before=before.value, after=role.value)


def disable(db: Session, *, person: Person, by: Person | None, now: datetime) -> None:
    """Shut a person out at once; what they wrote stays.

    Raises NotTheirsError and LastAdministratorError.
    """
    check_may_keep(by, person)
    check_not_last_administrator(db, person)
    if person.disabled_at is not None:
        return
    person.disabled_at = now
    end_sign_ins(db, person=person, now=now)
    sign_in_links.revoke(db, person=person, now=now)
    _record(db, "disabled", person, by, now)


def enable(db: Session, *, person: Person, by: Person | None, now: datetime) -> None:
    """Let a person sign in again. Raises NotTheirsError."""
    check_may_keep(by, person)
    if person.disabled_at is not None:
        person.disabled_at = None
        _record(db, "enabled", person, by, now)


def _record(
    db: Session, kind: str, person: Person, by: Person | None, now: datetime, **detail: str
) -> None:
    record_change(
        db,
        kind,
        now=now,
        by=by,
        person_id=person.id,
        organisation_id=person.organisation_id,
        what=person.name,
        **detail,
    )


def change_profile(
    db: Session,
    *,
    person: Person,
    name: str,
    phone: str,
    time_zone: str | None,
    language: str | None,
    now: datetime,
) -> None:
    """What people may change about themselves."""
    person.name, person.phone, person.time_zone = name, phone, time_zone
    person.language = language
    record(db, "profile_changed", now=now, actor_id=person.id, person_id=person.id)


def choose_language(db: Session, *, person: Person, language: str, now: datetime) -> None:
    """In which language this person reads and is written to; the same again changes nothing."""
    before, person.language = person.language, language
    if before != language:
        record(
            db,
            "language_chosen",
            now=now,
            actor_id=person.id,
            person_id=person.id,
            before=before,
            after=language,
        )


def set_shortcuts(db: Session, *, person: Person, are_on: bool, now: datetime) -> None:
    """Whether single keys act on the desk's pages for this person."""
    before, person.has_shortcuts = person.has_shortcuts, are_on
    record(
        db,
        "shortcuts_set",
        now=now,
        actor_id=person.id,
        person_id=person.id,
        before=before,
        after=are_on,
    )
