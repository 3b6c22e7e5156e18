"""Accounts are asked for and approved: nobody has access before a manager has said yes (B10)."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.people.account_request import AccountRequest, Outcome
from portal.people.changes import record_change
from portal.people.organisation import Organisation
from portal.people.person import Person
from portal.people.queries import find_by_email, normal_email
from portal.people.registering import add_person


def ask_for_account(
    db: Session,
    *,
    email: str,
    name: str,
    now: datetime,
    company: str = "",
    phone: str = "",
    message: str = "",
    asked_by: Person | None = None,
) -> AccountRequest:
    """Put a request before the managers; `asked_by` is a colleague who asks for somebody else.

    An address that is known already is taken like any other, so that nobody learns who is known.
    """
    request = AccountRequest(
        email=normal_email(email),
        name=name,
        company=company,
        phone=phone,
        message=message,
        organisation_id=asked_by.organisation_id if asked_by else None,
        asked_by=asked_by,
        requested_at=now,
    )
    db.add(request)
    db.flush()
    record_change(
        db,
        "account_requested",
        now=now,
        by=asked_by,
        organisation_id=request.organisation_id,
        what=name,
    )
    return request


def approve(
    db: Session,
    *,
    request: AccountRequest,
    organisation: Organisation | None,
    by: Person,
    now: datetime,
) -> Person:
    """Let them in: a new contact, or the person who has this address already.

    Raises DecidedAlreadyError.
    """
    request.decide(Outcome.APPROVED, by=by, now=now)
    person = find_by_email(db, request.email)
    if person is None:
        person = add_person(
            db,
            email=request.email,
            name=request.name,
            phone=request.phone,
            organisation=organisation,
            now=now,
            by=by,
        )
    record_change(
        db,
        "account_approved",
        now=now,
        by=by,
        person_id=person.id,
        organisation_id=person.organisation_id,
        what=request.name,
    )
    return person


def refuse(db: Session, *, request: AccountRequest, reason: str, by: Person, now: datetime) -> None:
    """Say no, with the reason that the person is told. Raises DecidedAlreadyError."""
    request.decide(Outcome.REFUSED, by=by, now=now, reason=reason)
    record_change(
        db,
        "account_refused",
        now=now,
        by=by,
        organisation_id=request.organisation_id,
        what=request.name,
        reason=reason,
    )
