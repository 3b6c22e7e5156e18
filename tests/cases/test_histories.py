"""Whatever happens to a case in whatever order, some things stay true."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.cases import clocks, closing, contract_check, escalating, submission, waiting
from portal.cases.assigning import assign
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.noting import note
from portal.cases.policies import adopt
from portal.cases.priorities import NotANamedContactError, change_priority
from portal.cases.reopening import FollowUpNeededError, reopen
from portal.cases.replying import reply
from portal.cases.request import Request
from portal.cases.responding import respond
from portal.cases.timeline import timeline_for_customer, timeline_for_staff
from portal.events import Event
from portal.people.organisation import Organisation
from portal.people.person import Person
from portal.policy.profiles import profile_source
from tests.cases.conftest import ANSWERS, Cast

REFUSALS = (IllegalMoveError, FollowUpNeededError, NotANamedContactError)
SECRET = "NOTSEENOUTSIDE"
STATUSES = [CaseStatus.IN_PROGRESS, CaseStatus.WAITING, CaseStatus.SOLVED]


@dataclass
class Story:
    """One case with everybody who may touch it."""

    db: Session
    case: Case
    cast: Cast
    now: datetime

    def act(self, name: str, pick: int) -> None:
        acts[name](self, pick)


def _priority(story: Story, pick: int) -> None:
    levels = clocks.policy_of(story.case).priorities
    change_priority(
        story.db,
        case=story.case,
        priority=levels[pick % len(levels)].id,
        reason="Because",
        by=story.cast.agent,
        now=story.now,
    )


acts: dict[str, Callable[[Story, int], object]] = {
    "reply": lambda s, _: reply(s.db, case=s.case, author=s.cast.ines, body="Hello", now=s.now),
    "respond": lambda s, n: respond(
        s.db, case=s.case, author=s.cast.agent, body="Yes", now=s.now, then=STATUSES[n % 3]
    ),
    "note": lambda s, _: note(s.db, case=s.case, author=s.cast.agent, body=SECRET, now=s.now),
    "priority": _priority,
    "assign": lambda s, n: assign(
        s.db,
        case=s.case,
        assignee=[None, s.cast.agent, s.cast.second][n % 3],
        by=s.cast.agent,
        now=s.now,
    ),
    "wait": lambda s, _: waiting.wait_for_customer(s.db, case=s.case, by=s.cast.agent, now=s.now),
    "resume": lambda s, _: waiting.resume(s.db, case=s.case, by=s.cast.agent, now=s.now),
    "solve": lambda s, _: closing.solve(s.db, case=s.case, by=s.cast.agent, now=s.now),
    "close": lambda s, _: closing.close(s.db, case=s.case, by=s.cast.ines, now=s.now),
    "reopen": lambda s, _: reopen(s.db, case=s.case, by=s.cast.ines, now=s.now),
    "confirm": lambda s, _: contract_check.confirm(s.db, case=s.case, by=s.cast.agent, now=s.now),
    "escalate": lambda s, _: escalating.escalate(
        s.db, case=s.case, by=s.cast.agent, reason="Hard", now=s.now
    ),
    "ask": lambda s, _: escalating.ask_for_escalation(
        s.db, case=s.case, by=s.cast.ines, reason="Slow", now=s.now
    ),
    "wake": lambda s, _: closing.close_confirmed(s.db, now=s.now),
}

steps = st.lists(
    st.tuples(st.sampled_from(sorted(acts)), st.integers(0, 5), st.integers(0, 4 * 86_400)),
    max_size=14,
)


@pytest.mark.parametrize("policy", ["cipplanner", "civicplus", "communicado", "cts"])
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(story=steps, filed=st.tuples(st.booleans(), st.integers(0, 200)))
def test_whatever_happens_promises_are_kept_on_record_and_notes_stay_inside(
    db: Session, cast: Cast, policy: str, story: list[tuple[str, int, int]], filed: tuple[bool, int]
) -> None:
    is_guest, hour = filed
    start = datetime(2026, 10, 28, tzinfo=UTC) + timedelta(hours=hour)
    everything = db.begin_nested()
    try:
        adopt(db, source=profile_source(policy), now=start)
        filer = None if is_guest else cast.ines
        case = submission.open_case(db, request=Request(ANSWERS, filer), now=start)
        told = Story(db, case, cast, start)
        for name, pick, seconds in story:
            told.now += timedelta(seconds=seconds)
            _one_step(told, name, pick)
    finally:
        everything.rollback()
        _forget(db)


def _forget(db: Session) -> None:
    """What was rolled back is not there any more; the people are."""
    for gone in [each for each in db if not isinstance(each, Person | Organisation)]:
        db.expunge(gone)
    db.expire_all()


def _one_step(story: Story, name: str, pick: int) -> None:
    db, case = story.db, story.case
    before = [(p.id, p.due_at, p.target) for p in case.promises]
    was, revision = case.status, case.revision
    events = db.query(Event).count()
    try:
        story.act(name, pick)
    except REFUSALS:
        assert (case.status, case.revision) == (was, revision)
        assert db.query(Event).count() == events
        return
    assert [(p.id, p.due_at, p.target) for p in case.promises][: len(before)] == before
    _check(story)


def _check(story: Story) -> None:
    db, case = story.db, story.case
    now = clocks.evaluation_of(db, case)
    latest = {promise.clock: promise for promise in case.promises}
    for clock in now.clocks:
        if clock.state == "running":
            assert latest[clock.clock].due_at == clock.due_at
    running = [
        c.due_at
        for c in now.clocks
        if c.state == "running" and (c.clock != "escalation" or case.level == 1)
    ]
    assert case.next_due_at == min((d for d in running if d), default=None)
    assert case.is_open or case.next_due_at is None
    assert (case.number is None) == bool(case.held_reason)
    shown, internal = timeline_for_customer(db, case), timeline_for_staff(db, case)
    assert SECRET not in str(shown)
    assert len(shown) <= len(internal)
    assert [entry.at for entry in shown] == sorted(entry.at for entry in shown)
