"""A mailed link signs a person in once, within a short while.

Opening the link changes nothing, since mail scanners open links too; only the button does.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from portal.people.person import Person
from portal.people.sign_in import SignInLink
from portal.people.signing_in import new_token, token_hash

LASTS = timedelta(minutes=20)


def issue(db: Session, *, person: Person, now: datetime, lasts: timedelta = LASTS) -> str:
    """A new link for this person; returns its token, which is stored nowhere."""
    token = new_token()
    db.add(
        SignInLink(
            token_hash=token_hash(token),
            person_id=person.id,
            created_at=now,
            expires_at=now + lasts,
        )
    )
    db.flush()
    return token


def find(db: Session, token: str, *, now: datetime) -> SignInLink | None:
    """The link of this token while it can still be used."""
    link = db.scalar(
        select(SignInLink)
        .where(SignInLink.token_hash == token_hash(token))
        .options(joinedload(SignInLink.person))
    )
    if link is None or link.used_at is not None or link.expires_at <= now:
        return None
    return link if link.person.may_sign_in else None


def use(db: Session, token: str, *, now: datetime) -> Person | None:
    """Use the link up, with all others of its person. None when it can't be used any more."""
    link = find(db, token, now=now)
    if link is None:
        return None
    revoke(db, person=link.person, now=now)
    return link.person


def revoke(db: Session, *, person: Person, now: datetime) -> None:
    """Make every link of this person useless."""
    unused = SignInLink.person_id == person.id, SignInLink.used_at.is_(None)
    db.execute(update(SignInLink).where(*unused).values(used_at=now))


def sweep(db: Session, *, now: datetime) -> None:
    """Forget links that can't be used any more."""
    db.execute(delete(SignInLink).where(SignInLink.expires_at < now - LASTS))
