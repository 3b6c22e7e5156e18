from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases import closing, escalating, falling_due, rating, submission
from portal.cases.assigning import NotStaffError, assign
from portal.cases.attachments import KeptFile, find_attachment
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.conversation import Message
from portal.cases.happenings import Happening
from portal.cases.noting import note
from portal.cases.policies import adopt
from portal.cases.priorities import (
    NotANamedContactError,
    ReasonNeededError,
    change_priority,
    choices,
    preview_change,
)
from portal.cases.reopening import FollowUpNeededError, may_reopen, reopen
from portal.cases.replying import reply
from portal.cases.request import Request
from portal.cases.responding import respond
from portal.cases.revision import ChangedMeanwhileError
from portal.cases.timeline import timeline_for_customer, timeline_for_staff
from portal.cases.waiting import start_work, wait_for_customer
from portal.events import Event
from portal.files import StoredFile
from portal.policy.profiles import profile_source
from tests.cases.conftest import ANSWERS, Cast

MINUTE = timedelta(minutes=1)
WAITING, SOLVED, WORKING = CaseStatus.WAITING, CaseStatus.SOLVED, CaseStatus.IN_PROGRESS


def kinds(db: Session, case: Case) -> list[str]:
    query = select(Event.kind).where(Event.case_id == case.id).order_by(Event.id)
    return list(db.scalars(query))


def test_a_staff_reply_keeps_the_first_response_promise(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    due = opened.first_response_due_at
    respond(db, case=opened, author=cast.agent, body="Looking.", now=now + MINUTE)
    assert opened.first_responded_at == now + MINUTE
    assert opened.first_response_due_at == due
    assert opened.status is WORKING
    assert opened.next_due_at is None
    assert kinds(db, opened)[-2:] == [Happening.RESPONDED, Happening.WORK_STARTED]


def test_an_internal_note_keeps_no_promise_and_never_reaches_the_customer(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    due = opened.next_due_at
    file = KeptFile("trace.txt", StoredFile("b" * 64, 3, "text/plain"))
    said = note(db, case=opened, author=cast.agent, body="SECRET", now=now + MINUTE, kept=[file])
    assert opened.next_due_at == due
    assert opened.first_responded_at is None
    shown = timeline_for_customer(db, opened)
    assert "SECRET" not in str(shown)
    assert "trace.txt" not in str(shown)
    assert any(entry.side == "note" for entry in timeline_for_staff(db, opened))
    token = said.attachments[0].token
    assert find_attachment(db, case=opened, token=token) is None
    assert find_attachment(db, case=opened, token=token, is_staff=True) is not None


def test_a_file_of_another_case_is_not_found(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    file = KeptFile("log.txt", StoredFile("b" * 64, 3, "text/plain"))
    said = reply(db, case=opened, author=cast.ines, body="See log", now=now, kept=[file])
    token = said.attachments[0].token
    assert find_attachment(db, case=opened, token=token) is not None
    other = submission.open_case(db, request=Request(ANSWERS, cast.ines), now=now)
    assert find_attachment(db, case=other, token=token) is None


def test_the_same_form_sent_twice_makes_one_message(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    for _ in range(3):
        reply(db, case=opened, author=cast.ines, body="Hello?", now=now, form_token="one")
        respond(db, case=opened, author=cast.agent, body="Yes", now=now, form_token="two")
        note(db, case=opened, author=cast.agent, body="Hm", now=now, form_token="three")
    assert db.scalar(select(func.count(Message.id))) == 4
    assert kinds(db, opened).count(Happening.RESPONDED) == 1


def test_a_second_press_is_no_conflict_although_the_first_changed_the_case(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    shown = opened.revision
    for _ in range(2):
        respond(
            db,
            case=opened,
            author=cast.agent,
            body="Yes",
            now=now,
            form_token="same",
            revision=shown,
        )
    assert db.scalar(select(func.count(Message.id))) == 2


def test_a_reply_resumes_the_clock_that_waited(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    respond(db, case=opened, author=cast.agent, body="Which model?", now=now + MINUTE, then=WAITING)
    assert opened.status is WAITING
    reply(db, case=opened, author=cast.ines, body="3300", now=now + 60 * MINUTE)
    assert opened.status is WORKING
    assert kinds(db, opened)[-2:] == [Happening.REPLIED, Happening.WAITING_ENDED]


def test_a_reply_on_a_solved_case_opens_it_again_with_a_new_promise(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    respond(db, case=opened, author=cast.agent, body="Fixed.", now=now + MINUTE, then=SOLVED)
    assert (opened.status, opened.next_due_at) == (SOLVED, None)
    reply(db, case=opened, author=cast.ines, body="No.", now=now + 9 * MINUTE)
    assert opened.status is WORKING
    assert opened.first_responded_at is None
    assert opened.next_due_at is not None
    firsts = [p for p in opened.promises if p.clock == "first_response"]
    assert [p.made_at for p in firsts] == [now, now + 9 * MINUTE]


def test_a_closed_case_opens_again_for_some_days_then_needs_a_follow_up(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    closing.close(db, case=opened, by=cast.ines, by_customer=True, reason="solved", now=now)
    last = now + timedelta(days=14)
    assert may_reopen(opened, now=last)
    assert not may_reopen(opened, now=last + timedelta(seconds=1))
    with pytest.raises(FollowUpNeededError):
        reply(db, case=opened, author=cast.ines, body="Again!", now=last + timedelta(seconds=1))
    assert db.scalar(select(func.count(Message.id))) == 1
    reopen(db, case=opened, by=cast.ines, reason="It came back", now=last)
    assert opened.status is WORKING
    assert opened.closed_at is None


def test_a_solved_case_closes_by_itself_after_some_days_and_not_before(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    opened.contact_time_zone = "Asia/Tokyo"
    closing.solve(db, case=opened, by=cast.agent, resolution="Restarted the recorder", now=now)
    assert opened.closes_at == now + timedelta(days=7)
    closing.remind_of_closing(db, case=opened, now=now + timedelta(days=5))
    assert " in Tokyo) unless we hear from you" in timeline_for_customer(db, opened)[-1].title
    closing.close_by_itself(db, case=opened, now=now + timedelta(days=7))
    assert opened.status is CaseStatus.CLOSED
    assert opened.closes_at is None


def test_A22_the_resolution_stays_in_the_history(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    closing.solve(db, case=opened, by=cast.agent, resolution="Restarted the recorder", now=now)
    assert opened.resolution == "Restarted the recorder"
    assert any(entry.detail == opened.resolution for entry in timeline_for_customer(db, opened))
    assert timeline_for_customer(db, opened)[0].author == "Ines Falk"


def test_a_closed_case_takes_no_answer_from_staff_and_no_other_status(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    closing.close(db, case=opened, by=cast.agent, reason="duplicate", now=now)
    with pytest.raises(IllegalMoveError):
        respond(db, case=opened, author=cast.agent, body="Hi", now=now)
    with pytest.raises(IllegalMoveError):
        wait_for_customer(db, case=opened, by=cast.agent, now=now)
    with pytest.raises(IllegalMoveError):
        change_priority(db, case=opened, priority="1", by=cast.agent, reason="Worse", now=now)


def test_an_act_on_an_older_screen_is_refused_and_changes_nothing(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    shown = opened.revision
    reply(db, case=opened, author=cast.ines, body="One more thing", now=now)
    before = kinds(db, opened)
    acts = [
        lambda: respond(
            db, case=opened, author=cast.agent, body="Done", now=now, revision=shown, then=SOLVED
        ),
        lambda: assign(
            db, case=opened, assignee=cast.agent, by=cast.agent, now=now, revision=shown
        ),
        lambda: change_priority(
            db, case=opened, priority="1", by=cast.agent, reason="Worse", now=now, revision=shown
        ),
        lambda: start_work(db, case=opened, by=cast.agent, now=now, revision=shown),
        lambda: closing.close(db, case=opened, by=cast.agent, now=now, revision=shown),
    ]
    for act in acts:
        with pytest.raises(ChangedMeanwhileError):
            act()
    assert kinds(db, opened) == before
    assert opened.status is CaseStatus.RECEIVED


def test_D22_a_raised_priority_promises_from_now_and_never_later(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    before = opened.first_response_due_at
    at = now + 5 * MINUTE
    told = preview_change(db, case=opened, priority="1", now=at)
    change_priority(db, case=opened, priority="1", by=cast.agent, reason="Worse", now=at)
    assert opened.first_response_due_at == told.first_response.due_at == at + 60 * MINUTE
    assert before is not None
    assert opened.first_response_due_at < before
    event = db.scalars(select(Event).where(Event.kind == Happening.PRIORITY_CHANGED)).one()
    assert (event.detail["before"], event.detail["after"]) == ("3", "1")


@pytest.mark.parametrize("priority", ["2", "4"])
def test_D22_a_change_in_either_direction_needs_a_reason(
    db: Session, cast: Cast, opened: Case, now: datetime, priority: str
) -> None:
    with pytest.raises(ReasonNeededError):
        change_priority(db, case=opened, priority=priority, by=cast.agent, now=now, reason=" ")
    assert opened.priority == "3"


@pytest.mark.parametrize("change", [("2", "raised"), ("4", "lowered")])
def test_D22_the_customer_reads_why_the_priority_changed(
    db: Session, cast: Cast, opened: Case, now: datetime, change: tuple[str, str]
) -> None:
    priority, verb = change
    change_priority(
        db,
        case=opened,
        priority=priority,
        by=cast.agent,
        now=now,
        reason="A workaround is in place",
    )
    entry = timeline_for_customer(db, opened)[-1]
    assert verb in entry.title
    assert entry.detail == "A workaround is in place"


def test_B13_asked_for_and_assigned_priority_are_two_things(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    change_priority(db, case=opened, priority="2", by=cast.agent, reason="Worse", now=now)
    assert (opened.requested_priority, opened.priority) == ("3", "2")
    assert {p.priority for p in opened.promises} == {"3", "2"}


def test_the_same_priority_again_changes_nothing(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    revision = opened.revision
    change_priority(db, case=opened, priority="3", by=cast.agent, reason="", now=now)
    assert opened.revision == revision


def test_A10_an_engineer_is_assigned_by_name_without_an_invented_date(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    due = (opened.next_due_at, len(opened.promises))
    assign(db, case=opened, assignee=cast.agent, by=cast.second, now=now)
    assert opened.assignee is cast.agent
    assert timeline_for_customer(db, opened)[-1].title == "Assigned to Asha Rao"
    assert (opened.next_due_at, len(opened.promises)) == due
    assign(db, case=opened, assignee=None, by=cast.second, now=now, reason="On leave")
    assert timeline_for_customer(db, opened)[-1].detail == "On leave"


def test_only_people_who_work_cases_are_assigned(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    for person in (cast.ines, cast.writer):
        with pytest.raises(NotStaffError):
            assign(db, case=opened, assignee=person, by=cast.agent, now=now)


def test_D30_a_dissatisfied_customer_asks_for_escalation_with_a_reason(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    escalating.ask_for_escalation(db, case=opened, by=cast.ines, reason="Two days!", now=now)
    assert opened.escalation_requested_at == now
    entry = timeline_for_customer(db, opened)[-1]
    assert "Manager of Technical Support or local Sales Manager" in entry.title
    assert entry.detail == "Two days!"
    escalating.escalate(db, case=opened, by=cast.second, reason="Agreed", now=now)
    assert (opened.level, opened.escalation_requested_at) == (2, None)


def test_a_solved_case_is_rated_once(db: Session, cast: Cast, opened: Case, now: datetime) -> None:
    with pytest.raises(rating.NotRateableError):
        rating.rate(db, case=opened, score=5, now=now)
    closing.solve(db, case=opened, by=cast.agent, now=now)
    with pytest.raises(rating.NotRateableError):
        rating.rate(db, case=opened, score=6, now=now)
    rating.rate(db, case=opened, score=2, comment="Slow", now=now)
    kept = rating.rating_of(db, case=opened)
    assert kept is not None
    assert (kept.score, kept.comment) == (2, "Slow")
    with pytest.raises(rating.NotRateableError):
        rating.rate(db, case=opened, score=5, now=now)
    assert "Rated" not in str(timeline_for_customer(db, opened))


def test_every_change_leaves_who_when_before_and_after(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    change_priority(db, case=opened, priority="1", by=cast.agent, reason="Worse", now=now)
    assign(db, case=opened, assignee=cast.second, by=cast.agent, now=now)
    wait_for_customer(db, case=opened, by=cast.agent, now=now)
    changes = db.scalars(select(Event).where(Event.kind != Happening.OPENED)).all()
    assert len(changes) == 3
    for change in changes:
        assert (change.at, change.actor_name) == (now, "Asha Rao")
        assert {"before", "after"} <= set(change.detail)


def test_a_priority_kept_for_named_contacts_is_not_offered_to_others(
    db: Session, cast: Cast, now: datetime
) -> None:
    adopt(db, source=profile_source("civicplus"), now=now)
    case = submission.open_case(db, request=Request(ANSWERS, cast.ines), now=now)
    assert [p.id for p in choices(db, case=case, now=now)] == ["normal"]
    with pytest.raises(NotANamedContactError):
        change_priority(db, case=case, priority="emergency", by=cast.agent, reason="Worse", now=now)


def test_A25_a_case_keeps_the_policy_version_it_was_filed_under(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    source = profile_source("communicado").replace("version = 1", "version = 2")
    source = source.replace("effective_from = 2026-01-01", "effective_from = 2026-11-24")
    second = adopt(db, source=source.replace("11 business hours", "2 business hours"), now=now)
    promised = opened.first_response_due_at
    later = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    newer = submission.open_case(db, request=Request(ANSWERS, cast.ines), now=later)
    assert newer.policy_version is second
    assert newer.first_response_due_at == later + timedelta(hours=2)
    note(db, case=opened, author=cast.agent, body="x", now=later)
    assign(db, case=opened, assignee=cast.agent, by=cast.agent, now=later)
    assert opened.first_response_due_at == promised
    assert opened.policy_version.version == 1


def test_A9_what_is_not_solved_in_time_is_escalated_by_itself_once(
    db: Session, cast: Cast, now: datetime
) -> None:
    adopt(db, source=profile_source("cipplanner"), now=now)
    case = submission.open_case(db, request=Request(ANSWERS, cast.ines), now=now)
    due = case.escalation_due_at
    assert due is not None
    for at in (due - timedelta(seconds=1), due, due + timedelta(days=3)):
        expected = 1 if at < due else 2
        while (found := falling_due.next_due(db, now=at)) is not None:
            falling_due.do_what_is_due(db, case=found, now=at)
        assert case.level == expected
    assert case.escalation_due_at is None
    assert "level 1 to level 2" in str(timeline_for_customer(db, case))
