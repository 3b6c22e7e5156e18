"""Keeping, renaming and removing saved views. Managers share theirs with everybody at the desk."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.desk.saved_view import SavedView
from portal.events import record
from portal.people.person import Person

MOST_VIEWS = 12


class NotYoursError(Exception):
    """This view belongs to somebody else, or only managers may share one."""


class TooManyViewsError(Exception):
    """More tabs than anybody can tell apart."""


class NameTakenError(Exception):
    """There is a view of this name already among those the person sees."""


def views_of(db: Session, *, person: Person) -> Sequence[SavedView]:
    """The shared views and the person's own, in the order in which they were made."""
    is_theirs = or_(SavedView.owner_id == person.id, SavedView.is_shared)
    return db.scalars(select(SavedView).where(is_theirs).order_by(SavedView.id)).all()


def save_view(
    db: Session,
    *,
    name: str,
    address: dict[str, str],
    by: Person,
    now: datetime,
    is_shared: bool = False,
) -> SavedView:
    """Keep a view. Raises NotYoursError, TooManyViewsError, NameTakenError."""
    if is_shared and not by.may_manage:
        raise NotYoursError("only managers share views")
    seen = views_of(db, person=by)
    if sum(each.owner_id == by.id for each in seen) >= MOST_VIEWS:
        raise TooManyViewsError(f"{by.name} has {MOST_VIEWS} views")
    _must_be_free(seen, name)
    view = SavedView(
        owner_id=by.id, name=name, is_shared=is_shared, address=address, created_at=now
    )
    db.add(view)
    db.flush()
    record(db, "view_saved", now=now, actor_id=by.id, actor_name=by.name, name=name)
    return view


def rename_view(db: Session, *, view: SavedView, name: str, by: Person, now: datetime) -> None:
    """Raises NotYoursError, NameTakenError."""
    _must_be_theirs(view, by)
    _must_be_free([each for each in views_of(db, person=by) if each is not view], name)
    before, view.name = view.name, name
    record(
        db,
        "view_renamed",
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        before=before,
        after=name,
    )


def remove_view(db: Session, *, view: SavedView, by: Person, now: datetime) -> None:
    """Raises NotYoursError."""
    _must_be_theirs(view, by)
    db.delete(view)
    record(db, "view_removed", now=now, actor_id=by.id, actor_name=by.name, name=view.name)


def _must_be_theirs(view: SavedView, by: Person) -> None:
    if not view.may_be_changed_by(by):
        raise NotYoursError(view.name)


def _must_be_free(seen: Sequence[SavedView], name: str) -> None:
    if any(each.name.casefold() == name.casefold() for each in seen):
        raise NameTakenError(name)
