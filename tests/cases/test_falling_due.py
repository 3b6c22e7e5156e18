"""What the clock asks for happens once, in order, whatever stops or runs twice meanwhile."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import clocks, delivery_date, submission
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.closing import solve
from portal.cases.delivery_date import WrongDeliveryDateError, delivery_words, set_delivery_date
from portal.cases.escalating import escalate
from portal.cases.falling_due import do_what_is_due, next_due
from portal.cases.policies import adopt
from portal.cases.replying import reply
from portal.cases.request import Request
from portal.cases.responding import respond
from portal.cases.standstill import Patience
from portal.cases.timeline import timeline_for_customer
from portal.cases.waiting import wait_for_customer
from portal.cases.waking import warning_instant
from portal.commands.clock_hand import turn
from portal.database import Database
from portal.events import Event
from portal.mail.outbox import OutgoingMail
from portal.policy.profiles import profile_source
from portal.settings import Settings
from tests.cases.conftest import ANSWERS, Cast

FRIDAY_16 = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)  # Friday 20 November, 16:00 in Los Angeles


def run(db: Session, *, now: datetime) -> int:
    """Do all that is due; how many things that was."""
    count = 0
    while (case := next_due(db, now=now)) is not None:
        do_what_is_due(db, case=case, now=now)
        count += 1
        assert count < 50
    return count


def kinds(db: Session, case: Case) -> Iterator[str]:
    yield from db.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.id))


def filed(db: Session, cast: Cast, at: datetime, policy: str = "cipplanner") -> Case:
    adopt(db, source=profile_source(policy), now=at)
    return submission.open_case(db, request=Request(ANSWERS, cast.ines), now=at)


def test_A9_a_minor_case_goes_to_level_2_after_nine_business_hours(db: Session, cast: Cast) -> None:
    case = filed(db, cast, FRIDAY_16)
    monday_16 = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert case.escalation_due_at == monday_16
    run(db, now=monday_16 - timedelta(seconds=1))
    assert case.level == 1
    run(db, now=monday_16)
    assert case.level == 2
    run(db, now=monday_16 + timedelta(days=30))
    assert case.level == 2
    assert list(kinds(db, case)).count("escalated") == 1
    assert "level 1 to level 2" in str(timeline_for_customer(db, case))


def test_hours_of_standstill_are_made_up_for_in_the_order_of_the_due_instants(
    db: Session, cast: Cast, now: datetime
) -> None:
    first = filed(db, cast, now)
    second = submission.open_case(
        db, request=Request(ANSWERS, cast.jonas), now=now + timedelta(hours=1)
    )
    run(db, now=now + timedelta(days=20))
    rows = db.execute(
        select(Event.case_id, Event.kind).where(Event.kind.in_(("promise_near", "escalated")))
    ).all()
    escalated = [case_id for case_id, kind in rows if kind == "escalated"]
    assert escalated == [first.id, second.id]
    assert next(kind for case_id, kind in rows if case_id == first.id) == "promise_near"
    assert run(db, now=now + timedelta(days=20)) == 0


def test_a_solved_case_closes_by_itself_a_week_later_after_one_reminder(
    db: Session, cast: Cast, now: datetime
) -> None:
    case = filed(db, cast, now)
    solve(db, case=case, by=cast.agent, resolution="Done", now=now)
    assert case.wakes_at == now + timedelta(days=5)
    run(db, now=now + timedelta(days=5))
    assert "unless we hear from you" in str(timeline_for_customer(db, case))
    assert run(db, now=now + timedelta(days=7, seconds=-1)) == 0
    assert case.status is CaseStatus.SOLVED
    assert run(db, now=now + timedelta(days=7)) == 1
    assert case.status is CaseStatus.CLOSED
    assert run(db, now=now + timedelta(days=90)) == 0
    assert list(kinds(db, case)).count("close_near") == 1
    assert list(kinds(db, case)).count("closed") == 1


def test_after_a_standstill_the_customer_still_has_the_days_from_the_reminder(
    db: Session, cast: Cast, now: datetime
) -> None:
    case = filed(db, cast, now)
    solve(db, case=case, by=cast.agent, resolution="Done", now=now)
    run(db, now=now + timedelta(days=30))
    assert case.status is CaseStatus.SOLVED
    assert case.closes_at == now + timedelta(days=32)
    run(db, now=now + timedelta(days=32))
    assert list(kinds(db, case))[-2:] == ["close_near", "closed"]


def test_a_question_without_an_answer_closes_the_case_only_where_that_is_set(
    db: Session, cast: Cast, now: datetime
) -> None:
    case = filed(db, cast, now)
    waits = CaseStatus.WAITING
    respond(db, case=case, author=cast.agent, body="Which one?", now=now, then=waits)
    run(db, now=now + timedelta(days=300))
    assert case.status is waits
    other = submission.open_case(db, request=Request(ANSWERS, cast.jonas), now=now)
    patient = Patience(answer_days=14)
    respond(db, case=other, author=cast.agent, body="Which?", now=now, then=waits, patience=patient)
    run(db, now=now + timedelta(days=12))
    reply(db, case=other, author=cast.jonas, body="The left one", now=now + timedelta(days=13))
    run(db, now=now + timedelta(days=60))
    assert other.status is CaseStatus.IN_PROGRESS
    wait_for_customer(db, case=other, by=cast.agent, now=now + timedelta(days=60), patience=patient)
    run(db, now=now + timedelta(days=72))
    run(db, now=now + timedelta(days=74))
    assert other.status is CaseStatus.CLOSED
    assert "no answer" in str(timeline_for_customer(db, other))


def test_staff_are_warned_once_before_a_promise_falls_due_and_the_customer_is_not(
    db: Session, cast: Cast, opened: Case
) -> None:
    due = opened.first_response_due_at
    assert due is not None
    run(db, now=due - timedelta(minutes=31))
    assert "promise_near" not in list(kinds(db, opened))
    run(db, now=due - timedelta(minutes=30))
    run(db, now=due)
    assert list(kinds(db, opened)).count("promise_near") == 1
    assert "due by" not in str(timeline_for_customer(db, opened))


def test_a_kept_promise_is_not_warned_of(db: Session, cast: Cast, opened: Case) -> None:
    respond(db, case=opened, author=cast.agent, body="Look here.", now=opened.opened_at)
    due = opened.opened_at + timedelta(days=5)
    run(db, now=due)
    near = select(Event.detail).where(Event.kind == "promise_near")
    assert all(detail["clock"] != "first_response" for detail in db.scalars(near))


def test_a_warning_goes_back_through_support_time_only(db: Session, cast: Cast) -> None:
    source = profile_source("communicado").replace("11 business hours", "1 business hours")
    adopt(db, source=source, now=FRIDAY_16)
    friday_1645 = datetime(2026, 11, 21, 0, 45, tzinfo=UTC)  # open until 17:30
    case = submission.open_case(db, request=Request(ANSWERS, cast.ines), now=friday_1645)
    monday_0645 = datetime(2026, 11, 23, 14, 45, tzinfo=UTC)
    assert case.first_response_due_at == monday_0645
    first = clocks.evaluation_of(db, case).first_response
    assert warning_instant(first) == monday_0645 - timedelta(minutes=15)


def test_after_a_standstill_a_missed_promise_is_told_as_missed(
    db: Session, cast: Cast, opened: Case
) -> None:
    due = opened.first_response_due_at
    assert due is not None
    run(db, now=due + timedelta(hours=5))
    detail = db.scalars(select(Event.detail).where(Event.kind == "promise_near")).one()
    assert detail["is_late"] is True


def test_D31_management_and_the_assignee_are_told_of_escalation_by_mail(
    database: Database, db: Session, cast: Cast, now: datetime, settings: Settings
) -> None:
    case = filed(db, cast, now)
    case.assignee = cast.agent
    due = case.escalation_due_at
    assert due is not None
    db.commit()
    while turn(database, settings=settings, now=due):
        pass
    with database.reading() as fresh:
        mails = fresh.scalars(
            select(OutgoingMail).where(OutgoingMail.subject.contains("Escalated"))
        ).all()
    assert {mail.recipient for mail in mails} == {cast.agent.email, cast.second.email}
    assert all("/desk/cases/" in mail.text for mail in mails)


def test_what_is_found_outside_hours_is_mailed_at_the_opening(
    database: Database, db: Session, cast: Cast, opened: Case, settings: Settings
) -> None:
    db.commit()
    saturday = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
    while turn(database, settings=settings, now=saturday):
        pass
    with database.reading() as fresh:
        mails = fresh.scalars(
            select(OutgoingMail).where(OutgoingMail.subject.contains("overdue"))
        ).all()
    assert mails
    assert all(m.next_try_at == datetime(2026, 11, 30, 14, 30, tzinfo=UTC) for m in mails)


def test_two_workers_at_once_do_each_thing_once(
    database: Database, db: Session, cast: Cast, now: datetime, settings: Settings
) -> None:
    adopt(db, source=profile_source("cipplanner"), now=now)
    for _ in range(6):
        submission.open_case(db, request=Request(ANSWERS, cast.ines), now=now)
    db.commit()
    later = now + timedelta(days=9)

    def work() -> None:
        for _ in range(60):
            turn(database, settings=settings, now=later)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with database.reading() as fresh:
        assert {case.level for case in fresh.scalars(select(Case))} == {2}
        escalated = fresh.scalars(select(Event.case_id).where(Event.kind == "escalated")).all()
    assert len(escalated) == len(set(escalated)) == 6


def test_a_worker_that_dies_half_way_has_done_nothing_and_the_next_one_does_it(
    database: Database,
    db: Session,
    cast: Cast,
    now: datetime,
    settings: Settings,
) -> None:
    case = filed(db, cast, now)
    due = case.escalation_due_at
    assert due is not None
    db.commit()
    with database.open_writing() as dying:
        found = next_due(dying, now=due)
        assert found is not None
        do_what_is_due(dying, case=found, now=due)
        dying.rollback()
    with database.reading() as fresh:
        assert not fresh.scalars(select(Event).where(Event.kind == "promise_near")).all()
    while turn(database, settings=settings, now=due):
        pass
    with database.reading() as fresh:
        assert fresh.scalars(select(Case.level)).one() == 2


def test_a_case_on_which_it_fails_holds_up_no_other(
    database: Database, db: Session, cast: Cast, now: datetime, settings: Settings
) -> None:
    broken = filed(db, cast, now)
    sound = submission.open_case(
        db, request=Request(ANSWERS, cast.jonas), now=now + timedelta(minutes=5)
    )
    broken.requested_priority = "gone"
    db.commit()
    later = now + timedelta(days=9)
    for _ in range(20):
        turn(database, settings=settings, now=later)
    with database.reading() as fresh:
        assert fresh.get_one(Case, sound.id).level == 2
        assert fresh.get_one(Case, broken.id).wakes_at == later + timedelta(hours=1)


def test_C11_an_empty_delivery_date_is_remembered_once_a_business_day(
    db: Session, cast: Cast, now: datetime
) -> None:
    case = filed(db, cast, now, "cts")
    assert delivery_date.is_promised(case)
    run(db, now=now + timedelta(hours=8))
    assert "delivery_date_missing" not in list(kinds(db, case))
    for day in range(1, 8):  # Tuesday to the next Monday, with Thanksgiving and a weekend
        run(db, now=now + timedelta(days=day))
    assert list(kinds(db, case)).count("delivery_date_missing") == 4
    set_delivery_date(
        db, case=case, on=date(2026, 12, 10), by=cast.agent, now=now + timedelta(days=7)
    )
    run(db, now=now + timedelta(days=9))
    assert list(kinds(db, case)).count("delivery_date_missing") == 4


def test_a_moved_delivery_date_needs_a_reason_and_says_how_often_it_moved(
    db: Session, cast: Cast, now: datetime
) -> None:
    case = filed(db, cast, now, "cts")
    set_delivery_date(db, case=case, on=date(2026, 12, 1), by=cast.agent, now=now)
    with pytest.raises(WrongDeliveryDateError, match="Say why"):
        set_delivery_date(db, case=case, on=date(2026, 12, 4), by=cast.agent, now=now)
    with pytest.raises(WrongDeliveryDateError, match="later day"):
        set_delivery_date(db, case=case, on=date(2026, 1, 1), by=cast.agent, now=now, reason="x")
    for day in (4, 8):
        set_delivery_date(
            db, case=case, on=date(2026, 12, day), by=cast.agent, now=now, reason="Tests failed"
        )
    assert delivery_words(db, case) == "Tuesday 8 December 2026 (moved twice)"
    assert "Tests failed" in str(timeline_for_customer(db, case))
    solve(db, case=case, by=cast.agent, resolution="Done", now=now)
    with pytest.raises(IllegalMoveError):
        set_delivery_date(db, case=case, on=date(2026, 12, 9), by=cast.agent, now=now, reason="x")


def test_D29_staff_escalate_at_their_discretion_with_a_reason(
    db: Session, cast: Cast, now: datetime
) -> None:
    case = filed(db, cast, now)
    escalate(db, case=case, by=cast.agent, reason="Needs a database engineer", now=now)
    event = db.scalars(select(Event).where(Event.kind == "escalated")).one()
    assert case.level == 2
    assert event.actor_id == cast.agent.id
    assert event.detail["reason"] == "Needs a database engineer"
