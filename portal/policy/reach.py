"""Whether the hours open at all, and whether every promise can be kept within three years.

The rule: what would be refused when a customer asks is refused when the manager writes it.
"""

from collections.abc import Iterator
from datetime import datetime

from portal.locale import gettext as _
from portal.policy.calendar import Calendar
from portal.policy.instants import DAY, instant_of
from portal.policy.model import Policy, Target
from portal.policy.problems import PolicyRefusal
from portal.policy.sections.lines import Path
from portal.policy.sections.priorities import KEYS
from portal.policy.sections.table import Findings
from portal.policy.spans import EPOCH_DAY

Promised = tuple[Path, str, Target | None]


def check_reach(findings: Findings, policy: Policy) -> None:
    """Look at each kind of hours once, and at each amount of opening time that they must hold."""
    begins = instant_of((policy.effective_from.toordinal() - EPOCH_DAY) * DAY)
    misread = {error.key.split(".")[1] for error in findings.errors if error.key[:6] == "hours."}
    looked_at: set[tuple[str, int]] = set()
    for path, hours, target in _promised(policy):
        seconds = target.phrase.seconds if target and target.phrase.kind == "business" else 0
        if hours in policy.calendars and hours not in misread and (hours, seconds) not in looked_at:
            looked_at.add((hours, seconds))
            _must_hold(findings, policy.calendar(hours), path, begins, seconds)


def _must_hold(
    findings: Findings, calendar: Calendar, path: Path, begins: datetime, seconds: int
) -> None:
    try:
        calendar.next_open(begins)
    except PolicyRefusal as refusal:
        remedy = _("Give them an opening time, or use other hours.")
        findings.wrong(("hours", calendar.name), refusal.message, remedy, refusal.code)
        return
    try:
        calendar.add(begins, seconds)
    except PolicyRefusal:
        wrong = _("With the hours %(name)s it takes more than three years.", name=calendar.name)
        findings.wrong((*path, "within"), wrong, _("Promise less, or none."), "too_far")


def _promised(policy: Policy) -> Iterator[Promised]:
    """Every target with its place in the file and the hours in which it counts."""
    for number, priority in enumerate(policy.priorities):
        plain: Path = ("priority", number)
        ways = [(plain, priority)]
        ways += [((*plain, "by_channel", name), one) for name, one in priority.by_channel.items()]
        for path, level in ways:
            yield path, level.hours, None
            for targets, suffix in ((level.inside, ""), (level.outside, "_outside_hours")):
                for clock, target in targets.items():
                    yield (*path, f"{KEYS[clock]}{suffix}"), target.hours or level.hours, target
    if policy.paid:
        paid = policy.paid.first_response
        yield ("paid_after_hours", "first_response"), paid.hours or policy.paid.hours, paid
