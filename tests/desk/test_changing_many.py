"""Many cases change at once by the acts of their own pages; what can't be is named, not forced."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.case import Case, CaseStatus
from portal.cases.closing import close
from portal.cases.noting import note
from portal.desk.bulk_change import UNDO_WITHIN
from portal.desk.changing_many import (
    HandOver,
    Move,
    UndoTooLateError,
    change_many,
    find_change,
    undo,
)
from portal.events import Event
from tests.desk.conftest import Desk


def seen(*cases: Case) -> list[tuple[Case, int]]:
    return [(case, case.revision) for case in cases]


def test_all_are_assigned_and_each_keeps_its_own_record(
    db: Session, desk: Desk, now: datetime
) -> None:
    one, two = desk.opened(), desk.opened()
    made = change_many(
        db, cases=seen(one, two), change=HandOver(desk.ben, "His week"), by=desk.aldo, now=now
    )
    assert made.summary == "2 cases assigned to Ben Carter"
    assert one.assignee == two.assignee == desk.ben
    events = db.scalars(select(Event).where(Event.kind == "assigned")).all()
    assert [event.case_id for event in events] == [one.id, two.id]
    assert events[0].detail == {"before": "", "after": "Ben Carter", "reason": "His week"}
    assert events[0].actor_name == desk.aldo.name


def test_what_is_not_possible_is_left_alone_with_its_reason(
    db: Session, desk: Desk, now: datetime
) -> None:
    fine, over, moved = desk.opened(), desk.opened(), desk.opened()
    close(db, case=over, by=desk.aldo, now=now)
    shown = seen(fine, over, moved)
    note(db, case=moved, author=desk.ben, body="I am at it", now=now)
    made = change_many(db, cases=shown, change=Move(CaseStatus.SOLVED), by=desk.aldo, now=now)
    assert made.summary == "1 case changed to “Solved”"
    assert [each["reference"] for each in made.refused] == [over.reference, moved.reference]
    assert "can’t become “Solved”" in made.refused[0]["why"]
    assert "meanwhile" in made.refused[1]["why"]
    assert moved.status is CaseStatus.RECEIVED


def test_a_case_that_stands_so_already_is_not_counted(
    db: Session, desk: Desk, now: datetime
) -> None:
    case = desk.opened()
    change_many(db, cases=seen(case), change=HandOver(desk.ben), by=desk.aldo, now=now)
    revision = case.revision
    made = change_many(db, cases=seen(case), change=HandOver(desk.ben), by=desk.aldo, now=now)
    assert (made.done, made.refused, case.revision) == ([], [], revision)
    assert not made.may_be_undone(now)


def test_undoing_puts_back_who_had_each_case(db: Session, desk: Desk, now: datetime) -> None:
    one, two = desk.opened(), desk.opened()
    change_many(db, cases=seen(one), change=HandOver(desk.mai), by=desk.mai, now=now)
    made = change_many(db, cases=seen(one, two), change=HandOver(desk.ben), by=desk.aldo, now=now)
    assert undo(db, made=made, by=desk.aldo, now=now) == (2, [])
    assert (one.assignee, two.assignee) == (desk.mai, None)
    with pytest.raises(UndoTooLateError):
        undo(db, made=made, by=desk.aldo, now=now)


def test_undoing_reopens_what_was_closed(db: Session, desk: Desk, now: datetime) -> None:
    case = desk.opened()
    change_many(db, cases=seen(case), change=Move(CaseStatus.IN_PROGRESS), by=desk.aldo, now=now)
    made = change_many(
        db, cases=seen(case), change=Move(CaseStatus.CLOSED, "Twice"), by=desk.aldo, now=now
    )
    assert undo(db, made=made, by=desk.aldo, now=now) == (1, [])
    assert case.status is CaseStatus.IN_PROGRESS


def test_undoing_never_takes_back_what_somebody_did_since(
    db: Session, desk: Desk, now: datetime
) -> None:
    case, other = desk.opened(), desk.opened()
    made = change_many(
        db, cases=seen(case, other), change=HandOver(desk.ben), by=desk.aldo, now=now
    )
    note(db, case=case, author=desk.ben, body="Mine now", now=now)
    undone, refused = undo(db, made=made, by=desk.aldo, now=now)
    assert undone == 1
    assert [each["reference"] for each in refused] == [case.reference]
    assert case.assignee == desk.ben


def test_undoing_names_what_has_no_way_back(db: Session, desk: Desk, now: datetime) -> None:
    case = desk.opened()
    made = change_many(
        db, cases=seen(case), change=Move(CaseStatus.IN_PROGRESS), by=desk.aldo, now=now
    )
    undone, refused = undo(db, made=made, by=desk.aldo, now=now)
    assert undone == 0
    assert "can’t become “Received”" in refused[0]["why"]


def test_undoing_is_possible_for_a_stated_time_and_to_who_did_it(
    db: Session, desk: Desk, now: datetime
) -> None:
    case = desk.opened()
    made = change_many(db, cases=seen(case), change=HandOver(desk.ben), by=desk.aldo, now=now)
    assert find_change(db, made.public_id, by=desk.aldo) is made
    assert find_change(db, made.public_id, by=desk.ben) is None
    assert made.may_be_undone(now + UNDO_WITHIN - timedelta(seconds=1))
    with pytest.raises(UndoTooLateError):
        undo(db, made=made, by=desk.aldo, now=now + UNDO_WITHIN)
