"""How long the promise clock takes: `python benchmarks/policy.py`.

Prints the median of a call to add and between at 4 hours, 1 year and 3 years, the building of six
years of a calendar, an evaluation over 200 events, and 10,000 rows of what-if questions. Beside it
stand the packages businesstimedelta and workclock, when they are installed.
"""

import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from portal.policy.answers import Shelf, evaluate_row
from portal.policy.calendar import Calendar
from portal.policy.evaluation import ClockEvent, Filing, evaluate
from portal.policy.loading import read_policy
from portal.policy.profiles import profile, profile_names, profile_source
from portal.policy.words import EventType

START = datetime(2026, 6, 9, 17, 30, tzinfo=UTC)
SPANS = {"4 hours": timedelta(hours=4), "1 year": timedelta(days=365), "3 years": timedelta(1090)}


def microseconds(call: Callable[[], object], *, rounds: int = 25, calls: int = 200) -> float:
    """The median time of one call."""
    call()
    times = []
    for _ in range(rounds):
        begins = time.perf_counter()
        for _ in range(calls):
            call()
        times.append((time.perf_counter() - begins) / calls * 1e6)
    return statistics.median(times)


def line(what: str, figure: float, unit: str, goal: str = "") -> None:
    print(f"{what:<44}{figure:>12.2f} {unit:<4}{goal}")


def measure_arithmetic(calendar: Calendar) -> None:
    for name, span in SPANS.items():
        end = START + span
        needed = calendar.between(START, end)
        add = microseconds(lambda n=needed: calendar.add(START, n))  # type: ignore[misc]
        between = microseconds(lambda e=end: calendar.between(START, e))  # type: ignore[misc]
        line(f"add, {name}", add, "us", "goal 5")
        line(f"between, {name}", between, "us", "goal 5")


def measure_building(calendar: Calendar) -> None:
    def build() -> None:
        fresh = Calendar("fresh", calendar.zone, calendar.week, calendar.holidays)
        fresh.is_open(START)

    line("six years of a calendar", microseconds(build, rounds=9, calls=1) / 1e3, "ms", "goal 100")


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
    line("evaluate over 200 events", took / 1e3, "ms", "goal 2")


def measure_rows() -> None:
    shelf = Shelf.of(read_policy(profile_source(name)) for name in profile_names())
    asked = (("cts", "1"), ("civicplus", "normal"), ("cipplanner", "minor"), ("communicado", "2"))
    rows = []
    for number in range(10_000):
        policy, priority = asked[number % 4]
        opened_at = START + timedelta(minutes=37 * number)
        events = [{"type": "response", "at": (opened_at + timedelta(hours=3)).isoformat()}]
        row = {"id": number, "policy": policy, "priority": priority, "events": events}
        rows.append(json.dumps({**row, "opened_at": opened_at.isoformat()}))
    begins = time.perf_counter()
    for row_text in rows:
        json.dumps(evaluate_row(shelf, json.loads(row_text)))
    line("10,000 rows through evaluate", time.perf_counter() - begins, "s", "goal 10")


def measure_others() -> None:
    """The same Monday-to-Friday desk in other packages, as far as they can express it."""
    for name, measure in (("businesstimedelta", _businesstimedelta), ("workclock", _workclock)):
        try:
            measure(import_module(name))
        except ImportError:
            print(f"{name:<44} not installed")
        except (AttributeError, TypeError, ValueError) as error:
            print(f"{name:<44} cannot express it: {error}")


def _businesstimedelta(package: Any) -> None:
    day = package.WorkDayRule(
        start_time=datetime(2026, 1, 1, 6, 30).time(),  # noqa: DTZ001 - the package wants bare times
        end_time=datetime(2026, 1, 1, 17, 30).time(),  # noqa: DTZ001
        working_days=[0, 1, 2, 3, 4],
    )
    rules = package.Rules([day])
    for name, span in SPANS.items():
        end = START + span
        calls = 20 if name == "4 hours" else 1
        took = microseconds(lambda e=end: rules.difference(START, e), rounds=3, calls=calls)  # type: ignore[misc]
        line(f"businesstimedelta difference, {name}", took, "us", "UTC only")


def _workclock(package: Any) -> None:
    print(f"{'workclock':<44} installed; offers {', '.join(sorted(dir(package))[:6])}")


def main() -> None:
    calendar = profile("communicado").calendar("office")
    measure_arithmetic(calendar)
    measure_building(calendar)
    measure_evaluation()
    measure_rows()
    measure_others()


if __name__ == "__main__":
    main()
