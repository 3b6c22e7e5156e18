"""Merging loses nothing: every message, file, event and promise of either case is still there, the
old number leads to the survivor, and it can be undone.
"""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import clocks, merging, waiting
from portal.cases.access import (
    find_by_link,
    find_by_receipt,
    find_case,
    find_for_mail,
    issue_link,
)
from portal.cases.attachments import KeptFile, find_attachment
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.conversation import Message
from portal.cases.delivery_date import set_delivery_date
from portal.cases.escalating import answer_escalation, ask_for_escalation
from portal.cases.following import add_follower, followers_of
from portal.cases.issue_cases import attach, detach, tell_of_fix, untold_cases
from portal.cases.merged import known_as, standing_merge
from portal.cases.merging import NotMergeableError, TooLateToUndoError, merge, unmerge
from portal.cases.noting import note
from portal.cases.owed import Owed
from portal.cases.policies import adopt
from portal.cases.queries import CaseFilter, case_list
from portal.cases.replying import reply
from portal.cases.responding import respond
from portal.cases.standstill import Patience
from portal.cases.timeline import timeline_for_customer, timeline_for_staff
from portal.database import Database
from portal.events import Event
from portal.files import FileStore
from portal.knowledge.known_issue import KnownIssue, Words, post
from portal.people.person import Person
from portal.policy.profiles import profile_source
from tests import casework
from tests.cast import Cast, everybody, person

HOUR = timedelta(hours=1)


@dataclass
class Scene:
    """Two cases of Harbour Lines about the same thing: Ines's, and Nadia's an hour later."""

    cast: Cast
    first: Case
    second: Case


@pytest.fixture
def scene(db: Session, now: datetime) -> Scene:
    adopt(db, source=profile_source("communicado"), now=now - timedelta(days=30))
    cast = everybody(db)
    first = casework.opened(db, person=cast.ines, now=now, priority="3")
    second = casework.opened(
        db, person=cast.nadia, now=now + HOUR, subject="No phone rings", priority="2"
    )
    return Scene(cast, first, second)


def joined(db: Session, scene: Scene, at: datetime) -> Case:
    """The second case goes on in the first."""
    merge(db, duplicate=scene.second, survivor=scene.first, by=scene.cast.agent, now=at)
    return scene.first


def test_nothing_that_was_said_is_lost(
    db: Session, scene: Scene, now: datetime, tmp_path: object
) -> None:
    stored = FileStore(tmp_path).keep(io.BytesIO(b"hello"), limit_bytes=99)  # type: ignore[arg-type]
    kept = [KeptFile("log.txt", stored)]
    said = reply(db, case=scene.second, author=scene.cast.nadia, body="See", now=now, kept=kept)
    note(db, case=scene.second, author=scene.cast.agent, body="Odd", now=now)
    every = {m.body for m in db.scalars(select(Message))}
    first = joined(db, scene, now + 2 * HOUR)
    for_staff = timeline_for_staff(db, first)
    assert {entry.body for entry in for_staff if entry.body} == every
    assert {entry.origin for entry in for_staff} == {"", scene.second.reference}
    assert "Odd" not in {entry.body for entry in timeline_for_customer(db, first)}
    token = said.attachments[0].token
    assert find_attachment(db, case=first, token=token) is not None


def test_no_event_is_changed_by_it(db: Session, scene: Scene, now: datetime) -> None:
    def kept() -> list[tuple[object, ...]]:
        return [(e.id, e.kind, e.case_id, e.at, e.detail) for e in db.scalars(select(Event))]

    before = kept()
    joined(db, scene, now + 2 * HOUR)
    assert [e for e in kept() if e in before] == before


def test_the_old_number_leads_to_the_survivor_everywhere(
    db: Session, scene: Scene, now: datetime
) -> None:
    token = issue_link(db, case=scene.second, email="nadia@customer.example", now=now)
    old, receipt = scene.second.reference, scene.second.receipt
    first = joined(db, scene, now + 2 * HOUR)
    for who in (scene.cast.nadia, scene.cast.agent):
        assert find_case(db, old, person=who) is first
        assert find_case(db, receipt, person=who) is first
    assert find_by_link(db, token, now=now) is first
    assert find_by_receipt(db, receipt) is first
    for name in (old, receipt):  # an answer to a mail about the duplicate
        mail = {"address": "nadia@customer.example", "person": None}
        assert find_for_mail(db, name, **mail) is first  # type: ignore[arg-type]
    assert old in known_as(db, first)
    found = case_list(db, person=scene.cast.nadia, filters=CaseFilter(words=old))
    assert [case.reference for case in found.cases] == [first.reference]


def test_the_earlier_promise_of_both_holds(db: Session, scene: Scene, now: datetime) -> None:
    own = [c.first_response_due_at for c in (scene.first, scene.second)]
    first = joined(db, scene, now + 2 * HOUR)
    assert first.first_response_due_at == min(due for due in own if due)
    assert first.next_due_at is not None
    assert scene.second.next_due_at is None


def test_an_answer_to_the_survivor_answers_both(db: Session, scene: Scene, now: datetime) -> None:
    respond(db, case=scene.first, author=scene.cast.agent, body="We look.", now=now)
    assert scene.first.first_responded_at == now
    first = joined(db, scene, now + 2 * HOUR)
    assert first.first_responded_at is None, "Nadia was still promised a first answer"
    assert first.first_response_due_at == scene.second.promises[0].due_at
    respond(db, case=first, author=scene.cast.agent, body="Both.", now=now + 3 * HOUR)
    for case in (first, scene.second):
        assert clocks.evaluation_of(db, case).first_response.state == "met"
    assert first.first_responded_at == now + 3 * HOUR


def test_a_promise_that_the_duplicate_was_owed_and_that_is_broken_is_not_hidden(
    db: Session, scene: Scene, now: datetime
) -> None:
    respond(db, case=scene.first, author=scene.cast.agent, body="We look.", now=now)
    first = joined(db, scene, now + 2 * HOUR)
    late = now + timedelta(days=9)
    respond(db, case=first, author=scene.cast.agent, body="Sorry.", now=late)
    assert clocks.evaluation_of(db, first).first_response.state == "missed"


def test_what_waits_on_the_survivor_waits_for_both(
    db: Session, scene: Scene, now: datetime
) -> None:
    waiting.wait_for_customer(db, case=scene.first, by=scene.cast.agent, now=now)
    joined(db, scene, now + 2 * HOUR)
    assert clocks.evaluation_of(db, scene.second).paused_since == now + 2 * HOUR


def test_undone_the_case_stands_as_before(db: Session, scene: Scene, now: datetime) -> None:
    due = [(c.first_response_due_at, c.next_due_at, c.status) for c in (scene.first, scene.second)]
    first = joined(db, scene, now + 2 * HOUR)
    assert unmerge(db, duplicate=scene.second, by=scene.cast.agent, now=now + 3 * HOUR) is first
    after = [(c.first_response_due_at, c.next_due_at, c.status) for c in (first, scene.second)]
    assert after == due
    old = scene.second.reference
    assert find_case(db, old, person=scene.cast.nadia) is scene.second
    bodies = {entry.body for entry in timeline_for_customer(db, first)}
    assert not any("No phone rings" in body for body in bodies)


def test_what_was_answered_meanwhile_stays_answered(
    db: Session, scene: Scene, now: datetime
) -> None:
    first = joined(db, scene, now + 2 * HOUR)
    respond(db, case=first, author=scene.cast.agent, body="Both.", now=now + 3 * HOUR)
    unmerge(db, duplicate=scene.second, by=scene.cast.agent, now=now + 4 * HOUR)
    assert scene.second.first_responded_at == now + 3 * HOUR


def test_a_case_that_was_solved_with_another_is_owed_an_answer_again(
    db: Session, scene: Scene, now: datetime
) -> None:
    first = joined(db, scene, now + 2 * HOUR)
    respond(
        db,
        case=first,
        author=scene.cast.agent,
        body="Done.",
        then=CaseStatus.SOLVED,
        now=now + 3 * HOUR,
    )
    unmerge(db, duplicate=scene.second, by=scene.cast.agent, now=now + 4 * HOUR)
    assert scene.second.is_open
    assert scene.second.next_due_at is not None


def test_after_some_days_it_is_too_late_to_undo(db: Session, scene: Scene, now: datetime) -> None:
    joined(db, scene, now)
    late = now + timedelta(days=merging.UNDO_DAYS, seconds=1)
    with pytest.raises(TooLateToUndoError):
        unmerge(db, duplicate=scene.second, by=scene.cast.agent, now=late)
    assert scene.second.merged_into is scene.first


def test_a_chain_leads_to_its_end_and_comes_back_link_by_link(
    db: Session, scene: Scene, now: datetime
) -> None:
    agent = scene.cast.agent
    third = casework.opened(db, person=scene.cast.ines, now=now, subject="Silence")
    merge(db, duplicate=scene.second, survivor=scene.first, by=agent, now=now)
    merge(db, duplicate=scene.first, survivor=third, by=agent, now=now)
    for old in (scene.first.reference, scene.second.reference):
        assert find_case(db, old, person=agent) is third
    assert third.first_response_due_at == min(
        promise.due_at for promise in scene.second.promises if promise.clock == "first_response"
    )
    unmerge(db, duplicate=scene.first, by=agent, now=now)
    assert find_case(db, scene.second.reference, person=agent) is scene.first
    unmerge(db, duplicate=scene.second, by=agent, now=now)
    assert find_case(db, scene.second.reference, person=agent) is scene.second


def test_cases_of_different_customers_are_refused_with_the_reason(
    db: Session, scene: Scene, now: datetime
) -> None:
    strange = casework.opened(db, person=scene.cast.bea, now=now)
    with pytest.raises(NotMergeableError, match="different customers are never merged"):
        merge(db, duplicate=strange, survivor=scene.first, by=scene.cast.agent, now=now)
    guest = casework.opened(db, person=None, now=now, contact_email=scene.cast.ines.email)
    with pytest.raises(NotMergeableError):
        merge(db, duplicate=guest, survivor=scene.first, by=scene.cast.agent, now=now)
    assert strange.merged_into is None


def test_a_merged_case_moves_no_more(db: Session, scene: Scene, now: datetime) -> None:
    joined(db, scene, now)
    agent = scene.cast.agent
    with pytest.raises(NotMergeableError, match="merged into another case already"):
        merge(db, duplicate=scene.first, survivor=scene.second, by=agent, now=now)
    with pytest.raises(IllegalMoveError):
        waiting.start_work(db, case=scene.second, by=agent, now=now)
    with pytest.raises(NotMergeableError, match="can't be merged into itself"):
        merge(db, duplicate=scene.first, survivor=scene.first, by=agent, now=now)


def test_whether_the_fix_of_a_known_issue_was_told_goes_with_the_issue(
    db: Session, scene: Scene, now: datetime
) -> None:
    by = scene.cast.agent
    old, new = (post(db, words=Words(title), by=by, now=now) for title in ("Old", "New"))
    attach(db, case=scene.first, issue=old, by=by, now=now)
    tell_of_fix(db, case=scene.first, issue=old, now=now)
    detach(db, case=scene.first, by=by, now=now)
    attach(db, case=scene.second, issue=new, by=by, now=now)
    assert untold_cases(db, new, limit=10) == [scene.second]
    first = joined(db, scene, now)
    assert untold_cases(db, new, limit=10) == [first]


def test_cases_about_two_known_issues_are_told_of_either_fix_once(
    db: Session, scene: Scene, now: datetime
) -> None:
    by = scene.cast.agent
    one, two = (post(db, words=Words(title), by=by, now=now) for title in ("One", "Two"))
    attach(db, case=scene.first, issue=one, by=by, now=now)
    attach(db, case=scene.second, issue=two, by=by, now=now)
    first = joined(db, scene, now)
    assert untold_cases(db, one, limit=10) == [first]
    assert untold_cases(db, two, limit=10) == [scene.second]
    tell_of_fix(db, case=scene.second, issue=two, now=now)
    assert untold_cases(db, two, limit=10) == []
    assert first.known_issue is one
    unmerge(db, duplicate=scene.second, by=by, now=now)
    assert untold_cases(db, two, limit=10) == []
    assert untold_cases(db, one, limit=10) == [first]


def test_what_is_said_of_the_survivors_issue_is_said_of_the_duplicates_too(
    db: Session, scene: Scene, now: datetime
) -> None:
    by = scene.cast.agent
    issue = post(db, words=Words("One"), by=by, now=now)
    attach(db, case=scene.second, issue=issue, by=by, now=now)
    first = joined(db, scene, now)
    assert untold_cases(db, issue, limit=10) == [first]
    tell_of_fix(db, case=first, issue=issue, now=now)
    unmerge(db, duplicate=scene.second, by=by, now=now)
    assert first.known_issue is None
    assert (scene.second.known_issue, untold_cases(db, issue, limit=10)) == (issue, [])
    joined(db, scene, now)
    detach(db, case=first, by=by, now=now)
    unmerge(db, duplicate=scene.second, by=by, now=now)
    assert scene.second.known_issue is None


def test_an_undone_merge_leaves_no_day_and_no_wish_of_the_other_case(
    db: Session, scene: Scene, now: datetime
) -> None:
    by, soon = scene.cast.agent, now.date() + timedelta(days=20)
    ask_for_escalation(db, case=scene.second, by=scene.cast.nadia, reason="Slow", now=now)
    set_delivery_date(db, case=scene.second, on=soon, by=by, now=now)
    set_delivery_date(db, case=scene.first, on=soon + timedelta(days=9), by=by, now=now)
    before = [owed(case) for case in (scene.first, scene.second)]
    first = joined(db, scene, now)
    assert first.fix_due_on == soon
    assert first.escalation_answer_due_at == scene.second.escalation_answer_due_at is not None
    unmerge(db, duplicate=scene.second, by=by, now=now)
    assert [owed(case) for case in (scene.first, scene.second)] == before


def test_a_wish_that_was_answered_on_the_survivor_is_answered(
    db: Session, scene: Scene, now: datetime
) -> None:
    ask_for_escalation(db, case=scene.second, by=scene.cast.nadia, reason="Slow", now=now)
    first = joined(db, scene, now)
    answer_escalation(db, case=first, by=scene.cast.agent, reason="We see", now=now)
    unmerge(db, duplicate=scene.second, by=scene.cast.agent, now=now)
    assert scene.second.escalation_requested_at is None


def test_the_time_away_does_not_close_a_case_that_waits_for_its_customer(
    db: Session, scene: Scene, now: datetime
) -> None:
    patience = Patience(answer_days=5)
    waiting.wait_for_customer(
        db, case=scene.second, by=scene.cast.agent, patience=patience, now=now
    )
    closes_at = scene.second.closes_at
    assert closes_at is not None
    joined(db, scene, now)
    away = timedelta(days=merging.UNDO_DAYS)
    unmerge(db, duplicate=scene.second, by=scene.cast.agent, now=now + away)
    assert scene.second.closes_at == closes_at + away


def test_a_pause_after_the_merge_stops_the_clocks_of_both(
    db: Session, scene: Scene, now: datetime
) -> None:
    first = joined(db, scene, now)
    waiting.wait_for_customer(db, case=first, by=scene.cast.agent, now=now + HOUR)
    for case in (first, scene.second):
        assert clocks.evaluation_of(db, case).paused_since == now + HOUR


def test_in_a_chain_nobody_goes_on_following_for_an_undone_merge_and_nobody_is_forgotten(
    db: Session, scene: Scene, now: datetime
) -> None:
    agent, nadia = scene.cast.agent, scene.cast.nadia
    third = casework.opened(db, person=scene.cast.theo, now=now, subject="Silence")
    more = casework.opened(db, person=nadia, now=now, subject="Hush")
    add_follower(db, case=third, person=scene.cast.ines, by=agent, by_name="", now=now)
    merge(db, duplicate=scene.second, survivor=scene.first, by=agent, now=now)
    merge(db, duplicate=more, survivor=scene.first, by=agent, now=now)
    merge(db, duplicate=scene.first, survivor=third, by=agent, now=now)
    assert set(followers_of(db, third)) == {scene.cast.ines, nadia}
    unmerge(db, duplicate=scene.second, by=agent, now=now)
    assert nadia in followers_of(db, third), "her other case still goes on there"
    unmerge(db, duplicate=more, by=agent, now=now)
    assert followers_of(db, third) == [scene.cast.ines], "she followed it before"
    unmerge(db, duplicate=scene.first, by=agent, now=now)
    assert followers_of(db, third) == [scene.cast.ines]
    assert followers_of(db, scene.first) == []


CASES = st.integers(0, 2)
MOVES = st.lists(st.tuples(st.sampled_from(("join", "part")), CASES, CASES), max_size=10)
OWN = st.tuples(st.sampled_from(("day", "issue", "ask", "follow", "wait", "answer")), CASES)


@settings(max_examples=12)
@given(own=st.lists(OWN, max_size=6), moves=MOVES)
def test_however_cases_are_merged_and_parted_they_stand_as_before_once_all_is_undone(
    database: Database,
    now: datetime,
    own: list[tuple[str, int]],
    moves: list[tuple[str, int, int]],
) -> None:
    with database.open_writing() as db:
        adopt(db, source=profile_source("communicado"), now=now - timedelta(days=30))
        cast = everybody(db)
        people = (cast.ines, cast.theo, cast.nadia)
        cases = [casework.opened(db, person=each, now=now) for each in people]
        issues = [post(db, words=Words(f"{n}"), by=cast.agent, now=now) for n in range(2)]
        for turn, (act, at) in enumerate(own):
            _own_act(db, act, cases[at], cast, issues[turn % 2], now, turn)
        before = [standing(db, case) for case in cases]
        for move, one, other in moves:
            if move == "join" and not merging.why_not(cases[one], cases[other]):
                merge(db, duplicate=cases[one], survivor=cases[other], by=cast.agent, now=now)
            elif move == "part" and cases[one].merged_into is not None:
                unmerge(db, duplicate=cases[one], by=cast.agent, now=now)
            _nothing_is_lost(db, cases, issues)
        for case in cases:
            if case.merged_into is not None:
                unmerge(db, duplicate=case, by=cast.agent, now=now)
        assert [standing(db, case) for case in cases] == before
        db.rollback()


def owed(case: Case) -> dict[str, object]:
    return {name: getattr(case, name) for name in vars(Owed())}


def standing(db: Session, case: Case) -> list[object]:
    """Everything about a case that an undone merge has to leave as it was."""
    followers = {each.name for each in followers_of(db, case)}
    bodies = [entry.body for entry in timeline_for_staff(db, case) if entry.body]
    due = (case.first_response_due_at, case.next_update_due_at, case.escalation_due_at)
    still = (case.pause_reason, case.resumes_at, case.closes_at, case.close_reminder_at)
    return [case.status, case.next_due_at, due, still, owed(case), followers, bodies]


def _own_act(  # noqa: PLR0917
    db: Session, act: str, case: Case, cast: Cast, issue: KnownIssue, now: datetime, turn: int
) -> None:
    if act == "day":
        on = now.date() + timedelta(days=5 + turn)
        set_delivery_date(db, case=case, on=on, by=cast.agent, reason="Late", now=now)
    elif act == "issue":
        attach(db, case=case, issue=issue, by=cast.agent, now=now)
    elif act == "ask":
        ask_for_escalation(db, case=case, by=case.contact, reason="Slow", now=now)
    elif act == "follow":
        add_follower(db, case=case, person=cast.nadia, by=cast.agent, by_name="", now=now)
    elif act == "wait" and case.status is not CaseStatus.WAITING:
        waiting.wait_for_customer(db, case=case, by=cast.agent, now=now)
    elif act == "answer":
        respond(db, case=case, author=cast.agent, body=f"Answer {turn}", now=now)


def _nothing_is_lost(db: Session, cases: list[Case], issues: list[KnownIssue]) -> None:
    """Each contact of a case about an issue is told of its fix: on that case, or on the survivor
    that is about the same one. The survivor owes the earliest day of all that go on in it.
    """
    for issue in issues:
        told = untold_cases(db, issue, limit=10)
        for case in (each for each in cases if each.known_issue is issue):
            theirs = (case, case.merged_into, _first_survivor(db, case))
            assert any(each in told for each in theirs if each is not None)
    for case in (each for each in cases if each.merged_into is not None):
        survivor = case.merged_into
        assert survivor is not None
        hear = {survivor.contact, *followers_of(db, survivor)}
        assert {case.contact, *followers_of(db, case)} <= hear
        if case.fix_due_on is not None:
            assert survivor.fix_due_on is not None
            assert survivor.fix_due_on <= case.fix_due_on


def _first_survivor(db: Session, case: Case) -> Case | None:
    made = standing_merge(db, case)
    return made.survivor if made else None


def test_who_followed_one_case_follows_what_it_became_until_it_is_undone(
    db: Session, scene: Scene, now: datetime
) -> None:
    shy = person(
        db,
        "Shy Colleague",
        organisation_id=scene.cast.harbour_lines.id,
        sees_organisation_cases=False,
    )
    scene.second.contact = shy
    first = joined(db, scene, now)
    assert followers_of(db, first) == [shy]
    assert find_case(db, scene.second.reference, person=shy) is first
    unmerge(db, duplicate=scene.second, by=scene.cast.agent, now=now)
    assert followers_of(db, first) == []
    assert find_case(db, first.reference, person=shy) is None


ACTS = ("wait", "answer", "write", "join", "part")


@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 30)), max_size=12))
def test_no_order_of_acts_breaks_a_promise_or_loses_a_word(
    database: Database, now: datetime, acts: list[tuple[str, int]]
) -> None:
    """Whatever happens in whatever order: the survivor owes what either of the two is owed."""
    with database.open_writing() as db:
        adopt(db, source=profile_source("cipplanner"), now=now - timedelta(days=30))
        cast = everybody(db)
        first, second = (
            casework.opened(db, person=cast.ines, now=now, subject=subject)
            for subject in ("One", "Two")
        )
        at = now
        for act, hours in acts:
            at += hours * HOUR
            _act(db, act, (first, second), cast.agent, at)
        said = {m.body for m in db.scalars(select(Message))}
        if second.merged_into is not None:
            mine, theirs = (
                clocks._alone(db, c, clocks.policies_of(db, c), None) for c in (first, second)
            )
            for clock in ("first_response", "next_update"):
                owed = [
                    getattr(found, clock).due_at
                    for found in (mine, theirs)
                    if getattr(found, clock).state == "running"
                ]
                shown = getattr(clocks.evaluation_of(db, first), clock)
                assert not owed or shown.due_at == min(owed)
            assert {entry.body for entry in timeline_for_staff(db, first) if entry.body} == said
        db.rollback()


def _act(db: Session, act: str, cases: tuple[Case, Case], agent: Person, at: datetime) -> None:
    first, second = cases
    if act == "wait" and first.status is not CaseStatus.WAITING:
        waiting.wait_for_customer(db, case=first, by=agent, now=at)
    elif act == "answer":
        respond(db, case=first, author=agent, body=f"Answer at {at}", now=at)
    elif act == "write":
        reply(db, case=first, author=first.contact, body=f"Word at {at}", now=at)
    elif act == "join" and second.merged_into is None:
        merge(db, duplicate=second, survivor=first, by=agent, now=at)
    elif act == "part" and second.merged_into is not None:
        made_at = max(e.at for e in db.scalars(select(Event).where(Event.kind == "merged")))
        if at <= made_at + timedelta(days=merging.UNDO_DAYS):
            unmerge(db, duplicate=second, by=agent, now=at)
