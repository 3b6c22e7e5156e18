"""Followers: colleagues who were added to one case, read it and hear of it like its contact.

Only people of the case's own organisation, or of its partner, can be added. Whoever leaves the
organisation sees nothing any more, since the access rule asks for both.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.follower import Follower
from portal.cases.happenings import Happening
from portal.cases.revision import count_change
from portal.events import record
from portal.people.person import Person, Role
from portal.people.queries import normal_email


class NotAColleagueError(ValueError):
    """Nobody by this name or address could follow the case."""


def may_follow(case: Case, person: Person) -> bool:
    """Whether the access rule lets this person be added to this case."""
    organisation = case.organisation
    if organisation is None or person.role is not Role.CONTACT or not person.may_sign_in:
        return False
    return person.organisation_id in {organisation.id, organisation.partner_id or organisation.id}


def followers_of(db: Session, case: Case) -> Sequence[Person]:
    """Who follows the case and still may, in the order in which they were added."""
    if case.organisation_id is None:
        return []
    added = db.scalars(_ADDED, {"case_id": case.id})
    return [person for person in added if may_follow(case, person)]


_ADDED = (
    select(Person)
    .join(Follower, Follower.person_id == Person.id)
    .where(Follower.case_id == bindparam("case_id"))
    .order_by(Follower.added_at, Follower.person_id)
)


def find_colleague(db: Session, case: Case, text: str) -> Person:
    """The colleague with this e-mail address or full name. Raises NotAColleagueError.

    Somebody outside the organisation looks exactly like somebody unknown.
    """
    wanted = normal_email(text)
    if case.organisation is None or not wanted:
        raise NotAColleagueError(text)
    places = {case.organisation.id, case.organisation.partner_id}
    query = select(Person).where(
        Person.organisation_id.in_([place for place in places if place is not None]),
        Person.disabled_at.is_(None),
        Person.role == Role.CONTACT,
    )
    people = db.scalars(query).all()
    by_address = [person for person in people if person.email == wanted]
    found = by_address or [person for person in people if person.name.casefold() == wanted]
    if len(found) != 1:
        raise NotAColleagueError(text)
    return found[0]


def add_follower(
    db: Session, *, case: Case, person: Person, by: Person | None, by_name: str, now: datetime
) -> bool:
    """Add a colleague, who is told. False when they are the contact or follow it already.

    Raises NotAColleagueError for somebody whom the access rule keeps out.
    """
    if not may_follow(case, person):
        raise NotAColleagueError(person.name)
    if not _follow(db, case=case, person=person, by_name=by_name, now=now):
        return False
    count_change(case, now=now)
    record(
        db,
        Happening.FOLLOWER_ADDED,
        now=now,
        actor_id=by.id if by else None,
        actor_name=by_name,
        case_id=case.id,
        name=person.name,
        person_id=person.id,
    )
    return True


def leave(db: Session, *, case: Case, person: Person, now: datetime) -> bool:
    """Stop following. False for somebody who did not follow the case."""
    standing = db.get(Follower, (case.id, person.id))
    if standing is None:
        return False
    db.delete(standing)
    count_change(case, now=now)
    record(
        db,
        Happening.FOLLOWER_LEFT,
        now=now,
        actor_id=person.id,
        actor_name=person.name,
        case_id=case.id,
        name=person.name,
        person_id=person.id,
    )
    return True


def hearers_of(db: Session, case: Case) -> list[Person]:
    """Who hears of the case: its contact and its followers, as far as they are people of ours."""
    contact = [case.contact] if case.contact else []
    return [*contact, *followers_of(db, case)]


def move_followers(
    db: Session, *, source: Case, target: Case, by: Person, now: datetime
) -> list[int]:
    """Whoever heard of `source` hears of `target`; the ids of those who did not before."""
    return [
        person.id
        for person in hearers_of(db, source)
        if may_follow(target, person)
        and _follow(db, case=target, person=person, by_name=by.name, now=now)
    ]


def _follow(db: Session, *, case: Case, person: Person, by_name: str, now: datetime) -> bool:
    if person.id == case.contact_id or db.get(Follower, (case.id, person.id)) is not None:
        return False
    db.add(Follower(case_id=case.id, person_id=person.id, added_at=now, added_by=by_name))
    db.flush()
    return True
