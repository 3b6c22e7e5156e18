"""When can I expect an answer? The policy in plain words, open to everybody.

Everything here is read from the policy in force; nothing is invented where it is silent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.policy.calendar import Calendar
from portal.policy.closures import midnight_after
from portal.policy.days import Window
from portal.policy.model import Channel, Policy
from portal.policy.moments import zone_name
from portal.policy.opening import holidays_to_come
from portal.web.access import Cache, Who, allow
from portal.web.filters import reader_zone, this_moment
from portal.web.help import blueprint
from portal.web.help.hours import hours_now
from portal.web.help.promises import channel_name, levels
from portal.web.pages import Page, public_page

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_HOLIDAYS = 6


@dataclass(frozen=True)
class OpenDays:
    """Days in a row with the same hours: "Monday to Friday", "8:00 am to 5:00 pm"."""

    days: str
    hours: str


@dataclass(frozen=True)
class Way:
    """A way to reach the desk."""

    name: str
    contact: str
    hours: list[OpenDays]
    emergencies: str
    note: str


@blueprint.get("/expectations")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
@public_page
def expectations() -> ResponseReturnValue | Page:
    hours = hours_now()
    if hours is None:
        return Page(render_template("help/expectations_unknown.html"))
    policy = hours.policy
    office = policy.calendar(policy.office_hours)
    html = render_template(
        "help/expectations.html",
        policy=policy,
        hours=hours,
        week=open_days(office),
        zone=zone_name(office.zone),
        shifted=_shifted(office),
        levels=levels(policy),
        spoken_hours=spoken_hours,
        ways=_ways(policy),
        holidays=holidays_to_come(policy, this_moment(), MOST_HOLIDAYS),
    )
    return Page(html, fresh_until=hours.fresh_until)


def _shifted(calendar: Calendar) -> str:
    """The next day's hours in the reader's own zone; empty where both clocks agree."""
    now, own = this_moment(), reader_zone()
    if now.astimezone(own).utcoffset() == now.astimezone(calendar.zone).utcoffset():
        return ""
    tomorrow = midnight_after(calendar, now)
    first = next(calendar.windows(tomorrow, tomorrow + timedelta(days=14)), None)
    if first is None or calendar.never_closes:
        return ""
    start, end = first.start.astimezone(own), first.end.astimezone(own)
    day = DAYS[start.weekday()]
    return f"{day} {_clock_of(start)} to {_clock_of(end)} {zone_name(own)}"


def _clock_of(local: datetime) -> str:
    return _clock(local.hour * 60 + local.minute)


def open_days(calendar: Calendar) -> list[OpenDays]:
    """The week in as few lines as possible; closed days are said too."""
    runs: list[tuple[int, int, str]] = []
    for number, windows in enumerate(calendar.week):
        hours = spoken_hours(windows)
        if runs and runs[-1][2] == hours:
            runs[-1] = (runs[-1][0], number, hours)
        else:
            runs.append((number, number, hours))
    return [OpenDays(_run(first, last), hours) for first, last, hours in runs]


def _run(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return "Every day"
    if first == last:
        return DAYS[first]
    return f"{DAYS[first]} {'and' if last == first + 1 else 'to'} {DAYS[last]}"


def spoken_hours(windows: tuple[Window, ...]) -> str:
    if windows == (Window(0, 1440),):
        return "day and night"
    return ", ".join(f"{_clock(w.start)} to {_clock(w.end)}" for w in windows) or "closed"


def _clock(minute: int) -> str:
    if minute in {0, 1440}:
        return "midnight"
    at = time(minute // 60 % 24, minute % 60)
    return f"{at.hour % 12 or 12}:{at:%M} {'am' if at.hour < 12 else 'pm'}"


def _ways(policy: Policy) -> list[Way]:
    return list(_each_way(policy))


def _each_way(policy: Policy) -> Iterator[Way]:
    for name, channel in policy.channels.items():
        hours = open_days(policy.calendar(channel.hours)) if channel.hours else []
        yield Way(
            channel_name(name), channel.contact, hours, _emergencies(policy, channel), channel.note
        )


def _emergencies(policy: Policy, channel: Channel) -> str:
    """When emergencies are taken here, where that differs from the channel's own hours."""
    if channel.emergency_hours in (None, channel.hours):
        return ""
    lines = open_days(policy.calendar(channel.emergency_hours))
    if len(lines) == 1:
        return lines[0].hours
    return "; ".join(f"{line.days} {line.hours}" for line in lines if line.hours != "closed")
