"""A day for deferred work: proposed by one side, agreed by the other, never changed silently."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.delivery_date import delivery_words, set_delivery_date
from portal.cases.falling_due import do_what_is_due, next_due
from portal.cases.policies import adopt
from portal.cases.queries import CaseFilter, Turn, case_list, turn_of
from portal.cases.request import Request
from portal.cases.revision import ChangedMeanwhileError
from portal.cases.scheduling import WrongDayError, accept, propose, withdraw
from portal.cases.submission import open_case
from portal.cases.timeline import timeline_for_customer
from portal.cases.turns import Side, shares, stretches
from portal.cases.waiting import pause
from portal.cases.words import STATUS_WORDS, shown_status, whose_turn
from portal.events import Event
from portal.policy.profiles import profile_source
from tests.cases.conftest import ANSWERS, Cast

JANUARY = date(2027, 1, 12)
FEBRUARY = date(2027, 2, 2)


@pytest.fixture
def deferred(db: Session, cast: Cast, now: datetime) -> Case:
    """A case of priority 3 under the policy of CTS, which the customer lets us defer."""
    adopt(db, source=profile_source("cts"), now=now)
    answers = ANSWERS | {"request_kind": "problem", "chosen_priority": "3"}
    return open_case(db, request=Request(answers, cast.ines), now=now)


def _run(db: Session, now: datetime) -> list[str]:
    """Do what is due; the kinds of what happened."""
    last = db.scalar(select(Event.id).order_by(Event.id.desc()).limit(1)) or 0
    while (case := next_due(db, now=now)) is not None:
        do_what_is_due(db, case=case, now=now)
    return list(db.scalars(select(Event.kind).where(Event.id > last).order_by(Event.id)))


def _told(db: Session, case: Case) -> list[str]:
    return [entry.title for entry in timeline_for_customer(db, case)]


def test_C12_a_day_that_waits_for_the_customers_word_stands_first_in_their_list(
    db: Session, cast: Cast, deferred: Case, now: datetime
) -> None:
    answers = ANSWERS | {"request_kind": "problem", "chosen_priority": "3"}
    newer = open_case(db, request=Request(answers, cast.ines), now=now + timedelta(hours=1))

    def listed() -> list[tuple[Case, Turn]]:
        return [(case, turn_of(case)) for case in case_list(db, person=cast.ines).cases]

    assert listed() == [(newer, Turn.OURS), (deferred, Turn.OURS)]
    propose(db, case=deferred, on=JANUARY, by=cast.agent, now=now)
    assert listed() == [(deferred, Turn.YOURS), (newer, Turn.OURS)]
    propose(db, case=deferred, on=FEBRUARY, by_customer=True, by=cast.ines, now=now)
    assert listed() == [(newer, Turn.OURS), (deferred, Turn.OURS)]


def test_C12_the_state_says_whose_word_on_the_day_is_missing(
    db: Session, cast: Cast, deferred: Case, now: datetime
) -> None:
    def listed(status: CaseStatus) -> bool:
        filters = CaseFilter(statuses=frozenset({status}))
        return case_list(db, person=cast.ines, filters=filters).total == 1

    def minutes() -> dict[Side, int]:
        found = shares(stretches(db, deferred), now=now + timedelta(minutes=60))
        return {side: int(length.total_seconds()) // 60 for side, length in found.items()}

    def at(minute: int) -> datetime:
        return now + timedelta(minutes=minute)

    pause(db, case=deferred, reason="third_party", party="Mitel", by=cast.agent, now=at(5))
    assert whose_turn(deferred) is Side.THIRD_PARTY
    propose(db, case=deferred, on=JANUARY, by=cast.agent, now=at(10))
    assert STATUS_WORDS[shown_status(deferred)] == "Waiting for you"
    assert whose_turn(deferred) is Side.CUSTOMER
    assert listed(CaseStatus.WAITING)
    assert not listed(CaseStatus.PAUSED)
    propose(db, case=deferred, on=FEBRUARY, by_customer=True, by=cast.ines, now=at(40))
    assert STATUS_WORDS[shown_status(deferred)] == "We're working on it"
    assert whose_turn(deferred) is Side.US
    assert listed(CaseStatus.PAUSED)
    assert not listed(CaseStatus.WAITING)
    withdraw(db, case=deferred, reason="We are away", by=cast.agent, now=at(58))
    assert whose_turn(deferred) is Side.THIRD_PARTY
    assert minutes() == {Side.US: 5 + 18, Side.THIRD_PARTY: 5 + 2, Side.CUSTOMER: 30}


def test_C12_the_customer_accepts_and_the_clocks_follow_the_agreement(
    db: Session, cast: Cast, deferred: Case, now: datetime
) -> None:
    assert deferred.next_due_at is not None
    propose(db, case=deferred, on=JANUARY, reason="With the release", by=cast.agent, now=now)
    assert deferred.next_due_at is not None
    accept(db, case=deferred, on=JANUARY, by_customer=True, by=cast.ines, now=now)
    assert (deferred.scheduled_on, deferred.proposed_on) == (JANUARY, None)
    assert deferred.status is CaseStatus.PAUSED
    assert whose_turn(deferred) is Side.NOBODY
    assert deferred.next_due_at is None
    assert all(c.due_at is None for c in clocks.evaluation_of(db, deferred).clocks if c.has_promise)
    assert "Agreed: this is done on Tuesday 12 January 2027" in _told(db, deferred)
    begins = datetime(2027, 1, 12, 13, 0, tzinfo=UTC)  # 8 in the morning in New York
    assert deferred.resumes_at == begins
    assert _run(db, begins - timedelta(seconds=1)).count("day_near") == 1
    assert deferred.status is CaseStatus.PAUSED
    assert "waiting_ended" in _run(db, begins)
    assert deferred.status is CaseStatus.IN_PROGRESS
    assert deferred.next_due_at is not None
    assert deferred.next_due_at > begins


def test_C12_the_customer_answers_with_another_day_and_staff_accept_it(
    db: Session, cast: Cast, deferred: Case, now: datetime
) -> None:
    propose(db, case=deferred, on=JANUARY, by=cast.agent, now=now)
    propose(
        db,
        case=deferred,
        on=FEBRUARY,
        reason="We have a fair in January",
        by_customer=True,
        by=None,
        by_name="Ines Falk",
        now=now,
    )
    with pytest.raises(IllegalMoveError):
        accept(db, case=deferred, on=JANUARY, by_customer=True, by=cast.ines, now=now)
    with pytest.raises(IllegalMoveError):
        accept(db, case=deferred, on=FEBRUARY, by_customer=True, by=cast.ines, now=now)
    accept(db, case=deferred, on=FEBRUARY, by=cast.agent, now=now)
    assert deferred.scheduled_on == FEBRUARY
    assert _told(db, deferred)[-4:-1] == [
        "We propose to do this on Tuesday 12 January 2027",
        "You proposed Tuesday 2 February 2027",
        "Agreed: this is done on Tuesday 2 February 2027",
    ]


def test_C12_what_was_agreed_holds_until_another_day_is_agreed(
    db: Session, cast: Cast, deferred: Case, now: datetime
) -> None:
    propose(db, case=deferred, on=JANUARY, by=cast.agent, now=now)
    accept(db, case=deferred, on=JANUARY, by_customer=True, by=cast.ines, now=now)
    propose(db, case=deferred, on=FEBRUARY, reason="A part is late", by=cast.agent, now=now)
    assert deferred.scheduled_on == JANUARY
    assert deferred.status is CaseStatus.PAUSED
    withdraw(db, case=deferred, reason="The part came", by=cast.agent, now=now)
    assert (deferred.scheduled_on, deferred.proposed_on) == (JANUARY, None)
    propose(db, case=deferred, on=FEBRUARY, by_customer=True, by=cast.ines, now=now)
    accept(db, case=deferred, on=FEBRUARY, by=cast.agent, now=now)
    expected = "Agreed: this is done on Tuesday 2 February 2027, not on Tuesday 12 January 2027"
    assert expected in _told(db, deferred)


def test_a_day_that_is_over_or_a_stale_form_is_refused(
    db: Session, cast: Cast, deferred: Case, now: datetime
) -> None:
    for on in (date(2026, 11, 22), date(2031, 1, 1)):
        with pytest.raises(WrongDayError):
            propose(db, case=deferred, on=on, by=cast.agent, now=now)
    shown = deferred.revision
    propose(db, case=deferred, on=JANUARY, by=cast.agent, now=now, revision=shown)
    with pytest.raises(ChangedMeanwhileError):
        propose(db, case=deferred, on=FEBRUARY, by=cast.second, now=now, revision=shown)


def test_C11_a_promised_delivery_date_is_remembered_before_it_comes_and_when_it_was_missed(
    db: Session, cast: Cast, deferred: Case, now: datetime
) -> None:
    set_delivery_date(db, case=deferred, on=date(2026, 12, 7), by=cast.agent, now=now)
    set_delivery_date(
        db, case=deferred, on=date(2026, 12, 14), by=cast.agent, reason="Tests", now=now
    )
    set_delivery_date(
        db, case=deferred, on=date(2026, 12, 15), by=cast.agent, reason="A holiday", now=now
    )
    assert delivery_words(db, deferred) == "Tuesday 15 December 2026 (moved twice)"
    eve = datetime(2026, 12, 14, 13, 0, tzinfo=UTC)
    assert "day_near" not in _run(db, eve - timedelta(seconds=1))
    assert _run(db, eve).count("day_near") == 1
    morrow = datetime(2026, 12, 16, 13, 0, tzinfo=UTC)
    assert "day_near" not in _run(db, morrow - timedelta(seconds=1))
    assert _run(db, morrow).count("day_near") == 1
    assert "day_near" not in _run(db, morrow + timedelta(days=30))
    assert "day_near" not in _told(db, deferred)
