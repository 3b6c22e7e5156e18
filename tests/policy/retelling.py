"""The rules of a case's life told once more, for the oracle; no code is shared with the engine."""

from dataclasses import dataclass, replace
from datetime import datetime

from portal.policy.evaluation import ClockEvent
from tests.policy.histories import CLOCKS, LEVELS, Level, Pledge, Rules, Story
from tests.policy.oracle import Desk, Stop, due

Due = datetime | int | None


@dataclass(frozen=True)
class Served:
    """Under which level somebody is served from an instant on, and by which rule."""

    level: Level
    rule: str
    is_entitled: bool

    @property
    def rule_name(self) -> str:
        return self.rule if self.is_entitled else f"not_a_named_contact:{self.rule}"


def served(story: Story, rules: Rules, wanted: str, at: datetime) -> Served:
    """Emergencies are for named contacts; a fee needs consent; else the hours decide."""
    is_entitled = story.is_named or wanted != "1" or rules.otherwise is None
    name = wanted if is_entitled else str(rules.otherwise)
    level, paid = rules.level(name), rules.paid
    if story.hours(is_always=level.inside.is_always).is_open(at):
        return Served(level, "inside_hours", is_entitled)
    may_pay = story.agrees and paid is not None and (story.is_named or not paid.named_only)
    if may_pay and paid is not None and name in paid.applies_to:
        return Served(level, "paid_after_hours", is_entitled)
    rule = "after_hours_rule" if level.outside else "after_hours"
    return Served(level, rule, is_entitled)


def pledged(found: Served, rules: Rules, clock: str) -> Pledge:
    if found.rule == "paid_after_hours" and clock == "first_response" and rules.paid:
        return rules.paid.pledge
    outside = found.level.outside
    if found.rule != "inside_hours" and outside is not None and clock in found.level.outside_for:
        return outside
    return found.level.inside


@dataclass(frozen=True)
class Promised:
    """One pledge, counted from when it was heard."""

    pledge: Pledge
    desk: Desk
    heard_at: datetime

    def due(self, stops: list[Stop]) -> Due:
        return due(self.desk, self.pledge.aim, self.heard_at, stops)

    def begins_at(self) -> datetime:
        aim = self.pledge.aim
        if aim.kind == "clock" and not aim.from_opening:
            return self.heard_at
        return self.desk.next_open(self.heard_at)


@dataclass
class Clock:
    """The promises that hold for one clock; when it is over, what held at the end."""

    since: datetime
    promises: list[Promised]
    answered_at: datetime | None = None
    is_over: bool = False
    kept: Due = None

    def due(self, stops: list[Stop]) -> Due:
        if self.is_over:
            return self.kept
        found = [promise.due(stops) for promise in self.promises]
        dates = [one for one in found if isinstance(one, datetime)]
        left = [one for one in found if isinstance(one, int)]
        return min(dates) if dates else min(left, default=None)

    def can_change(self, at: datetime, stops: list[Stop]) -> bool:
        known = self.due(stops)
        return not self.is_over and not (isinstance(known, datetime) and known <= at)

    def end(self, stops: list[Stop]) -> None:
        self.kept, self.is_over = self.due(stops), True

    def told(self, stops: list[Stop]) -> tuple[str, datetime | None, int | None]:
        """The state, when it is due, and the seconds left while it stands still."""
        found = self.due(stops)
        if found is None:
            return "no_promise", None, None
        if isinstance(found, int):
            return "paused", None, found * 60
        if self.answered_at is not None:
            return "met" if self.answered_at <= found else "missed", found, None
        return ("stopped", None, None) if self.is_over else ("running", found, None)


class Retelling:
    """A story from its beginning to its last event."""

    def __init__(self, story: Story) -> None:
        self.story, self.level = story, story.level
        self.stops: list[Stop] = []
        self._start(story.opened_at)
        for event in story.events:
            getattr(self, f"_{event.type}")(event)

    def told(self) -> dict[str, tuple[str, datetime | None, int | None]]:
        return {name: clock.told(self.stops) for name, clock in self.clocks.items()}

    def promised(self, clock: str, at: datetime) -> Promised:
        pledge = pledged(served(self.story, self.rules, self.level, at), self.rules, clock)
        return Promised(pledge, self.story.hours(is_always=pledge.is_always), at)

    @property
    def _waits(self) -> bool:
        return bool(self.stops) and self.stops[-1].end is None

    def _ended(self, at: datetime) -> list[Stop]:
        return [stop if stop.end else replace(stop, end=at) for stop in self.stops]

    def _start(self, at: datetime) -> None:
        self.rules, self.is_solved = self.story.rules_at(at), False
        self.clocks = {name: Clock(at, [self.promised(name, at)]) for name in CLOCKS}

    def _pause(self, event: ClockEvent) -> None:
        if not self._waits:
            self.stops.append(Stop(event.at, None, event.stops_all))

    def _resume(self, event: ClockEvent) -> None:
        self.stops = self._ended(event.at)

    def _response(self, event: ClockEvent) -> None:
        self._answer("first_response", event.at)
        self._update(event)

    def _update(self, event: ClockEvent) -> None:
        if not self.is_solved:
            promised = self.promised("next_update", event.at)
            self.clocks["next_update"] = Clock(event.at, [promised])

    def _answer(self, name: str, at: datetime) -> None:
        """To answer while the case waits is to end the waiting, for this clock."""
        clock = self.clocks[name]
        if not clock.is_over:
            clock.end(self._ended(at))
            clock.answered_at = at

    def _resolve(self, event: ClockEvent) -> None:
        if self.is_solved:
            return
        self._answer("resolution", event.at)
        self._resume(event)
        self.is_solved = True
        for clock in self.clocks.values():
            if not clock.is_over:
                clock.end(self.stops)

    def _reopen(self, event: ClockEvent) -> None:
        self._start(event.at)

    def _priority(self, event: ClockEvent) -> None:
        wanted = str(event.priority)
        if wanted == self.level:
            return
        is_raised = LEVELS.index(wanted) < LEVELS.index(self.level)
        self.level, self.rules = wanted, self.story.rules_at(event.at)
        for name, clock in self.clocks.items():
            if not clock.can_change(event.at, self.stops):
                continue
            if is_raised:
                clock.promises = [*clock.promises, self.promised(name, event.at)]
            else:
                clock.promises = [self._from_start(name, clock, event.at)]

    def _rebase(self, event: ClockEvent) -> None:
        rules = self.story.rules_at(event.at)
        if rules is self.rules:
            return
        self.rules = rules
        for name, clock in self.clocks.items():
            if clock.can_change(event.at, self.stops):
                clock.promises = [self._from_start(name, clock, event.at)]

    def _from_start(self, name: str, clock: Clock, at: datetime) -> Promised:
        """Counted from the start of the clock, unless that would be late at once."""
        from_start = self.promised(name, clock.since)
        would_be = from_start.due(self.stops)
        is_late_at_once = isinstance(would_be, datetime) and would_be <= at
        return self.promised(name, at) if is_late_at_once else from_start
