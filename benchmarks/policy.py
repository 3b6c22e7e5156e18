"""How long the promise clock takes: `python -m benchmarks.policy`.

Prints the median of a call to add and between at 4 hours, 1 year and 3 years, the building of six
years of a calendar, an evaluation over 200 events, and 10,000 rows through the command `portal
policy evaluate`. Beside the calendar stand the packages of benchmarks.other_calendars.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.other_calendars import measure_others
from portal.policy.calendar import Calendar
from portal.policy.evaluation import ClockEvent, Filing, evaluate
from portal.policy.profiles import profile, profile_names, profile_source
from portal.policy.words import EventType

START = datetime(2026, 6, 9, 17, 30, tzinfo=UTC)
SPANS = {"4 hours": timedelta(hours=4), "1 year": timedelta(days=365), "3 years": timedelta(1090)}
ROWS = 10_000


def microseconds(call: Callable[[], object], *, rounds: int = 25, calls: int = 200) -> float:
    """The median processor time of one call; so a busy machine changes little."""
    call()
    times = []
    for _ in range(rounds):
        begins = time.process_time()
        for _ in range(calls):
            call()
        times.append((time.process_time() - begins) / calls * 1e6)
    return statistics.median(times)


def line(what: str, figure: float, unit: str, goal: float | None = None) -> None:
    said = "" if goal is None else f"goal {goal:g}, {'met' if figure <= goal else 'MISSED'}"
    print(f"{what:<44}{figure:>12.2f} {unit:<4}{said}".rstrip())


def measure_arithmetic(calendar: Calendar) -> None:
    for name, span in SPANS.items():
        end = START + span
        needed = calendar.between(START, end)
        add = microseconds(lambda n=needed: calendar.add(START, n))  # type: ignore[misc]
        between = microseconds(lambda e=end: calendar.between(START, e))  # type: ignore[misc]
        line(f"add, {name}", add, "us", 5)
        line(f"between, {name}", between, "us", 5)


def measure_building(calendar: Calendar) -> None:
    def build() -> None:
        fresh = Calendar("fresh", calendar.zone, calendar.week, calendar.holidays)
        fresh.is_open(START)

    line("six years of a calendar", microseconds(build, rounds=9, calls=1) / 1e3, "ms", 100)


def measure_evaluation() -> None:
    policy = profile("cipplanner")
    filing = Filing("minor", "web", START)
    kinds: tuple[EventType, ...] = ("pause", "resume", "response", "update")
    events = [
        ClockEvent(kinds[number % 4], START + timedelta(minutes=number)) for number in range(200)
    ]
    for number in (60, 140):
        level = "urgent" if number == 60 else "minor"
        events[number] = ClockEvent("priority", events[number].at, level)
    took = microseconds(lambda: evaluate([policy], filing, events), rounds=9, calls=5)
    line("evaluate over 200 events", took / 1e3, "ms", 2)


def rows() -> str:
    """Questions to all four policies, spread over a year and a half, each with one answer."""
    asked = (("cts", "1"), ("civicplus", "normal"), ("cipplanner", "minor"), ("communicado", "2"))
    lines = []
    for number in range(ROWS):
        policy, priority = asked[number % 4]
        opened_at = START + timedelta(minutes=37 * number)
        events = [{"type": "response", "at": (opened_at + timedelta(hours=3)).isoformat()}]
        row = {"id": number, "policy": policy, "priority": priority, "events": events}
        lines.append(json.dumps({**row, "opened_at": opened_at.isoformat()}))
    return "\n".join(lines)


def measure_command() -> None:
    """The command itself, its start included, in processor time as the kernel counted it."""
    with TemporaryDirectory() as folder:
        files = []
        for name in profile_names():
            files.append(Path(folder) / f"{name}.toml")
            files[-1].write_text(profile_source(name), encoding="utf-8")
        command = [sys.executable, "-m", "portal", "policy", "evaluate", *map(str, files)]
        before = _children_seconds()
        ran = subprocess.run(command, input=rows(), capture_output=True, text=True, check=True)
        took = _children_seconds() - before
    answered = [json.loads(answer) for answer in ran.stdout.splitlines()]
    if len(answered) != ROWS or any("error" in answer for answer in answered):
        raise SystemExit("some rows were not answered")
    line(f"{ROWS:,} rows through portal policy evaluate", took, "s", 10)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    calendar = profile("communicado").calendar("office")
    measure_arithmetic(calendar)
    measure_building(calendar)
    measure_evaluation()
    measure_command()
    measure_others(calendar, START, SPANS, microseconds, line)


if __name__ == "__main__":
    main()
