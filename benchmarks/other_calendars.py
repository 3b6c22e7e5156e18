"""The same desk in other packages, in the same run: the PyPI packages businesstimedelta, workclock.

They are used here and nowhere else, and only where they are installed:
`pip install businesstimedelta workclock`. Both can say Monday to Friday in a zone with whole days
off; neither has half days by date, holidays that a night shift runs into, or a reason for a date.
Before a figure is printed it is said whether they agree with the promise clock.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Any

from portal.policy.calendar import Calendar

Measure = Callable[..., float]
Line = Callable[..., None]
Between = Callable[[datetime, datetime], timedelta]
Add = Callable[[datetime, timedelta], datetime]


def measure_others(
    calendar: Calendar,
    start: datetime,
    spans: Mapping[str, timedelta],
    microseconds: Measure,
    line: Line,
) -> None:
    for name, desk in (("businesstimedelta", _businesstimedelta), ("workclock", _workclock)):
        try:
            package = import_module(name)
        except ImportError:
            print(f"{name:<44}{'':>12} not installed: pip install {name}")
            continue
        add, between = desk(package, calendar)
        for span_name, span in spans.items():
            end = start + span
            needed = timedelta(seconds=calendar.between(start, end))
            same = add(start, needed) == calendar.add(start, int(needed.total_seconds()))
            same = same and between(start, end) == needed
            told = f"{span_name}{'' if same else ' (differs)'}"
            adds = microseconds(partial(add, start, needed), rounds=5, calls=5)
            measures = microseconds(partial(between, start, end), rounds=5, calls=5)
            line(f"{name} add, {told}", adds, "us")
            line(f"{name} between, {told}", measures, "us")


def _days_off(calendar: Calendar) -> list[Any]:
    closed = calendar.holidays.days.items() if calendar.holidays else ()
    return [day for day, special in closed if not special.windows]


def _windows(calendar: Calendar) -> list[tuple[int, Any, Any]]:
    midnight = datetime(2026, 1, 1, tzinfo=calendar.zone)
    return [
        (
            weekday,
            (midnight + timedelta(minutes=window.start)).time(),
            (midnight + timedelta(minutes=window.end)).time(),
        )
        for weekday, windows in enumerate(calendar.week)
        for window in windows
    ]


def _businesstimedelta(package: Any, calendar: Calendar) -> tuple[Add, Between]:
    zone = import_module("pytz").timezone(calendar.zone.key)
    rules = package.Rules(
        [
            *[
                package.WorkDayRule(
                    start_time=opens, end_time=closes, working_days=[weekday], tz=zone
                )
                for weekday, opens, closes in _windows(calendar)
            ],
            package.HolidayRule(dict.fromkeys(_days_off(calendar), "closed"), tz=zone),
        ]
    )

    def add(start: datetime, needed: timedelta) -> datetime:
        amount = package.BusinessTimeDelta(rules, seconds=needed.total_seconds())
        added: datetime = start + amount
        return added

    def between(start: datetime, end: datetime) -> timedelta:
        found: timedelta = rules.difference(start, end).timedelta
        return found

    return add, between


def _workclock(package: Any, calendar: Calendar) -> tuple[Add, Between]:
    shifts = [package.WorkDay(opens, closes, [day]) for day, opens, closes in _windows(calendar)]
    off = package.Holidays(_days_off(calendar))
    schedule = package.Schedule([*shifts, off], time_zone=calendar.zone.key)
    return schedule.add, schedule.between
