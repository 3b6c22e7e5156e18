"""Whatever happens to a case in whatever order: every act is legal or refused by name, leaves an
event, and keeps promises, clocks and turns consistent.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases import clocks, closing, contract_check, escalating, scheduling, waiting
from portal.cases.assigning import StaysAssignedError, assign, stays_assigned
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.delivery_date import WrongDeliveryDateError, set_delivery_date
from portal.cases.falling_due import do_what_is_due, next_due
from portal.cases.noting import note
from portal.cases.policies import adopt
from portal.cases.priorities import NotANamedContactError, change_priority
from portal.cases.promise import Promise
from portal.cases.rebasing import NothingToRebaseError, rebase
from portal.cases.reopening import FollowUpNeededError, reopen
from portal.cases.replying import reply
from portal.cases.request import Request
from portal.cases.responding import respond
from portal.cases.routing import change_kind
from portal.cases.scheduling import WrongDayError
from portal.cases.standstill import Patience
from portal.cases.submission import open_case
from portal.cases.timeline import events_for_customer, timeline_for_customer, timeline_for_staff
from portal.cases.turns import Side, shares, stretches
from portal.cases.waiting import WrongPauseError
from portal.cases.words import whose_turn
from portal.events import Event
from portal.people.organisation import Organisation
from portal.people.person import Person
from portal.policy.profiles import profile_source
from tests.cases.conftest import ANSWERS, Cast

REFUSALS = (
    IllegalMoveError,
    FollowUpNeededError,
    NotANamedContactError,
    StaysAssignedError,
    WrongPauseError,
    WrongDayError,
    WrongDeliveryDateError,
    NothingToRebaseError,
)
SECRET = "NOTSEENOUTSIDE"
PATIENCE = Patience(confirm_days=7, answer_days=10, reminder_days=2)
NEXT = [CaseStatus.IN_PROGRESS, CaseStatus.WAITING, CaseStatus.SOLVED, CaseStatus.PAUSED]
AMOUNT = re.compile(r"(?<=within = \")(\d+)(?= (?:business )?(?:hours|minutes))")
later = st.integers(0, 4 * 86_400)
any_number = st.integers(0, 5)


class Life(RuleBasedStateMachine):
    """One case, from filing on."""

    def __init__(self, db: Session, cast: Cast) -> None:
        super().__init__()
        self.db, self.cast = db, cast
        self.everything = db.begin_nested()

    @initialize(
        policy=st.sampled_from(["cipplanner", "civicplus", "communicado", "cts"]),
        is_guest=st.booleans(),
        hour=st.integers(0, 200),
    )
    def file(self, policy: str, is_guest: bool, hour: int) -> None:
        self.now = datetime(2026, 10, 28, tzinfo=UTC) + timedelta(hours=hour)
        self.policy, self.version = policy, 1
        adopt(self.db, source=profile_source(policy), now=self.now)
        filer = None if is_guest else self.cast.ines
        self.case = open_case(self.db, request=Request(ANSWERS, filer), now=self.now)

    def teardown(self) -> None:
        self.everything.rollback()
        for gone in [each for each in self.db if not isinstance(each, Person | Organisation)]:
            self.db.expunge(gone)
        self.db.expire_all()

    # What can be done to it

    @rule(wait=later, said=st.sampled_from(["reply", "note"]))
    def write(self, wait: int, said: str) -> None:
        if said == "note":
            self.try_to(wait, note, author=self.cast.agent, body=SECRET)
        else:
            self.try_to(wait, reply, author=self.cast.ines, body="Hello")

    @rule(wait=later, then=st.sampled_from(NEXT))
    def respond(self, wait: int, then: CaseStatus) -> None:
        if then is not CaseStatus.PAUSED or self.case.status is then:
            self.try_to(
                wait, respond, author=self.cast.agent, body="Yes", then=then, patience=PATIENCE
            )

    @rule(wait=later, pick=any_number)
    def change_priority(self, wait: int, pick: int) -> None:
        levels = clocks.policy_of(self.case).priorities
        wanted = levels[pick % len(levels)].id
        self.try_to(wait, change_priority, priority=wanted, reason="Because", by=self.cast.agent)

    @rule(wait=later, pick=any_number, reason=st.sampled_from(["", "Shift ends"]))
    def assign(self, wait: int, pick: int, reason: str) -> None:
        assignee = [None, self.cast.agent, self.cast.second][pick % 3]
        self.try_to(wait, assign, assignee=assignee, by=self.cast.agent, reason=reason)

    @rule(wait=later, pick=any_number)
    def change_kind(self, wait: int, pick: int) -> None:
        kinds = clocks.policy_of(self.case).request_kinds
        wanted = kinds[pick % len(kinds)].id
        self.try_to(wait, change_kind, request_kind=wanted, by=self.cast.agent)

    @rule(wait=later, pick=any_number, party=st.sampled_from(["", "Mitel"]), hours=later)
    def pause(self, wait: int, pick: int, party: str, hours: int) -> None:
        reasons = waiting.reasons(self.case)
        self.try_to(
            wait,
            waiting.pause,
            reason=reasons[pick % len(reasons)].id,
            party=party,
            until=self.now + timedelta(seconds=hours) if hours % 2 else None,
            patience=PATIENCE,
            by=self.cast.agent,
        )

    @rule(
        wait=later,
        act=st.sampled_from(
            [waiting.start_work, waiting.resume, closing.solve, closing.close, reopen]
        ),
    )
    def move(self, wait: int, act: Callable[..., object]) -> None:
        self.try_to(wait, act, by=self.cast.agent)

    @rule(wait=later, times=st.integers(1, 4), days=st.integers(0, 4))
    def adopt_version(self, wait: int, times: int, days: int) -> None:
        """A version with other figures, at once or from a day on: nothing that stands moves."""
        self.now += timedelta(seconds=wait)
        self.version += 1
        before = clocks.evaluation_of(self.db, self.case).clocks
        adopt(self.db, source=self.next_version(times, days), now=self.now)
        assert clocks.evaluation_of(self.db, self.case).clocks == before

    def next_version(self, times: int, days: int) -> str:
        source = AMOUNT.sub(lambda found: str(int(found[0]) * times), profile_source(self.policy))
        begins = (self.now + timedelta(days=days)).date()
        source = source.replace("effective_from = 2026-01-01", f"effective_from = {begins}")
        return source.replace("\nversion = 1\n", f"\nversion = {self.version}\n")

    @rule(wait=later)
    def rebase(self, wait: int) -> None:
        self.try_to(wait, rebase, by=self.cast.agent)

    @rule(wait=later)
    def confirm_contract(self, wait: int) -> None:
        self.try_to(wait, contract_check.confirm, by=self.cast.agent)

    @rule(wait=later, level=st.sampled_from([None, 1, 2, 3, 4]))
    def escalate(self, wait: int, level: int | None) -> None:
        self.try_to(wait, escalating.escalate, by=self.cast.agent, reason="Hard", level=level)

    @rule(wait=later)
    def ask_for_escalation(self, wait: int) -> None:
        self.try_to(wait, escalating.ask_for_escalation, by=self.cast.ines, reason="Slow")

    @rule(wait=later)
    def answer_escalation(self, wait: int) -> None:
        self.try_to(wait, escalating.answer_escalation, by=self.cast.agent, reason="Soon")

    @rule(wait=later, days=st.integers(-2, 20), by_customer=st.booleans())
    def propose(self, wait: int, days: int, by_customer: bool) -> None:
        on = (self.now + timedelta(days=days)).date()
        who = self.cast.ines if by_customer else self.cast.agent
        self.try_to(wait, scheduling.propose, on=on, by_customer=by_customer, by=who)

    @precondition(lambda self: self.case.proposed_on is not None)
    @rule(wait=st.integers(0, 86_400), by_customer=st.booleans())
    def accept(self, wait: int, by_customer: bool) -> None:
        who = self.cast.ines if by_customer else self.cast.agent
        on = self.case.proposed_on
        self.try_to(wait, scheduling.accept, on=on, by_customer=by_customer, by=who)

    @rule(wait=later)
    def withdraw(self, wait: int) -> None:
        self.try_to(wait, scheduling.withdraw, reason="Not then", by=self.cast.agent)

    @rule(wait=later, days=st.integers(-2, 20), reason=st.sampled_from(["", "Tests take longer"]))
    def promise_delivery(self, wait: int, days: int, reason: str) -> None:
        on = (self.now + timedelta(days=days)).date()
        self.try_to(wait, set_delivery_date, on=on, reason=reason, by=self.cast.agent)

    @rule(wait=later)
    def time_passes(self, wait: int) -> None:
        self.now += timedelta(seconds=wait)
        done = 0
        while (case := next_due(self.db, now=self.now)) is not None:
            do_what_is_due(self.db, case=case, now=self.now)
            done += 1
            assert done < 60

    def try_to(self, wait: int, act: Callable[..., object], **how: Any) -> None:
        """Do it: what is refused changes nothing, what is done leaves an event."""
        self.now += timedelta(seconds=wait)
        case = self.case
        promised = [(p.id, p.due_at, p.target) for p in case.promises]
        before, written = _state(case), self._events()
        try:
            act(self.db, case=case, now=self.now, **how)
        except REFUSALS:
            assert _state(case) == before
            assert self._events() == written
        else:
            assert self._events() > written or _state(case) == before
        assert [(p.id, p.due_at, p.target) for p in case.promises][: len(promised)] == promised

    def _events(self) -> int:
        return self.db.scalar(select(func.count(Event.id))) or 0

    # What stays true

    @invariant()
    def clocks_are_those_of_the_record(self) -> None:
        case, found = self.case, clocks.evaluation_of(self.db, self.case)
        latest = {promise.clock: promise for promise in case.promises}
        for clock in found.clocks:
            if clock.state == "running":
                assert _told(latest[clock.clock]) == (
                    clock.due_at,
                    clock.target,
                    clock.priority_id,
                    clock.rule,
                )
        assert case.policy_version.version == found.runs_under.version
        assert case.first_response_due_at == found.first_response.due_at
        running = [
            clock.due_at
            for clock in found.clocks
            if clock.state == "running" and (clock.clock != "escalation" or case.level == 1)
        ]
        owed = [*running, case.escalation_answer_due_at]
        assert case.next_due_at == min((due for due in owed if due), default=None)
        assert case.is_open or case.next_due_at is None
        stands = case.status in {CaseStatus.WAITING, CaseStatus.PAUSED}
        assert stands or found.paused_since is None

    @invariant()
    def the_time_of_both_sides_is_the_age_of_the_case(self) -> None:
        found = stretches(self.db, self.case)
        assert found[0].starts == self.case.opened_at
        assert all(one.ends == two.starts for one, two in pairwise(found))
        age = self.now - self.case.opened_at
        assert sum(shares(found, now=self.now).values(), timedelta()) == age
        assert found[-1].side is whose_turn(self.case)
        assert (found[-1].side is Side.OVER) == (self.case.status is CaseStatus.CLOSED)

    @invariant()
    def what_stands_still_will_go_on(self) -> None:
        case = self.case
        stands = case.status in {CaseStatus.WAITING, CaseStatus.PAUSED}
        assert stands == bool(case.pause_reason)
        assert (case.closes_at is not None) <= (
            case.status in {CaseStatus.WAITING, CaseStatus.SOLVED}
        )
        if case.status is CaseStatus.SOLVED or case.resumes_at:
            assert case.closes_at or case.resumes_at
            assert case.wakes_at or case.status is CaseStatus.WAITING

    @invariant()
    def notes_stay_inside_and_numbers_are_given_once(self) -> None:
        shown = timeline_for_customer(self.db, self.case)
        assert SECRET not in str(shown)
        assert len(shown) <= len(timeline_for_staff(self.db, self.case))
        assert [entry.at for entry in shown] == sorted(entry.at for entry in shown)
        assert (self.case.number is None) == bool(self.case.held_reason)

    @invariant()
    def what_customers_are_told_is_all_that_moves_clocks_and_turns(self) -> None:
        told = events_for_customer(self.db, self.case)
        clocks_of_all = clocks.evaluation_of(self.db, self.case).clocks
        assert clocks.evaluation_of(self.db, self.case, events=told).clocks == clocks_of_all
        assert stretches(self.db, self.case, events=told) == stretches(self.db, self.case)

    @invariant()
    def nobody_leaves_a_case_that_keeps_its_people(self) -> None:
        had = getattr(self, "had", None)
        if had is not None and stays_assigned(self.case) and self.kept:
            assert self.case.assignee_id is not None
        self.had, self.kept = self.case.assignee_id, stays_assigned(self.case)


def _told(promise: Promise) -> tuple[object, ...]:
    return promise.due_at, promise.target, promise.priority, promise.rule


def _state(case: Case) -> tuple[object, ...]:
    return (
        case.status,
        case.revision,
        case.level,
        case.priority,
        case.request_kind,
        case.assignee_id,
        case.pause_reason,
        case.resumes_at,
        case.closes_at,
        case.proposed_on,
        case.scheduled_on,
        case.fix_due_on,
        case.escalation_requested_at,
    )


def test_whatever_happens_a_case_keeps_its_word(db: Session, cast: Cast) -> None:
    run_state_machine_as_test(
        lambda: Life(db, cast),
        settings=settings(max_examples=60, stateful_step_count=16, deadline=None),
    )
