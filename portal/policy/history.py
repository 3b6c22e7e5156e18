"""The life of a case's clocks, event by event.

The rules: a raised priority promises anew from the change, and the older promise still holds; a
lowered one counts from the start; an answered first response is history; nobody becomes late at
the moment of a change. Pauses belong to the case, and every clock reads them. The policy version
is the one in force when the case was opened, its priority changed, it was reopened or re-based on
purpose. Re-basing counts from the start of each clock, as a lowered priority does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal.locale import gettext as _
from portal.policy.deadline import Due, Meter
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
    promises: tuple[tuple[Promise, Meter], ...]
    frozen: Standing | None = None
    heard: tuple[Pause, ...] = ()
    answered_at: datetime | None = None
    is_stopped: bool = False

    @property
    def has_ended(self) -> bool:
        return self.is_stopped or self.answered_at is not None

    def read(self, pauses: Sequence[Pause]) -> Standing:
        """The promise that falls due first; while all are stopped, the one with least left."""
        if self.frozen is not None:
            return self.frozen
        standings = [Standing(promise, meter.read(pauses)) for promise, meter in self.promises]
        dated = [standing for standing in standings if standing.due.at is not None]
        if dated:
            return min(dated, key=lambda standing: standing.due.at or self.since)
        stopped = [standing for standing in standings if standing.due.remaining is not None]
        if stopped:
            return min(stopped, key=lambda standing: standing.due.remaining or 0)
        return standings[-1]

    def freeze(self, pauses: Sequence[Pause]) -> None:
        """What holds now holds for good, with the pauses that led to it; later ones don't count."""
        if self.frozen is None:
            self.frozen, self.heard = self.read(pauses), tuple(pauses)

    def is_due(self, at: datetime, pauses: Sequence[Pause]) -> bool:
        due_at = self.read(pauses).due.at
        return due_at is not None and due_at <= at


def metered(promise: Promise) -> tuple[Promise, Meter]:
    return promise, Meter.started(promise.target, promise.calendar, promise.received_at)


class History:
    """A case as far as its clocks are concerned."""

    def __init__(self, versions: tuple[Policy, ...], filing: Filing) -> None:
        self.versions = versions
        self.filing = replace(filing, opened_at=in_utc(filing.opened_at))
        self.priority_id = filing.priority
        self.pauses: list[Pause] = []
        self.changes: list[Change] = []
        self.updated_at: datetime | None = None
        self._clocks: dict[ClockName, Clock] = {}
        self.last = self.filing.opened_at
        self._open(self.filing.opened_at)

    def record(self, event: ClockEvent) -> None:
        """Take one event in; they come in order."""
        at = in_utc(event.at)
        if at < self.last:
            message = _(
                "%(event)s at %(time)s comes before what happened last.",
                event=event.type,
                time=event.at.isoformat(),
            )
            raise PolicyRefusal("out_of_order", message)
        act = _ACTS.get(event.type)
        if act is None:
            message = _('Nobody knows the event "%(event)s".', event=event.type)
            raise PolicyRefusal("unknown_event", message)
        self.last = at
        act(self, event, at)

    @property
    def clocks(self) -> dict[ClockName, Clock]:
        """The clocks; of many updates only the last one is worked out."""
        if self.updated_at is not None:
            promise = self._promise("next_update", self.updated_at)
            self._clocks["next_update"] = Clock(self.updated_at, (promise,))
            self.updated_at = None
        return self._clocks

    def standing(self, name: ClockName) -> Standing:
        return self.clocks[name].read(self.pauses)

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].end is None

    # What may happen

    def _open(self, at: datetime) -> None:
        self.policy = in_force(self.versions, at)
        self.changes.clear()
        self.updated_at = None
        self.is_resolved = False
        opened = terms(self.policy, self.filing, self.priority_id, at)
        for name in CLOCKS:
            self._clocks[name] = Clock(at, (metered(opened.promise(name)),))

    def _pause(self, event: ClockEvent, at: datetime) -> None:
        if not self.is_paused:
            self.pauses.append(Pause(at, None, event.reason, event.stops_all))

    def _resume(self, _event: ClockEvent, at: datetime) -> None:
        if self.is_paused:
            last = self.pauses[-1]
            self.pauses[-1] = replace(last, end=at)

    def _response(self, event: ClockEvent, at: datetime) -> None:
        self._answer("first_response", at)
        self._update(event, at)

    def _update(self, _event: ClockEvent, at: datetime) -> None:
        if not self.is_resolved:
            self.updated_at = at

    def _resolve(self, event: ClockEvent, at: datetime) -> None:
        if self.is_resolved:
            return
        self._answer("resolution", at)
        self._resume(event, at)
        self.is_resolved = True
        for clock in self.clocks.values():
            clock.freeze(self.pauses)
            clock.is_stopped = True

    def _reopen(self, _event: ClockEvent, at: datetime) -> None:
        self._open(at)

    def _priority(self, event: ClockEvent, at: datetime) -> None:
        """A change of priority; the same priority again changes nothing."""
        wanted = event.priority or ""
        policy = in_force(self.versions, at)
        policy.priority(wanted)
        if wanted == self.priority_id:
            return
        raised = self._is_raised(policy, wanted)
        clocks = self.clocks
        self.policy, self.priority_id = policy, wanted
        self.changes.append(Change(at, raised, wanted))
        for name, clock in clocks.items():
            if not clock.has_ended and not clock.is_due(at, self.pauses):
                clock.promises = self._after_change(name, clock, at, raised)

    def _rebase(self, _event: ClockEvent, at: datetime) -> None:
        """On purpose under the version in force now; a clock that is over or due stays."""
        policy = in_force(self.versions, at)
        policy.priority(self.priority_id)
        if policy.version == self.policy.version:
            return
        clocks = self.clocks
        self.policy = policy
        for name, clock in clocks.items():
            if not clock.has_ended and not clock.is_due(at, self.pauses):
                clock.promises = self._after_change(name, clock, at, raised=False)

    # How it is done

    def _promise(self, name: ClockName, received: datetime) -> tuple[Promise, Meter]:
        return metered(terms(self.policy, self.filing, self.priority_id, received).promise(name))

    def _answer(self, name: ClockName, at: datetime) -> None:
        """The answer freezes the promise; a paused one is read as if it ran on from here."""
        clock = self._clocks[name]
        if clock.has_ended:
            return
        pauses: list[Pause] = self.pauses
        if self.is_paused:
            pauses = [*pauses[:-1], replace(pauses[-1], end=at)]
        clock.freeze(pauses)
        clock.answered_at = at

    def _after_change(
        self, name: ClockName, clock: Clock, at: datetime, raised: bool
    ) -> tuple[tuple[Promise, Meter], ...]:
        if raised:
            return (*clock.promises, self._promise(name, at))
        from_start = self._promise(name, clock.since)
        would_be = from_start[1].read(self.pauses).at
        is_late_at_once = would_be is not None and would_be <= at
        return (self._promise(name, at) if is_late_at_once else from_start,)

    def _is_raised(self, policy: Policy, wanted: str) -> bool:
        """By the order of the newer version, else of the older; a level of its own is a raise."""
        for version in (policy, self.policy):
            if version.has_priority(wanted) and version.has_priority(self.priority_id):
                return version.rank(wanted) < version.rank(self.priority_id)
        return True


_ACTS: dict[str, Callable[[History, ClockEvent, datetime], None]] = {
    "pause": History._pause,
    "resume": History._resume,
    "priority": History._priority,
    "response": History._response,
    "update": History._update,
    "resolve": History._resolve,
    "reopen": History._reopen,
    "rebase": History._rebase,
}
