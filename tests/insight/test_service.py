"""The service report is recomputed from the ledger: what it says of a promise is what the clock of
the case says, whatever happened in whatever order.
"""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import clocks, closing, priorities, reopening, waiting
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.happenings import Happening
from portal.cases.merging import merge
from portal.cases.policies import adopt
from portal.cases.rating import rate
from portal.cases.replying import reply
from portal.cases.responding import respond
from portal.cases.turns import Side
from portal.database import Database
from portal.events import Event
from portal.insight.kept import FEWEST, Figures, Life, Made, Outcome, judge
from portal.insight.service import Service, service
from portal.policy.profiles import profile_source
from tests import casework
from tests.cast import Cast, everybody

HOUR = timedelta(hours=1)


@pytest.fixture
def cast(db: Session, now: datetime) -> Cast:
    adopt(db, source=profile_source("communicado"), now=now - timedelta(days=30))
    return everybody(db)


def report(db: Session, now: datetime) -> Service:
    return service(db, since=now - timedelta(40), until=now + timedelta(40), now=now)


def counts(db: Session, now: datetime) -> dict[Outcome, int]:
    total = dict.fromkeys(Outcome, 0)
    for (clock, _), figures in report(db, now).promises.items():
        if clock == "first_response":
            for outcome, count in figures.counts.items():
                total[outcome] += count
    return {outcome: count for outcome, count in total.items() if count}


def test_kept_missed_and_what_is_left_out_with_its_reason(
    db: Session, cast: Cast, now: datetime
) -> None:
    agent = cast.agent
    kept, late, silent, over, merged, fresh = (
        casework.opened(db, person=cast.ines, now=now) for _ in range(6)
    )
    respond(db, case=kept, author=agent, body="At once.", now=now + HOUR)
    closing.close(db, case=over, by=cast.ines, by_customer=True, reason="x", now=now + HOUR)
    merge(db, duplicate=merged, survivor=fresh, by=agent, now=now + HOUR)
    respond(db, case=fresh, author=agent, body="Both.", now=now + HOUR)
    respond(db, case=late, author=agent, body="Sorry.", now=now + timedelta(days=9))
    assert silent.is_open
    assert counts(db, now + timedelta(days=9)) == {
        Outcome.KEPT: 2,
        Outcome.MISSED: 2,
        Outcome.OVER: 1,
        Outcome.MERGED: 1,
    }


def test_what_is_not_due_yet_is_not_judged(db: Session, cast: Cast, now: datetime) -> None:
    casework.opened(db, person=cast.ines, now=now)
    assert counts(db, now) == {Outcome.NOT_DUE: 1}


def test_a_raised_priority_replaces_its_promise_and_is_judged_once(
    db: Session, cast: Cast, now: datetime
) -> None:
    case = casework.opened(db, person=cast.ines, now=now, priority="3")
    priorities.change_priority(
        db, case=case, priority="2", reason="Down", by=cast.agent, now=now + HOUR
    )
    respond(db, case=case, author=cast.agent, body="We look.", now=now + 2 * HOUR)
    found = counts(db, now + 3 * HOUR)
    assert found[Outcome.KEPT] == 1
    assert found.get(Outcome.MISSED, 0) == 0


def test_half_of_the_answers_came_within_the_median_of_support_time(
    db: Session, cast: Cast, now: datetime
) -> None:
    """18:00 UTC on Monday is an office morning in Los Angeles; the desk is open."""
    for hours in (1, 2, 3):
        case = casework.opened(db, person=cast.ines, now=now, priority="3")
        respond(db, case=case, author=cast.agent, body="Yes.", now=now + hours * HOUR)
    figures = report(db, now + 4 * HOUR).promises["first_response", "3"]
    assert figures.median == 2 * 3600
    assert figures.ninetieth == pytest.approx(2.8 * 3600)


def test_a_share_of_too_few_is_not_shown() -> None:
    figures = Figures()
    figures.counts[Outcome.KEPT] = FEWEST - 1
    assert not figures.is_shown
    figures.counts[Outcome.MISSED] = 1
    assert figures.is_shown
    assert figures.share == (FEWEST - 1) / FEWEST
    low, high = figures.interval
    assert low < figures.share < high


def test_a_promise_at_its_due_instant_is_kept_and_a_second_later_missed(now: datetime) -> None:
    made = Made("first_response", "3", now, now, now + HOUR)
    for late, outcome in ((0, Outcome.KEPT), (1, Outcome.MISSED)):
        answered = now + HOUR + timedelta(seconds=late)
        life = Life({"first_response": [made]}, {"first_response": [answered]})
        (judged,) = judge(life, now=now + 9 * HOUR)
        assert judged.outcome is outcome


def test_cases_that_came_back_satisfaction_and_turns(
    db: Session, cast: Cast, now: datetime
) -> None:
    agent = cast.agent
    one, two = (casework.opened(db, person=cast.ines, now=now, priority="3") for _ in range(2))
    for case in (one, two):
        respond(
            db, case=case, author=agent, body="Done.", then=CaseStatus.SOLVED, now=now + 2 * HOUR
        )
    rate(db, case=one, score=5, now=now + 3 * HOUR)
    reopening.reopen(db, case=two, by=cast.ines, reason="No", now=now + 4 * HOUR)
    found = report(db, now + 6 * HOUR)
    assert (found.reopened.ended, found.reopened.reopened) == (2, 1)
    assert (found.satisfaction.answered, found.satisfaction.asked) == (1, 2)
    assert found.satisfaction.share == 1
    assert found.turns[Side.US] == 2 * (2 * HOUR) + 2 * HOUR
    assert found.turns[Side.CUSTOMER] == 4 * HOUR + 2 * HOUR


ACTS = ("wait", "answer", "write", "work", "raise", "solve", "reopen")


@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 30)), max_size=10))
def test_the_report_says_of_the_last_promise_what_the_clock_of_the_case_says(
    database: Database, now: datetime, acts: list[tuple[str, int]]
) -> None:
    with database.open_writing() as db:
        adopt(db, source=profile_source("communicado"), now=now - timedelta(days=30))
        cast = everybody(db)
        case = casework.opened(db, person=cast.ines, now=now, priority="3")
        at = now
        for act, hours in acts:
            at += hours * HOUR
            _act(db, act, case, cast, at)
        clock = clocks.evaluation_of(db, case).first_response
        found = counts(db, at)
        if clock.state == "met":
            assert found.get(Outcome.KEPT, 0) >= 1
        if clock.state == "missed" or clock.is_late(at):
            assert found.get(Outcome.MISSED, 0) >= 1
        if db.scalar(select(Event.id).where(Event.kind == Happening.REOPENED)) is None:
            assert found.get(Outcome.KEPT, 0) + found.get(Outcome.MISSED, 0) <= 1
            if clock.state == "met":
                assert found.get(Outcome.MISSED, 0) == 0
        db.rollback()


def _act(db: Session, act: str, case: Case, cast: Cast, at: datetime) -> None:
    with suppress(IllegalMoveError, reopening.FollowUpNeededError):
        match act:
            case "wait":
                waiting.wait_for_customer(db, case=case, by=cast.agent, now=at)
            case "answer":
                respond(db, case=case, author=cast.agent, body="Yes", now=at)
            case "write":
                reply(db, case=case, author=cast.ines, body="And?", now=at)
            case "work":
                waiting.start_work(db, case=case, by=cast.agent, now=at)
            case "raise":
                priorities.change_priority(
                    db, case=case, priority="2", reason="Down", by=cast.agent, now=at
                )
            case "solve":
                closing.solve(db, case=case, by=cast.agent, now=at, resolution="Done")
            case _:
                reopening.reopen(db, case=case, by=cast.agent, now=at)
