"""Signing in and staying signed in.

A sign-in is a row of its own, known by a random token of which only the hash is stored. It ends at
sign-out, when the password or role changes, when the person is disabled, after a while without
use, and in any case after some days.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session, joinedload

from portal.events import record
from portal.people.passwords import needs_new_hash, new_hash, verify
from portal.people.person import Person
from portal.people.queries import find_by_email
from portal.people.sign_in import SignIn

IDLE_CONTACT, LONGEST_CONTACT = timedelta(hours=12), timedelta(days=14)
IDLE_STAFF, LONGEST_STAFF = timedelta(hours=2), timedelta(hours=12)
USE_IS_NOTED_EVERY = timedelta(minutes=1)


def authenticate(db: Session, *, email: str, password: str) -> Person | None:
    """The person with this address and password; the same work is done for unknown addresses."""
    person = find_by_email(db, email)
    is_right = verify(person.password_hash if person else None, password)
    if person is None or not is_right or not person.may_sign_in:
        return None
    if person.password_hash and needs_new_hash(person.password_hash):
        person.password_hash = new_hash(password)
    return person


def sign_in(db: Session, *, person: Person, by: str, now: datetime) -> str:
    """Start a new sign-in and return its token, which is nowhere else. `by`: password or link."""
    token = new_token()
    db.add(SignIn(token_hash=token_hash(token), person_id=person.id, created_at=now, used_at=now))
    record(db, "signed_in", now=now, actor_id=person.id, person_id=person.id, by=by)
    return token


def find_sign_in(db: Session, token: str, *, now: datetime) -> SignIn | None:
    """The sign-in of this token while it is in force."""
    found = db.scalar(_BY_TOKEN, {"token_hash": token_hash(token)})
    return found if found is not None and is_in_force(found, now=now) else None


_BY_TOKEN = (
    select(SignIn)
    .where(SignIn.token_hash == bindparam("token_hash"))
    .options(joinedload(SignIn.person).joinedload(Person.organisation))
)


def is_in_force(found: SignIn, *, now: datetime) -> bool:
    """Whether a sign-in is neither ended, nor idle, nor too old, and its person still welcome."""
    if found.ended_at is not None or not found.person.may_sign_in:
        return False
    staff = found.person.is_staff
    idle, longest = (IDLE_STAFF, LONGEST_STAFF) if staff else (IDLE_CONTACT, LONGEST_CONTACT)
    return now - found.used_at < idle and now - found.created_at < longest


def is_use_due(found: SignIn, *, now: datetime) -> bool:
    """Whether the last noted use is old enough to note another."""
    return now - found.used_at >= USE_IS_NOTED_EVERY


def note_use(db: Session, *, sign_in_id: int, now: datetime) -> None:
    """Remember that a sign-in was used just now."""
    db.execute(update(SignIn).where(SignIn.id == sign_in_id).values(used_at=now))


def sign_out(db: Session, *, sign_in: SignIn, now: datetime) -> None:
    """End one sign-in."""
    sign_in.ended_at = now
    record(db, "signed_out", now=now, actor_id=sign_in.person_id, person_id=sign_in.person_id)


def end_sign_ins(db: Session, *, person: Person, now: datetime, but: SignIn | None = None) -> None:
    """End all sign-ins of a person, `but` the one that is given."""
    rows = update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    if but is not None:
        rows = rows.where(SignIn.id != but.id)
    db.execute(rows.values(ended_at=now))


def new_token() -> str:
    """256 random bits, fit for a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token: enough to find it again, nothing to use it with."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def sweep(db: Session, *, now: datetime) -> None:
    """Forget sign-ins that can't be in force any more."""
    db.execute(delete(SignIn).where(SignIn.created_at < now - LONGEST_CONTACT))
