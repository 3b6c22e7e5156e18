"""A duplicate goes on in another case of the same customer, and nothing is lost by it.

Messages, files and events stay where they were written and are read together. Every promise of
either case holds on: the earlier one is due. The old number leads to the survivor. For some days
a merge can be undone; after that a part can still be split off.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.case import Case
from portal.cases.following import move_followers
from portal.cases.following_merges import take_followers_back
from portal.cases.happenings import Happening
from portal.cases.merge import Merge
from portal.cases.merged import standing_merge
from portal.cases.owed import settle_owed
from portal.cases.revision import check_revision, count_change
from portal.events import Event, record
from portal.locale import gettext as _
from portal.people.person import Person
from portal.people.queries import normal_email

UNDO_DAYS = 14


class NotMergeableError(ValueError):
    """These two cases can't become one; the message says why, and what can be done instead."""


class TooLateToUndoError(Exception):
    """The merge is too old to be undone; a part can be split off instead."""


def why_not(duplicate: Case, survivor: Case) -> str:
    """What stands against merging the first case into the second; "" when nothing does."""
    if duplicate is survivor:
        return _("Enter the number of the other case: a case can't be merged into itself.")
    if duplicate.merged_into_id is not None or survivor.merged_into_id is not None:
        return _("One of them was merged into another case already.")
    if not is_same_customer(duplicate, survivor):
        return _(
            "%(case)s belongs to %(customer)s, %(other)s to %(other_customer)s. Cases of different "
            "customers are never merged: link them, or attach both to a known issue.",
            case=duplicate.reference,
            customer=_customer(duplicate),
            other=survivor.reference,
            other_customer=_customer(survivor),
        )
    if duplicate.policy_version.policy_id != survivor.policy_version.policy_id:
        return _(
            "They were filed under different policies, so their promises can't be kept as one."
        )
    if not survivor.is_open:
        return _(
            "%(case)s is over. Open it again, or merge the other way round.",
            case=survivor.reference,
        )
    return ""


def is_same_customer(one: Case, other: Case) -> bool:
    """The same organisation; without one the same person, or the same address if it is proven."""
    if one.organisation_id is not None and other.organisation_id is not None:
        return one.organisation_id == other.organisation_id
    if one.contact_id is not None and other.contact_id is not None:
        return one.contact_id == other.contact_id
    is_same = normal_email(one.contact_email) == normal_email(other.contact_email)
    return is_same and (_is_proven(one) and _is_proven(other))


def merge(
    db: Session,
    *,
    duplicate: Case,
    survivor: Case,
    by: Person,
    now: datetime,
    reason: str = "",
    revision: int | None = None,
) -> Merge:
    """From now on `duplicate` goes on in `survivor`.

    Raises NotMergeableError with the reason, ChangedMeanwhileError for an older `revision`.
    """
    check_revision(duplicate, revision)
    if refusal := why_not(duplicate, survivor):
        raise NotMergeableError(refusal)
    bound = _tell(db, Happening.MERGED, duplicate, by, now, into=survivor.reference, reason=reason)
    made = Merge(
        duplicate=duplicate,
        survivor=survivor,
        merged_at=now,
        event_id=bound.id,
        status_before=duplicate.status,
        survivor_status=survivor.status,
        new_followers=move_followers(db, source=duplicate, target=survivor, by=by, now=now),
    )
    db.add(made)
    _tell(
        db,
        Happening.ABSORBED,
        survivor,
        by,
        now,
        duplicate=duplicate.reference,
        subject=duplicate.subject,
        reason=reason,
        is_other_contact=not _is_same_contact(duplicate, survivor),
    )
    duplicate.go_on_in(survivor, now=now)
    for each in list(_went_on_in(db, duplicate)):
        each.merged_into = survivor
    _settle(db, duplicate, survivor, now)
    return made


def unmerge(db: Session, *, duplicate: Case, by: Person, now: datetime) -> Case:
    """Undo a merge: the case stands again where it stood, and keeps what was answered meanwhile.

    Returns the case that it had gone on in. Raises TooLateToUndoError, NotMergeableError.
    """
    made = standing_merge(db, duplicate)
    survivor = duplicate.merged_into
    if made is None or survivor is None:
        raise NotMergeableError(
            _("%(case)s is not merged into another case.", case=duplicate.reference)
        )
    if now > undoable_until(made):
        raise TooLateToUndoError(duplicate.reference)
    bound = _tell(db, Happening.UNMERGED, duplicate, by, now, **{"from": survivor.reference})
    made.undone_at, made.undone_event_id = now, bound.id
    _tell(db, Happening.RELEASED, survivor, by, now, duplicate=duplicate.reference)
    duplicate.come_back(made.status_before, away=now - made.merged_at, now=now)
    for each in list(_went_on_in(db, duplicate)):
        each.merged_into = duplicate
    take_followers_back(db, made)
    _settle(db, duplicate, survivor, now)
    clocks.refresh(db, case=duplicate, now=now)
    return survivor


def undoable_until(made: Merge) -> datetime:
    """Until when a merge can be undone."""
    return made.merged_at + timedelta(days=UNDO_DAYS)


def _went_on_in(db: Session, case: Case) -> Iterator[Case]:
    """Those that were merged into this case, and what was merged into those."""
    query = select(Merge).where(Merge.survivor_id == case.id, Merge.undone_at.is_(None))
    for made in db.scalars(query):
        yield made.duplicate
        yield from _went_on_in(db, made.duplicate)


def _settle(db: Session, duplicate: Case, survivor: Case, now: datetime) -> None:
    """Nothing falls due on the duplicate any more; on the survivor, the earlier of both."""
    duplicate.wakes_at = duplicate.next_due_at = None
    duplicate.is_linked = survivor.is_linked = True
    for case in (duplicate, survivor):
        settle_owed(db, case)
    count_change(duplicate, now=now)
    count_change(survivor, now=now)
    clocks.refresh(db, case=survivor, now=now)


def _tell(
    db: Session, kind: Happening, case: Case, by: Person, now: datetime, **detail: Any
) -> Event:
    return record(db, kind, now=now, actor_id=by.id, actor_name=by.name, case_id=case.id, **detail)


def _is_proven(case: Case) -> bool:
    return case.is_email_proven or case.contact_id is not None


def _is_same_contact(one: Case, other: Case) -> bool:
    return normal_email(one.contact_email) == normal_email(other.contact_email)


def _customer(case: Case) -> str:
    return case.organisation.name if case.organisation else case.contact_email
