"""Random desks, both as the oracle's plain data and as the engine's calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from portal.policy.calendar import Calendar
from portal.policy.days import HolidaySet, SpecialDay, Window
from tests.policy.oracle import Desk

ZONES = (
    ("UTC", (date(2026, 6, 10),)),
    ("America/Los_Angeles", (date(2026, 3, 8), date(2026, 11, 1), date(2026, 12, 24))),
    ("Europe/Berlin", (date(2026, 3, 29), date(2026, 10, 25))),
    ("America/Havana", (date(2026, 3, 8), date(2026, 11, 1))),
    ("America/Santiago", (date(2026, 4, 5), date(2026, 9, 6))),
    ("Australia/Lord_Howe", (date(2026, 4, 5), date(2026, 10, 4))),
    ("Europe/Dublin", (date(2026, 3, 29), date(2026, 10, 25))),
    ("Pacific/Apia", (date(2011, 12, 30),)),
    ("Asia/Kathmandu", (date(2028, 2, 29),)),
    ("Etc/GMT+8", (date(2024, 2, 29),)),
)
DAYS_BEFORE, DAYS_WALKED = 3, 12


@dataclass
class Case:
    """The same opening hours twice, around a date on which something happens."""

    desk: Desk
    calendar: Calendar
    begins: datetime


Windows = list[tuple[int, int]]


def split(cuts: list[int], night: int) -> Windows:
    """Windows without overlap from an even number of cuts; the last one may cross midnight."""
    windows = list(zip(cuts[::2], cuts[1::2], strict=True))
    if night and cuts and cuts[-1] < 1_440:
        windows.append((max(cuts[-1], 1_320), 1_440 + night))
    return windows


@st.composite
def day_windows(draw: st.DrawFn) -> Windows:
    kind = draw(st.sampled_from(["closed", "open", "open", "full", "two", "night"]))
    if kind == "closed":
        return []
    if kind == "full":
        return [(0, 1_440)]
    count = 4 if kind == "two" else 2
    edges = st.one_of(st.integers(0, 1_440), st.sampled_from([60, 90, 120, 150, 180, 480, 1_020]))
    cuts = sorted(draw(st.lists(edges, min_size=count, max_size=count, unique=True)))
    return split(cuts, draw(st.integers(1, 300)) if kind == "night" else 0)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone, dates = draw(st.sampled_from(ZONES))
    around = draw(st.sampled_from(dates))
    week = {day: draw(day_windows()) for day in range(7)}
    if not any(week.values()):
        week[0] = week[3] = [(480, 1_020)]
    near = st.integers(-2, 5).map(lambda days: around + timedelta(days=days))
    special = draw(st.dictionaries(near, day_windows(), max_size=2))
    begins = datetime.combine(around, datetime.min.time(), tzinfo=UTC)
    desk = Desk(zone, week, special)
    return Case(desk, engine_calendar(desk), begins - timedelta(days=DAYS_BEFORE))


def engine_calendar(desk: Desk) -> Calendar:
    week = tuple(tuple(Window(*pair) for pair in desk.week.get(day, [])) for day in range(7))
    days = {
        day: SpecialDay("Special", "special hours", tuple(Window(*pair) for pair in pairs))
        for day, pairs in desk.special.items()
    }
    return Calendar("desk", ZoneInfo(desk.zone), week, HolidaySet("special", days))
