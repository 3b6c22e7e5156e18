"""A view is kept under a name: its owner's, or everybody's when a manager shares it."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.desk.saving_views import (
    MOST_VIEWS,
    NameTakenError,
    NotYoursError,
    TooManyViewsError,
    remove_view,
    rename_view,
    save_view,
    views_of,
)
from portal.events import Event
from tests.desk.conftest import Desk

ADDRESS = {"view": "open", "priority": "1"}


def test_a_view_is_its_owners_unless_it_is_shared(db: Session, desk: Desk, now: datetime) -> None:
    own = save_view(db, name="Urgent", address=ADDRESS, by=desk.aldo, now=now)
    shared = save_view(db, name="Guests", address={}, by=desk.mai, now=now, is_shared=True)
    assert list(views_of(db, person=desk.aldo)) == [own, shared]
    assert list(views_of(db, person=desk.ben)) == [shared]


def test_only_managers_share(db: Session, desk: Desk, now: datetime) -> None:
    with pytest.raises(NotYoursError):
        save_view(db, name="Mine", address={}, by=desk.aldo, now=now, is_shared=True)


def test_two_tabs_never_have_the_same_name(db: Session, desk: Desk, now: datetime) -> None:
    view = save_view(db, name="Urgent", address={}, by=desk.aldo, now=now)
    other = save_view(db, name="Other", address={}, by=desk.aldo, now=now)
    with pytest.raises(NameTakenError):
        save_view(db, name="urgent", address={}, by=desk.aldo, now=now)
    with pytest.raises(NameTakenError):
        rename_view(db, view=other, name="URGENT", by=desk.aldo, now=now)
    rename_view(db, view=view, name="urgent", by=desk.aldo, now=now)
    assert save_view(db, name="Urgent", address={}, by=desk.ben, now=now).owner_id == desk.ben.id


def test_tabs_stay_few(db: Session, desk: Desk, now: datetime) -> None:
    for number in range(MOST_VIEWS):
        save_view(db, name=f"View {number}", address={}, by=desk.aldo, now=now)
    with pytest.raises(TooManyViewsError):
        save_view(db, name="One more", address={}, by=desk.aldo, now=now)


def test_nobody_changes_the_view_of_somebody_else(db: Session, desk: Desk, now: datetime) -> None:
    own = save_view(db, name="Urgent", address={}, by=desk.aldo, now=now)
    shared = save_view(db, name="Guests", address={}, by=desk.mai, now=now, is_shared=True)
    for view, who in ((own, desk.ben), (own, desk.mai), (shared, desk.aldo)):
        with pytest.raises(NotYoursError):
            remove_view(db, view=view, by=who, now=now)
        with pytest.raises(NotYoursError):
            rename_view(db, view=view, name="Taken over", by=who, now=now)


def test_what_happens_to_a_view_is_on_record(db: Session, desk: Desk, now: datetime) -> None:
    view = save_view(db, name="Urgent", address={}, by=desk.aldo, now=now)
    rename_view(db, view=view, name="Most urgent", by=desk.aldo, now=now)
    remove_view(db, view=view, by=desk.aldo, now=now)
    db.flush()
    kinds = db.scalars(select(Event.kind).where(Event.kind.startswith("view_"))).all()
    assert kinds == ["view_saved", "view_renamed", "view_removed"]
    assert views_of(db, person=desk.aldo) == []
