"""When can I expect an answer? The policy in plain words, open to everybody.

Everything here is read from the policy in force; nothing is invented where it is silent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from portal import written
from portal.locale import gettext as _
from portal.locale import pgettext
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

MOST_HOLIDAYS = 6


@dataclass(frozen=True)
class OpenDays:
    """Days in a row with the same hours: "Monday to Friday", "8:00 am to 5:00 pm"."""

    days: str
    hours: str
    is_open: bool


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
    return _(
        "%(day)s %(start)s to %(end)s %(zone)s",
        day=written.weekday(start.weekday()),
        start=_clock(start.hour * 60 + start.minute),
        end=_clock(end.hour * 60 + end.minute),
        zone=zone_name(own),
    )


def open_days(calendar: Calendar) -> list[OpenDays]:
    """The week in as few lines as possible; closed days are said too."""
    runs: list[tuple[int, int, tuple[Window, ...]]] = []
    for number, windows in enumerate(calendar.week):
        if runs and runs[-1][2] == windows:
            runs[-1] = (runs[-1][0], number, windows)
        else:
            runs.append((number, number, windows))
    return [OpenDays(_run(a, b), spoken_hours(windows), bool(windows)) for a, b, windows in runs]


def _run(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return _("Every day")
    ends = {"first": written.weekday(first), "last": written.weekday(last)}
    if first == last:
        return ends["first"]
    if last == first + 1:
        return _("%(first)s and %(last)s", **ends)
    return _("%(first)s to %(last)s", **ends)


def spoken_hours(windows: tuple[Window, ...]) -> str:
    if windows == (Window(0, 1440),):
        return _("day and night")
    return ", ".join(_spoken(window) for window in windows) or _("closed")


def _spoken(window: Window) -> str:
    start, end = _clock(window.start), _clock(window.end)
    return pgettext("opening hours", "%(start)s to %(end)s", start=start, end=end)


def _clock(minute: int) -> str:
    if minute == 0:
        return pgettext("as a day begins", "midnight")
    if minute == 1440:
        return pgettext("as a day ends", "midnight")
    return written.clock(time(minute // 60 % 24, minute % 60))


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
    return "; ".join(f"{line.days} {line.hours}" for line in lines if line.is_open)
