"""Who may see a case: one rule, used by every list, page, search, file and export.

A contact sees their own cases, those of their organisation that they follow, and all of them if
they may; a partner those of its customers; staff who work cases see all. Everybody else sees
nothing, and can't tell a case that exists from one that doesn't. Without an account a secret link
opens one case, for a while.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased, joinedload

from portal.cases.access_link import AccessLink
from portal.cases.case import Case
from portal.cases.follower import Follower
from portal.cases.numbers import UnreadableNumberError, read_reference
from portal.people.organisation import Organisation
from portal.people.person import Person

LINK_DAYS = 30
_NOBODY = "-"
_Named = aliased(Case)
_WITH_PAGE = (
    joinedload(Case.policy_version),
    joinedload(Case.organisation),
    joinedload(Case.installation),
    joinedload(Case.assignee),
    joinedload(Case.contact),
    joinedload(Case.team),
)


class Sight(StrEnum):
    """How much of the cases somebody sees."""

    NOTHING = "nothing"
    OWN = "own"
    ORGANISATION = "organisation"
    ALL = "all"


def sight_of(person: Person | None) -> Sight:
    """What this person may see; everything else follows from it."""
    if person is None or not person.may_sign_in:
        return Sight.NOTHING
    if person.is_staff:
        return Sight.ALL if person.may_work_cases else Sight.NOTHING
    if person.organisation_id is None or not person.sees_organisation_cases:
        return Sight.OWN
    return Sight.ORGANISATION


@cache
def visible(sight: Sight) -> ColumnElement[bool]:
    """The rule as a query filter over Case, built once; `viewer(person)` gives its parameters."""
    viewer_id = bindparam("viewer_id", type_=Integer)
    return _rule(sight, viewer_id, bindparam("viewer_organisation_id", type_=Integer))


def _rule(
    sight: Sight, viewer_id: ColumnElement[Any], theirs: ColumnElement[Any]
) -> ColumnElement[bool]:
    if sight is Sight.NOTHING:
        return false()
    if sight is Sight.ALL:
        return true()
    own = Case.contact_id == viewer_id
    customers = select(Organisation.id).where(Organisation.partner_id == theirs)
    within = or_(Case.organisation_id == theirs, Case.organisation_id.in_(customers))
    if sight is Sight.OWN:
        followed = select(Follower.case_id).where(Follower.person_id == viewer_id)
        return or_(own, and_(Case.id.in_(followed), within))
    return or_(own, within)


def viewer(person: Person | None) -> dict[str, int | None]:
    """Who asks, as the rule's parameters."""
    return {
        "viewer_id": person.id if person else None,
        "viewer_organisation_id": person.organisation_id if person else None,
    }


def cases_visible_to(person: Person | None) -> ColumnElement[bool]:
    """The rule for one person, for queries that are built as they are needed."""
    who, theirs = viewer(person).values()
    return _rule(sight_of(person), literal(who, Integer), literal(theirs, Integer))


def find_case(
    db: Session, reference: str, *, person: Person | None, lock: bool = False
) -> Case | None:
    """The case that a person typed or followed, if they may see it; else None, whatever the reason.

    Known and unknown references cost the same query. `lock` makes other writers wait (PostgreSQL).
    """
    query = _case_by_reference(sight_of(person), lock)
    return db.scalar(query, {"reference": reference_key(reference), **viewer(person)})


def find_cases(
    db: Session, references: Sequence[str], *, person: Person | None, lock: bool = False
) -> Sequence[Case]:
    """Those of these cases that this person may see, in the order in which they were opened."""
    is_one = or_(Case.number.in_(references), Case.receipt.in_(references))
    query = select(Case).where(is_one, cases_visible_to(person)).options(*_WITH_PAGE)
    query = query.order_by(Case.id)
    return db.scalars(query.with_for_update(of=Case) if lock else query).all()


@cache
def _case_by_reference(sight: Sight, lock: bool) -> Select[Case]:
    """A number leads to the case in which it goes on now; the rule is asked about that one."""
    reference = bindparam("reference", type_=String)
    is_it = or_(_Named.number == reference, _Named.receipt == reference)
    it = select(_goes_on_in(_Named)).where(is_it).scalar_subquery()
    query = select(Case).where(Case.id == it, visible(sight)).options(*_WITH_PAGE)
    return query.with_for_update(of=Case) if lock else query


def find_for_follow(db: Session, reference: str, *, email: str) -> Case | None:
    """The case with this reference and this contact's address: to it a link may be mailed.

    The caller answers the same in either case.
    """
    key = reference_key(reference)
    query = select(Case).where(or_(Case.number == key, Case.receipt == key))
    case = db.scalar(query.where(_contact_may_read(Case)))
    expected = case.contact_email if case else _NOBODY
    is_same = secrets.compare_digest(_folded(expected), _folded(email))
    return case if is_same else None


def find_for_mail(
    db: Session, reference: str, *, address: str, person: Person | None
) -> Case | None:
    """The case that whoever writes from `address` may add to: its contact, or a person of ours who
    sees it. Staff answer at the desk, where nobody can pretend to be them.
    """
    if person is not None and not person.is_staff:
        seen = find_case(db, reference, person=person, lock=True)
        if seen is not None:
            return seen
    case = find_for_follow(db, reference, email=address)
    return _locked(db, case.merged_into or case) if case else None


def find_by_receipt(db: Session, receipt: str, *, lock: bool = False) -> Case | None:
    """The case with this receipt, whoever asks: for what an administrator vouches for."""
    case = db.scalar(select(Case).where(Case.receipt == receipt))
    found = case.merged_into or case if case else None
    return _locked(db, found) if found and lock else found


def _locked(db: Session, case: Case) -> Case:
    """The case as it stands once no other writer has it any more."""
    query = select(Case).where(Case.id == case.id).with_for_update(of=Case)
    return db.scalars(query.execution_options(populate_existing=True)).one()


def issue_link(db: Session, *, case: Case, email: str, now: datetime, days: int = LINK_DAYS) -> str:
    """A new secret for this one case and address; only its hash is kept."""
    token = secrets.token_urlsafe(24)
    db.add(
        AccessLink(
            token_hash=_hash(token),
            case_id=case.id,
            email=email,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    db.flush()
    return token


def find_by_link(db: Session, token: str, *, now: datetime, lock: bool = False) -> Case | None:
    """The case that this secret opens, unless it expired or was revoked; of a merged case, the one
    in which it goes on.
    """
    query = (
        select(Case)
        .join(_Named, Case.id == _goes_on_in(_Named))
        .join(AccessLink, AccessLink.case_id == _Named.id)
        .where(
            AccessLink.token_hash == _hash(token),
            AccessLink.revoked_at.is_(None),
            AccessLink.expires_at > now,
            _contact_may_read(_Named),
        )
    )
    return db.scalar(query.with_for_update(of=Case) if lock else query)


def prove_address(db: Session, token: str, *, case: Case, now: datetime) -> None:
    """Whoever came by a mailed link reads that address: text may be mailed to it from now on."""
    link = db.scalar(select(AccessLink).where(AccessLink.token_hash == _hash(token)))
    if link is not None and _folded(link.email) == _folded(case.contact_email):
        case.is_email_proven = True
        case.updated_at = max(case.updated_at, now)
        db.flush()


def revoke_links(db: Session, *, case: Case, now: datetime) -> int:
    """Make every secret link of a case useless; how many."""
    query = select(AccessLink).where(AccessLink.case_id == case.id, AccessLink.revoked_at.is_(None))
    links = db.scalars(query).all()
    for link in links:
        link.revoked_at = now
    db.flush()
    return len(links)


def _contact_may_read(case: type[Case]) -> ColumnElement[bool]:
    """Not for a contact who can't sign in any more: a link opens no way round that."""
    has_left = or_(Person.disabled_at.is_not(None), Organisation.ended_at.is_not(None))
    shut_out = select(Person.id).outerjoin(Person.organisation).where(has_left)
    return or_(case.contact_id.is_(None), case.contact_id.not_in(shut_out))


def _goes_on_in(case: type[Case]) -> ColumnElement[int]:
    return func.coalesce(case.merged_into_id, case.id)


def reference_key(reference: str) -> str:
    """What a typed reference is looked up as; one that can't be read is looked up all the same."""
    try:
        return read_reference(reference)
    except UnreadableNumberError:
        return _NOBODY


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _folded(email: str) -> bytes:
    return email.strip().casefold().encode()
