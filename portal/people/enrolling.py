"""Customers come, change and go: organisations are taken up, changed, ended and taken up again.

Nothing is deleted. When an organisation ends, all its people are signed out at once and can't sign
in until it is resumed; its cases stay.
"""

import re
import unicodedata
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.people.changes import Changes, apply, record_change
from portal.people.organisation import Organisation
from portal.people.person import Person
from portal.people.roles import check_not_last_administrator
from portal.people.signing_in import end_sign_ins

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 60


class SlugTakenError(Exception):
    """Another organisation has this short name."""


class OwnPartnerError(Exception):
    """An organisation can't be its own partner, nor that of its partner."""


def add_organisation(
    db: Session,
    *,
    slug: str,
    name: str,
    now: datetime,
    by: Person | None = None,
    partner: Organisation | None = None,
    liaison_name: str = "",
) -> Organisation:
    """Take up a customer organisation. Raises SlugTakenError."""
    if db.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None:
        raise SlugTakenError(f"{slug} is another organisation's short name")
    organisation = Organisation(
        slug=slug,
        name=name,
        partner_id=partner.id if partner else None,
        liaison_name=liaison_name,
        created_at=now,
    )
    db.add(organisation)
    db.flush()
    record_change(
        db, "organisation_added", now=now, by=by, organisation_id=organisation.id, name=name
    )
    return organisation


def change_organisation(
    db: Session,
    *,
    organisation: Organisation,
    name: str,
    partner: Organisation | None,
    liaison_name: str,
    by: Person | None,
    now: datetime,
) -> Changes:
    """Change what is known of it. Raises OwnPartnerError."""
    if partner is not None and organisation.id in {partner.id, partner.partner_id}:
        raise OwnPartnerError(f"{partner.name} can't file for {organisation.name}")
    values = {
        "name": name,
        "liaison_name": liaison_name,
        "partner_id": partner.id if partner else None,
    }
    before = db.get(Organisation, organisation.partner_id) if organisation.partner_id else None
    changes = apply(organisation, values)
    if "partner_id" in changes:
        del changes["partner_id"]
        changes["partner"] = [before.name if before else "", partner.name if partner else ""]
    if changes:
        record_change(
            db,
            "organisation_changed",
            now=now,
            by=by,
            organisation_id=organisation.id,
            changes=changes,
        )
    return changes


def end_organisation(
    db: Session, *, organisation: Organisation, by: Person | None, now: datetime
) -> None:
    """It is no customer any more; its people are signed out at once. Raises LastAdministratorError
    when no administrator could sign in any more.
    """
    if organisation.ended_at is not None:
        return
    people = db.scalars(select(Person).where(Person.organisation_id == organisation.id)).all()
    check_not_last_administrator(db, *people)
    organisation.ended_at = now
    for person in people:
        end_sign_ins(db, person=person, now=now)
    record_change(db, "organisation_ended", now=now, by=by, organisation_id=organisation.id)


def resume_organisation(
    db: Session, *, organisation: Organisation, by: Person | None, now: datetime
) -> None:
    """It is a customer again, with everything it had."""
    if organisation.ended_at is None:
        return
    organisation.ended_at = None
    record_change(db, "organisation_resumed", now=now, by=by, organisation_id=organisation.id)


def slug_for(name: str) -> str:
    """A short name made from a long one: "Cedar & Co." is "cedar-co"; "" when nothing is left."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode())
    return "-".join(words)[:LONGEST_SLUG].strip("-")
