"""Asking to be told when a known issue is fixed, and not to be told after all.

Whoever signed in is told at their own address from the moment of asking. A guest's address counts
once its reader has said so by the link in our mail; until then nothing else is sent to it. What the
page answers is the same whether we know the address or not.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from portal.knowledge.known_issue import KnownIssue
from portal.knowledge.subscription import Subscription
from portal.people.person import Person
from portal.people.queries import normal_email

UNPROVEN, KEEP_TOLD = timedelta(days=30), timedelta(days=90)


class NothingToWaitForError(ValueError):
    """The issue is over: there is no news to come."""


def subscribe(db: Session, *, issue: KnownIssue, person: Person, now: datetime) -> Subscription:
    """Tell this person when it is fixed. Raises NothingToWaitForError."""
    found = _standing(db, issue, person.email, now)
    found.person_id = person.id
    found.confirmed_at, found.ended_at = found.confirmed_at or now, None
    db.flush()
    return found


def ask(db: Session, *, issue: KnownIssue, email: str, now: datetime) -> Subscription:
    """An address that nobody proved asks; it counts once it is confirmed.

    Raises NothingToWaitForError.
    """
    return _standing(db, issue, email, now)


def confirm(db: Session, *, subscription: Subscription, now: datetime) -> None:
    """The reader of the address wants it. Confirming again takes it up again."""
    subscription.confirmed_at = subscription.confirmed_at or now
    subscription.ended_at = None
    db.flush()


def end(db: Session, *, subscription: Subscription, now: datetime) -> None:
    """No more mail about it."""
    subscription.ended_at = subscription.ended_at or now
    db.flush()


def subscription_of(db: Session, *, issue: KnownIssue, person: Person) -> Subscription | None:
    """What this person asked for, while it stands."""
    query = select(Subscription).where(
        Subscription.known_issue_id == issue.id,
        Subscription.email == normal_email(person.email),
        Subscription.confirmed_at.is_not(None),
        Subscription.ended_at.is_(None),
    )
    return db.scalar(query)


def count_waiting(db: Session, issues: Sequence[KnownIssue]) -> dict[int, int]:
    """How many addresses wait for each of these issues; 0 is left out."""
    query = (
        select(Subscription.known_issue_id, func.count())
        .where(
            Subscription.known_issue_id.in_([issue.id for issue in issues]),
            Subscription.confirmed_at.is_not(None),
            Subscription.ended_at.is_(None),
        )
        .group_by(Subscription.known_issue_id)
    )
    return {row[0]: row[1] for row in db.execute(query)}


def next_to_tell(db: Session, issue: KnownIssue, *, limit: int) -> Sequence[Subscription]:
    """Some of those who wait for the news of this issue and have not had it."""
    query = (
        select(Subscription)
        .where(
            Subscription.known_issue_id == issue.id,
            Subscription.told_at.is_(None),
            Subscription.confirmed_at.is_not(None),
            Subscription.ended_at.is_(None),
        )
        .order_by(Subscription.id)
        .limit(limit)
    )
    return db.scalars(query).all()


def forget_old(db: Session, *, now: datetime) -> None:
    """Addresses that nobody confirmed within a month are forgotten, and those that had their news
    or wanted none any more a quarter of a year ago.
    """
    unproven = Subscription.confirmed_at.is_(None) & (Subscription.asked_at < now - UNPROVEN)
    told = Subscription.told_at < now - KEEP_TOLD
    ended = Subscription.ended_at < now - KEEP_TOLD
    db.execute(delete(Subscription).where(unproven | told | ended))


def token_of(subscription: Subscription, *, secret: str) -> str:
    """The name under which the reader of the address confirms or ends it; nobody can guess it."""
    key = hashlib.sha256(f"issue subscription {secret}".encode()).digest()
    seal = hmac.digest(key, f"{subscription.id} {subscription.email}".encode(), "sha256")
    return f"{subscription.id}-{seal.hex()[:40]}"


def find_by_token(db: Session, token: str, *, secret: str) -> Subscription | None:
    """The subscription of a mailed link."""
    number, _, _seal = token.partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    query = select(Subscription).where(Subscription.id == int(number))
    found = db.scalar(query.options(joinedload(Subscription.known_issue)))
    if found is None or not hmac.compare_digest(
        token_of(found, secret=secret).encode(), token.encode()
    ):
        return None
    return found


def _standing(db: Session, issue: KnownIssue, email: str, now: datetime) -> Subscription:
    if issue.ended_at is not None:
        raise NothingToWaitForError(issue.title)
    address = normal_email(email)
    query = select(Subscription).where(
        Subscription.known_issue_id == issue.id, Subscription.email == address
    )
    found = db.scalar(query)
    if found is None:
        found = Subscription(known_issue=issue, email=address, asked_at=now)
        db.add(found)
        db.flush()
    return found
