"""What a case may expect now: every clock, from the policy versions, the filing and the events.

A pure function: the form before sending, the case page afterwards and the command line ask the
same question and get the same answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from portal.policy.deadline import Meter
from portal.policy.filing import ClockEvent, Filing, Pause
from portal.policy.history import Change, Clock, History, Standing
from portal.policy.instants import in_utc
from portal.policy.ledger import Span, ledger
from portal.policy.model import Policy, Route
from portal.policy.reasons import Reason, reasons
from portal.policy.terms import terms
from portal.policy.versions import in_force
from portal.policy.words import CLOCKS, Basis, ClockName, State, Strength

__all__ = [
    "ClockEvent",
    "ClockState",
    "Evaluation",
    "Filing",
    "evaluate",
    "first_response_due",
    "in_force",
]


@dataclass(frozen=True, slots=True)
class Account:
    """What a ledger is written from."""

    standing: Standing
    since: datetime
    pauses: tuple[Pause, ...]


@dataclass(frozen=True)
class ClockState:
    """One clock after the last event, and on what its promise rests."""

    clock: ClockName
    state: State
    due_at: datetime | None
    remaining_seconds: int | None
    target: str
    basis: Basis
    strength: Strength
    words: str
    response_kind: str
    to: str
    routes: tuple[Route, ...]
    quote: str
    rule: str
    priority_id: str
    policy_version: int
    received_at: datetime
    begins_at: datetime
    paused_since: datetime | None
    answered_at: datetime | None
    account: Account = field(compare=False, repr=False)

    @cached_property
    def ledger(self) -> tuple[Span, ...]:
        """Every stretch from the start of this clock to its due instant, worked out when asked."""
        return ledger(self.account.standing, self.account.since, self.account.pauses)

    @property
    def has_promise(self) -> bool:
        return self.state != "no_promise"

    def is_late(self, now: datetime) -> bool:
        """Late is a comparison with now, never a stored mark; at the due instant it is in time."""
        return self.state == "running" and self.due_at is not None and now > self.due_at


@dataclass(frozen=True)
class Evaluation:
    """The answer: where the clock starts, by which rule, and the four clocks.

    `policy` is the version behind the first response, `runs_under` the one that rules what comes.
    """

    clock_starts_at: datetime
    rule: str
    first_response: ClockState
    next_update: ClockState
    escalation: ClockState
    resolution: ClockState
    filing: Filing
    priority_id: str
    policy: Policy
    runs_under: Policy
    changes: tuple[Change, ...]
    paused_since: datetime | None

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the first response is due when it is, in codes."""
        promise = self.first_response.account.standing.promise
        return reasons(promise, self.ledger, self.changes, self.paused_since)

    @property
    def ledger(self) -> tuple[Span, ...]:
        return self.first_response.ledger

    @property
    def clocks(self) -> tuple[ClockState, ...]:
        return (self.first_response, self.next_update, self.escalation, self.resolution)


def evaluate(
    versions: Sequence[Policy], filing: Filing, events: Sequence[ClockEvent] = ()
) -> Evaluation:
    """The state of every clock after the last event; refuses what has no truthful answer."""
    history = History(tuple(versions), filing)
    for event in events:
        history.record(event)
    states = {name: _state(history, name) for name in CLOCKS}
    first = states["first_response"]
    return Evaluation(
        clock_starts_at=first.begins_at,
        rule=first.rule,
        first_response=first,
        next_update=states["next_update"],
        escalation=states["escalation"],
        resolution=states["resolution"],
        filing=history.filing,
        priority_id=history.priority_id,
        policy=first.account.standing.promise.policy,
        runs_under=history.policy,
        changes=tuple(history.changes),
        paused_since=_paused_since(history),
    )


def first_response_due(policy: Policy, filing: Filing) -> datetime | None:
    """When a case filed so, with nothing happened since, is first answered by the version in force;
    the same instant as `evaluate` gives, without the other clocks. None where no time is named.
    """
    opened_at = in_utc(filing.opened_at)
    opened = terms(policy, filing, filing.priority, opened_at).promise("first_response")
    return Meter.started(opened.target, opened.calendar, opened.received_at).read(()).at


def _paused_since(history: History) -> datetime | None:
    waits = history.is_paused and not history.is_resolved
    return history.pauses[-1].start if waits else None


def _state(history: History, name: ClockName) -> ClockState:
    clock, standing = history.clocks[name], history.standing(name)
    promise, due = standing.promise, standing.due
    target = promise.target
    state = _word(clock, standing)
    is_paused = state == "paused"
    return ClockState(
        clock=name,
        state=state,
        due_at=None if state == "stopped" else due.at,
        remaining_seconds=due.remaining if is_paused else None,
        target=target.text,
        basis=target.basis,
        strength=target.strength,
        words=_words_of(standing),
        response_kind=target.response_kind,
        to=target.to,
        routes=target.routes,
        quote=target.quote,
        rule=promise.rule,
        priority_id=promise.priority.id,
        policy_version=promise.policy.version,
        received_at=promise.received_at,
        begins_at=promise.begins_at,
        paused_since=due.paused_since if is_paused else None,
        answered_at=clock.answered_at,
        account=Account(
            standing, clock.since, clock.heard if clock.frozen else tuple(history.pauses)
        ),
    )


def _words_of(standing: Standing) -> str:
    """What the policy says where it gives no date."""
    target = standing.promise.target
    if target.phrase.has_date:
        return ""
    if target.phrase.kind == "immediately":
        return "immediately"
    return target.when or target.instead or target.response_kind


def _word(clock: Clock, standing: Standing) -> State:
    due = standing.due
    if not standing.promise.target.phrase.has_date:
        return "no_promise"
    if clock.answered_at is not None:
        return "met" if due.at is None or clock.answered_at <= due.at else "missed"
    if clock.is_stopped:
        return "stopped"
    return "running" if due.at is not None else "paused"
