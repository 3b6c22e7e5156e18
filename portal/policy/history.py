"""The life of a case's clocks, event by event.

The rules: a raised priority promises anew from the change, and the older promise still holds; a
lowered one counts from the start; an answered first response is history; nobody becomes late at
the moment of a change. Pauses belong to the case, and every clock reads them. The policy version
is the one in force when the case was opened, its priority changed or it was reopened.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal.policy.deadline import Due, due
from portal.policy.filing import ClockEvent, Filing, Pause
from portal.policy.instants import in_utc
from portal.policy.model import Policy
from portal.policy.problems import PolicyRefusal
from portal.policy.terms import Promise, terms
from portal.policy.versions import in_force
from portal.policy.words import CLOCKS, ClockName


@dataclass(frozen=True, slots=True)
class Standing:
    """The promise that holds for a clock, and when it falls due."""

    promise: Promise
    due: Due


@dataclass(frozen=True, slots=True)
class Change:
    """A change of priority that moved a clock."""

    at: datetime
    raised: bool
    priority_id: str


@dataclass
class Clock:
    """One clock: since when it runs, the promises that hold, and whether it has ended."""

    since: datetime
    promises: tuple[Promise, ...]
    standing: Standing
    answered_at: datetime | None = None
    is_stopped: bool = False

    @property
    def has_ended(self) -> bool:
        return self.is_stopped or self.answered_at is not None

    def is_due(self, at: datetime) -> bool:
        return self.standing.due.at is not None and self.standing.due.at <= at

    def read(self, pauses: Sequence[Pause]) -> None:
        """The earliest of the promises holds."""
        if not self.has_ended:
            self.standing = earliest(self.promises, pauses)


def earliest(promises: Sequence[Promise], pauses: Sequence[Pause]) -> Standing:
    """The promise that falls due first; while all are stopped, the one with least time left."""
    standings = [Standing(p, due(p.target, p.calendar, p.received_at, pauses)) for p in promises]
    dated = [standing for standing in standings if standing.due.at is not None]
    if dated:
        return min(dated, key=lambda standing: standing.due.at or standing.promise.received_at)
    stopped = [standing for standing in standings if standing.due.remaining is not None]
    if stopped:
        return min(stopped, key=lambda standing: standing.due.remaining or 0)
    return standings[-1]


class History:
    """A case as far as its clocks are concerned."""

    def __init__(self, versions: tuple[Policy, ...], filing: Filing) -> None:
        self.versions = versions
        self.filing = replace(filing, opened_at=in_utc(filing.opened_at))
        self.priority_id = filing.priority
        self.pauses: list[Pause] = []
        self.changes: list[Change] = []
        self.clocks: dict[ClockName, Clock] = {}
        self.last = self.filing.opened_at
        self._open(self.filing.opened_at)

    def record(self, event: ClockEvent) -> None:
        """Take one event in; they come in order."""
        at = in_utc(event.at)
        if at < self.last:
            message = f"{event.type} at {event.at.isoformat()} comes before what happened last."
            raise PolicyRefusal("out_of_order", message)
        act = getattr(self, f"_{event.type}", None) if event.type in _TYPES else None
        if act is None:
            raise PolicyRefusal("unknown_event", f'Nobody knows the event "{event.type}".')
        self.last = at
        act(replace(event, at=at))
        for clock in self.clocks.values():
            clock.read(self.pauses)

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].end is None

    @property
    def is_resolved(self) -> bool:
        return self.clocks["escalation"].is_stopped

    # What may happen

    def _open(self, at: datetime) -> None:
        self.policy = in_force(self.versions, at)
        self.changes.clear()
        for name in CLOCKS:
            self.clocks[name] = self._started(name, at, at)

    def _pause(self, event: ClockEvent) -> None:
        if not self.is_paused:
            self.pauses.append(Pause(event.at, None, event.reason))

    def _resume(self, event: ClockEvent) -> None:
        if self.is_paused:
            self.pauses[-1] = replace(self.pauses[-1], end=event.at)

    def _response(self, event: ClockEvent) -> None:
        self._answer("first_response", event.at)
        self._update(event)

    def _update(self, event: ClockEvent) -> None:
        if not self.is_resolved:
            self.clocks["next_update"] = self._started("next_update", event.at, event.at)

    def _resolve(self, event: ClockEvent) -> None:
        self._answer("resolution", event.at)
        self._resume(event)
        for clock in self.clocks.values():
            clock.is_stopped = True

    def _reopen(self, event: ClockEvent) -> None:
        self._open(event.at)

    def _priority(self, event: ClockEvent) -> None:
        """A change of priority; the same priority again changes nothing."""
        wanted = event.priority or ""
        policy = in_force(self.versions, event.at)
        policy.priority(wanted)
        if wanted == self.priority_id:
            return
        raised = self._is_raised(policy, wanted)
        self.policy, self.priority_id = policy, wanted
        self.changes.append(Change(event.at, raised, wanted))
        for name, clock in self.clocks.items():
            if not clock.has_ended and not clock.is_due(event.at):
                clock.promises = self._after_change(name, clock, event.at, raised)

    # How it is done

    def _started(self, name: ClockName, since: datetime, received: datetime) -> Clock:
        promise = self._promise(name, received)
        return Clock(since, (promise,), earliest((promise,), self.pauses))

    def _promise(self, name: ClockName, received: datetime) -> Promise:
        return terms(self.policy, self.filing, self.priority_id, received).promise(name)

    def _answer(self, name: ClockName, at: datetime) -> None:
        """The answer freezes the promise; a paused one is read as if it ran on from here."""
        clock = self.clocks[name]
        if clock.has_ended:
            return
        if self.is_paused:
            running = [*self.pauses[:-1], replace(self.pauses[-1], end=at)]
            clock.standing = earliest(clock.promises, running)
        clock.answered_at = at

    def _after_change(
        self, name: ClockName, clock: Clock, at: datetime, raised: bool
    ) -> tuple[Promise, ...]:
        if raised:
            return (*clock.promises, self._promise(name, at))
        from_start = self._promise(name, clock.since)
        would_be = earliest((from_start,), self.pauses).due.at
        is_late_at_once = would_be is not None and would_be <= at
        return (self._promise(name, at) if is_late_at_once else from_start,)

    def _is_raised(self, policy: Policy, wanted: str) -> bool:
        """By the order of the newer version, else of the older; a level of its own is a raise."""
        for version in (policy, self.policy):
            if version.has_priority(wanted) and version.has_priority(self.priority_id):
                return version.rank(wanted) < version.rank(self.priority_id)
        return True


_TYPES = ("pause", "resume", "priority", "response", "update", "resolve", "reopen")
