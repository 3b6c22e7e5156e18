"""Random policies and histories, for the engine as files and events, for the oracle as data."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st

from portal.policy.evaluation import ClockEvent, Filing
from portal.policy.loading import load_policy
from portal.policy.model import Policy
from portal.policy.words import EventType
from tests.policy.oracle import MINUTE, Aim, Desk, Stop, utc

BEGINS = utc(2026, 3, 1)
WALKED = 80 * 24 * 60
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

DESKS = (
    Desk("America/Los_Angeles", {day: [(480, 1_020)] for day in range(5)}),
    Desk("Europe/Berlin", {day: [(540, 720), (780, 1_050)] for day in range(5)}),
    Desk("America/Chicago", {day: [(1_320, 1_800)] for day in (0, 1, 3, 4)}),
    Desk("Asia/Kathmandu", {day: [(0, 1_440)] for day in range(7)}),
    Desk("America/New_York", {2: [(600, 601)], 5: [(60, 180)]}),
)
for _desk in DESKS:
    _desk.walk(BEGINS, WALKED)

AIMS = {
    "none": Aim("none"),
    "60 minutes": Aim("clock", 60),
    "26 hours, from next opening": Aim("clock", 1_560, from_opening=True),
    "24 hours, moved to next opening": Aim("clock", 1_440, moved=True),
    "3 days, from next opening, moved to next opening": Aim("clock", 4_320, True, True),
    "90 business minutes": Aim("business", 90),
    "9 business hours": Aim("business", 540),
    "by close of the same business day": Aim("same_close"),
    "by close of the next business day": Aim("next_close"),
    "by opening of the next business day": Aim("next_opening"),
}
LEVELS = ("1", "2", "3")


@dataclass
class Story:
    """A desk, a target for each level, and what happened to a case."""

    desk: Desk
    phrases: tuple[str, ...]
    stops: tuple[bool, ...]
    level: str
    opened_at: datetime
    events: list[ClockEvent]

    @property
    def policy(self) -> Policy:
        return load_policy(source(self.desk, self.phrases, self.stops))

    @property
    def filing(self) -> Filing:
        return Filing(self.level, None, self.opened_at)

    def aim(self, level: str) -> Aim:
        number = LEVELS.index(level)
        aim = AIMS[self.phrases[number]]
        return Aim(aim.kind, aim.minutes, aim.from_opening, aim.moved, self.stops[number])


def source(desk: Desk, phrases: tuple[str, ...], stops: tuple[bool, ...]) -> str:
    """A policy file for the desk, the same target for first response and resolution."""
    hours = "\n".join(
        f'{NAMES[day]} = "{", ".join(_window(*pair) for pair in pairs)}"'
        for day, pairs in desk.week.items()
    )
    levels = "\n".join(
        f'[[priority]]\nid = "{level}"\nname = "{level}"\nmeans = ["x"]\nhours = "desk"\n'
        f"first_response = {_target(phrase, stop)}\nresolution = {_target(phrase, stop)}"
        for level, phrase, stop in zip(LEVELS, phrases, stops, strict=True)
    )
    return (
        '[policy]\nid = "p"\nname = "P"\nversion = 1\neffective_from = 2026-01-01\n'
        f'time_zone = "{desk.zone}"\ndefault_priority = "3"\n'
        f'[hours.desk]\nholidays = "none"\n{hours}\n{levels}\n'
    )


def _window(start: int, end: int) -> str:
    closing = end if end <= 1_440 else end - 1_440
    return f"{start // 60:02}:{start % 60:02}-{closing // 60:02}:{closing % 60:02}"


def _target(phrase: str, stops: bool) -> str:
    return f'{{ within = "{phrase}", basis = "page", pause_while_waiting = {str(stops).lower()} }}'


_TYPES: tuple[EventType, ...] = ("pause", "resume", "priority", "update", "response")


@st.composite
def stories(draw: st.DrawFn) -> Story:
    desk = draw(st.sampled_from(DESKS))
    phrases = draw(st.tuples(*[st.sampled_from(sorted(AIMS))] * 3))
    stops = draw(st.tuples(*[st.booleans()] * 3))
    at = BEGINS + timedelta(days=4) + draw(st.integers(0, 12 * 1_440)) * MINUTE
    opened_at, events = at, []
    for _ in range(draw(st.integers(0, 6))):
        at += draw(st.sampled_from([0, 1, 30, 61, 240, 700, 1_441])) * MINUTE
        kind = draw(st.sampled_from(_TYPES))
        level = draw(st.sampled_from(LEVELS)) if kind == "priority" else None
        events.append(ClockEvent(kind, at, level))
    return Story(desk, phrases, stops, draw(st.sampled_from(LEVELS)), opened_at, events)


def stops_of(events: list[ClockEvent]) -> list[Stop]:
    """Stretches of waiting; a second pause or resume changes nothing."""
    stops: list[Stop] = []
    for event in events:
        waiting = bool(stops) and stops[-1].end is None
        if event.type == "pause" and not waiting:
            stops.append(Stop(event.at, None))
        if event.type == "resume" and waiting:
            stops[-1] = Stop(stops[-1].start, event.at)
    return stops
