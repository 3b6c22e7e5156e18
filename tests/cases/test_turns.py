"""Whose turn it was: every second belongs to one side, and both can see it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.cases import clocks, closing, waiting
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.replying import reply
from portal.cases.responding import respond
from portal.cases.timeline import timeline_for_customer, timeline_for_staff
from portal.cases.turns import Side, shares, stretches
from portal.cases.waiting import WrongPauseError, pause
from portal.cases.words import STATUS_WORDS, waits_for, whose_turn
from tests.cases.conftest import Cast

HOUR = timedelta(hours=1)
WAITING = CaseStatus.WAITING


def test_waiting_that_ends_in_a_solution_was_waiting_all_the_same(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    respond(db, case=opened, author=cast.agent, body="Which?", now=now + HOUR, then=WAITING)
    closing.solve(db, case=opened, by=cast.agent, now=now + 5 * HOUR)
    closing.close(db, case=opened, by=cast.ines, now=now + 6 * HOUR, by_customer=True)
    found = shares(stretches(db, opened), now=now + 10 * HOUR)
    assert found == {Side.US: HOUR, Side.CUSTOMER: 5 * HOUR, Side.OVER: 4 * HOUR}


def test_a_third_party_is_named_to_both_sides_and_our_promises_hold(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    due = opened.next_due_at
    pause(
        db,
        case=opened,
        reason="third_party",
        party="Mitel",
        words="They look at the log.",
        by=cast.agent,
        now=now + HOUR,
    )
    assert opened.status is CaseStatus.PAUSED
    assert opened.next_due_at == due
    assert whose_turn(opened) is Side.THIRD_PARTY
    assert waits_for(opened) == "a third party: Mitel"
    assert STATUS_WORDS[opened.status] == "We're working on it"
    for told in (timeline_for_customer, timeline_for_staff):
        assert "Waiting for a third party: Mitel" in str(told(db, opened))
    reply(db, case=opened, author=cast.ines, body="Any news?", now=now + 2 * HOUR)
    assert opened.status is CaseStatus.PAUSED
    waiting.resume(db, case=opened, by=cast.agent, now=now + 3 * HOUR)
    found = shares(stretches(db, opened), now=now + 3 * HOUR)
    assert found == {Side.US: HOUR, Side.THIRD_PARTY: 2 * HOUR}


def test_a_pause_needs_a_name_and_a_time_to_come(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    with pytest.raises(WrongPauseError, match="Name whom"):
        pause(db, case=opened, reason="third_party", by=cast.agent, now=now)
    with pytest.raises(WrongPauseError, match="later"):
        pause(db, case=opened, reason="maintenance_window", until=now, by=cast.agent, now=now)
    assert opened.status is CaseStatus.RECEIVED


def test_a_question_in_an_agreed_pause_does_not_end_it(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    until = now + timedelta(days=20)
    pause(db, case=opened, reason="agreed", until=until, by=cast.agent, now=now)
    assert whose_turn(opened) is Side.NOBODY
    assert opened.next_due_at is None
    respond(db, case=opened, author=cast.agent, body="Which?", now=now + HOUR, then=WAITING)
    assert whose_turn(opened) is Side.CUSTOMER
    reply(db, case=opened, author=cast.ines, body="The left one", now=now + 2 * HOUR)
    assert opened.status is CaseStatus.PAUSED
    assert opened.resumes_at == until
    assert clocks.evaluation_of(db, opened).paused_since == now + 2 * HOUR


def test_work_is_not_begun_twice_nor_behind_the_back_of_a_closed_case(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    closing.close(db, case=opened, by=cast.agent, now=now)
    for act in (waiting.start_work, waiting.resume, waiting.wait_for_customer, closing.solve):
        with pytest.raises(IllegalMoveError):
            act(db, case=opened, by=cast.agent, now=now)
