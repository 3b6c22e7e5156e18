"""Random policies and histories, for the engine as files and events, for the oracle as data."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from portal.policy.evaluation import ClockEvent, Filing
from portal.policy.loading import load_policy
from portal.policy.model import Policy
from portal.policy.words import EventType
from tests.policy.oracle import MINUTE, Aim, Desk, utc

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
ALWAYS = {desk.zone: Desk(desk.zone, {day: [(0, 1_440)] for day in range(7)}) for desk in DESKS}
for _desk in (*DESKS, *ALWAYS.values()):
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
CLOCKS = ("first_response", "next_update", "escalation", "resolution")
KEYS = {clock: "updates" if clock == "next_update" else clock for clock in CLOCKS}


@dataclass(frozen=True)
class Pledge:
    """What is promised: the phrase, whether waiting stops it, and whether its hours never close."""

    phrase: str
    stops: bool = False
    is_always: bool = False

    @property
    def aim(self) -> Aim:
        aim = AIMS[self.phrase]
        return Aim(aim.kind, aim.minutes, aim.from_opening, aim.moved, self.stops)


@dataclass(frozen=True)
class Level:
    """One level: its pledge, and what is pledged instead, for some clocks, outside its hours."""

    inside: Pledge
    outside: Pledge | None
    outside_for: frozenset[str]


@dataclass(frozen=True)
class Paid:
    """Help for a fee: for which levels, and whether for named contacts only."""

    applies_to: tuple[str, ...]
    named_only: bool
    pledge: Pledge


@dataclass(frozen=True)
class Rules:
    """One version of a policy. `otherwise` serves those who may not use level 1."""

    levels: tuple[Level, ...]
    otherwise: str | None
    paid: Paid | None

    def level(self, level: str) -> Level:
        return self.levels[LEVELS.index(level)]


@dataclass
class Story:
    """A desk, its rules, the rules that follow on a certain day, and what happened to a case."""

    desk: Desk
    rules: Rules
    later: Rules
    changes_on: date
    level: str
    is_named: bool
    agrees: bool
    opened_at: datetime
    events: list[ClockEvent]

    @property
    def policy(self) -> Policy:
        """The version under which the case was opened."""
        return load_policy(source(self.desk, self.rules, 1, date(2026, 1, 1)))

    @property
    def policies(self) -> list[Policy]:
        return [self.policy, load_policy(source(self.desk, self.later, 2, self.changes_on))]

    @property
    def filing(self) -> Filing:
        return Filing(self.level, None, self.opened_at, self.is_named, self.agrees)

    def rules_at(self, at: datetime) -> Rules:
        today = at.astimezone(ZoneInfo(self.desk.zone)).date()
        return self.later if today >= self.changes_on else self.rules

    def hours(self, *, is_always: bool) -> Desk:
        return ALWAYS[self.desk.zone] if is_always else self.desk


# As a policy file


def source(desk: Desk, rules: Rules, version: int, effective_from: date) -> str:
    """A policy file for the desk, with the same targets for every clock."""
    week = "\n".join(
        f'{NAMES[day]} = "{", ".join(_window(*pair) for pair in pairs)}"'
        for day, pairs in desk.week.items()
    )
    levels = (_level(*pair) for pair in zip(LEVELS, rules.levels, strict=True))
    return "\n".join(
        (
            f'[policy]\nid = "p"\nname = "P"\nversion = {version}\n'
            f'effective_from = {effective_from}\ntime_zone = "{desk.zone}"\ndefault_priority = "3"',
            f'[hours.desk]\nholidays = "none"\n{week}',
            '[hours.always]\nholidays = "none"\nevery-day = "00:00-24:00"',
            _emergency(rules.otherwise),
            _paid(rules.paid),
            *levels,
        )
    )


def _window(start: int, end: int) -> str:
    closing = end if end <= 1_440 else end - 1_440
    return f"{start // 60:02}:{start % 60:02}-{closing // 60:02}:{closing % 60:02}"


def _level(name: str, level: Level) -> str:
    lines = [f'[[priority]]\nid = "{name}"\nname = "{name}"\nmeans = ["x"]']
    own = _hours(level.inside)
    lines.append(f'hours = "{own}"')
    lines += [f"{key} = {_target(level.inside, own)}" for key in KEYS.values()]
    if level.outside is not None:
        target = _target(level.outside, own)
        lines += [f"{KEYS[clock]}_outside_hours = {target}" for clock in sorted(level.outside_for)]
    return "\n".join(lines)


def _emergency(otherwise: str | None) -> str:
    if otherwise is None:
        return ""
    return f'[emergency]\nwho = "named contacts"\npriorities = ["1"]\notherwise = "{otherwise}"'


def _paid(paid: Paid | None) -> str:
    if paid is None:
        return ""
    who = "named contacts" if paid.named_only else "everyone"
    applies_to = ", ".join(f'"{level}"' for level in paid.applies_to)
    return (
        f'[paid_after_hours]\nwho = "{who}"\nrate = "USD 200 per hour"\n'
        f'applies_to = [{applies_to}]\nhours = "{_hours(paid.pledge)}"\n'
        f"first_response = {_target(paid.pledge, _hours(paid.pledge))}"
    )


def _hours(pledge: Pledge) -> str:
    return "always" if pledge.is_always else "desk"


def _target(pledge: Pledge, hours: str) -> str:
    """The target; it names its hours only where they aren't those around it anyway."""
    own = "" if _hours(pledge) == hours else f', hours = "{_hours(pledge)}"'
    stops = str(pledge.stops).lower()
    return f'{{ within = "{pledge.phrase}", basis = "page"{own}, pause_while_waiting = {stops} }}'


# At random

_phrases = st.sampled_from(sorted(AIMS))
_pledges = st.builds(Pledge, _phrases, st.booleans(), st.booleans())
_ordinary = st.builds(Pledge, _phrases, st.booleans(), st.just(False))
_clocks = st.frozensets(st.sampled_from(CLOCKS), min_size=1)
_upmost = st.builds(Level, _pledges, st.none() | _pledges, _clocks)
_levels = st.builds(Level, _ordinary, st.none() | _pledges, _clocks)
_fees = st.builds(Paid, st.sampled_from([LEVELS, ("2", "3"), ("1",)]), st.booleans(), _pledges)
_rules = st.builds(
    Rules,
    st.tuples(_upmost, _levels, _levels),
    st.sampled_from([None, "2", "3"]),
    st.one_of(_fees, _fees, st.none()),
)
_mostly = st.sampled_from([True, True, False])
_soon = st.sampled_from([0, 1, 2])
_gaps = st.sampled_from([0, 1, 30, 61, 240, 700, 1_441])
_TYPES: tuple[EventType, ...] = (
    "pause", "resume", "priority", "update", "response", "resolve", "reopen", "rebase",
)  # fmt: skip


@st.composite
def events(draw: st.DrawFn, opened_at: datetime) -> list[ClockEvent]:
    """Up to ten happenings, from at once to a day and a minute after each other."""
    told, at = [], opened_at
    for _ in range(draw(st.integers(0, 10))):
        at += draw(_gaps) * MINUTE
        kind = draw(st.sampled_from(_TYPES))
        level = draw(st.sampled_from(LEVELS)) if kind == "priority" else None
        told.append(ClockEvent(kind, at, level, stops_all=kind == "pause" and draw(st.booleans())))
    return told


@st.composite
def stories(draw: st.DrawFn) -> Story:
    opened_at = BEGINS + timedelta(days=4) + draw(st.integers(0, 12 * 1_440)) * MINUTE
    return Story(
        desk=draw(st.sampled_from(DESKS)),
        rules=draw(_rules),
        later=draw(_rules),
        changes_on=opened_at.date() + timedelta(days=draw(_soon)),
        level=draw(st.sampled_from(LEVELS)),
        is_named=draw(_mostly),
        agrees=draw(_mostly),
        opened_at=opened_at,
        events=draw(events(opened_at)),
    )
