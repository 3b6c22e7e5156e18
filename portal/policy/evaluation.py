"""What a case may expect now: every clock, from the policy versions, the filing and the events.

A pure function: the form before sending, the case page afterwards and the command line ask the
same question and get the same answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.policy.filing import ClockEvent, Filing
from portal.policy.history import Clock, History, Standing
from portal.policy.ledger import Span, ledger
from portal.policy.model import Policy, Route
from portal.policy.reasons import Reason, reasons
from portal.policy.versions import in_force
from portal.policy.words import Basis, ClockName, State, Strength

__all__ = ["ClockEvent", "ClockState", "Evaluation", "Filing", "evaluate", "in_force"]


@dataclass(frozen=True, slots=True)
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
    ledger: tuple[Span, ...]

    @property
    def has_promise(self) -> bool:
        return self.state != "no_promise"

    def is_late(self, now: datetime) -> bool:
        """Late is a comparison with now, never a stored mark; at the due instant it is in time."""
        return self.state == "running" and self.due_at is not None and now > self.due_at


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer: where the clock starts, by which rule, and the four clocks."""

    clock_starts_at: datetime
    rule: str
    first_response: ClockState
    next_update: ClockState
    escalation: ClockState
    resolution: ClockState
    reasons: tuple[Reason, ...]
    filing: Filing
    priority_id: str
    policy: Policy

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
    states = {name: _state(clock, history) for name, clock in history.clocks.items()}
    first = history.clocks["first_response"].standing
    return Evaluation(
        clock_starts_at=first.promise.begins_at,
        rule=first.promise.rule,
        first_response=states["first_response"],
        next_update=states["next_update"],
        escalation=states["escalation"],
        resolution=states["resolution"],
        reasons=reasons(first, states["first_response"].ledger, history),
        filing=filing,
        priority_id=history.priority_id,
        policy=first.promise.policy,
    )


def _state(clock: Clock, history: History) -> ClockState:
    standing = clock.standing
    promise, due = standing.promise, standing.due
    target = promise.target
    state = _word(clock, standing)
    is_paused = state == "paused"
    return ClockState(
        clock=promise.clock,
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
        ledger=ledger(promise, due, clock.since, history.pauses),
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
