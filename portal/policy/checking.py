"""What a policy leaves unsaid, and where one second makes hours of difference.

The rule: a manager learns before publishing which figures are this portal's own, what the policy
does not say, and where a customer who reports a second later is promised hours more.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.policy.deadline import due
from portal.policy.filing import Filing
from portal.policy.loading import read_policy
from portal.policy.model import Policy, Priority, Target
from portal.policy.moments import length_text
from portal.policy.previewing import local_text
from portal.policy.problems import PolicyRefusal, Problem
from portal.policy.sections.lines import Path, line_of, lines_of_keys
from portal.policy.sections.priorities import KEYS
from portal.policy.sections.table import key_of
from portal.policy.terms import terms
from portal.policy.versions import takes_effect_at

CLIFF_SECONDS = 3_600
SECOND = timedelta(seconds=1)
_NOT_GIVEN = "not given"
Unsaid = tuple[Path, str, str]


@dataclass(frozen=True)
class Report:
    """The outcome of a check: errors keep a policy from taking effect, warnings do not."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    policy: Policy | None = None

    @property
    def may_take_effect(self) -> bool:
        return not self.errors


def check_policy(
    source: str, file_name: str = "policy.toml", *, in_force: Policy | None = None
) -> Report:
    """Everything there is to say about a policy file, beside the version in force if given."""
    reading = read_policy(source, file_name=file_name)
    if reading.policy is None:
        return Report(reading.errors, reading.warnings)
    lines = lines_of_keys(source)
    unsaid = tuple(
        Problem(file_name, line_of(path, lines), key_of(path), wrong, remedy, "unsaid")
        for path, wrong, remedy in _unsaid(reading.policy)
    )
    steep = tuple(
        Problem(file_name, line_of(path, lines), key_of(path), wrong, remedy, "cliff")
        for path, wrong, remedy in _cliffs(reading.policy)
    )
    errors = tuple(
        replace(problem, line=line_of(tuple(problem.key.split(".")), lines))
        for problem in check_succession(reading.policy, in_force, file_name)
    )
    return Report(errors, (*reading.warnings, *unsaid, *steep), reading.policy)


def check_succession(
    policy: Policy, in_force: Policy | None, file_name: str = "policy.toml"
) -> tuple[Problem, ...]:
    """A new version belongs to the same policy, and takes effect after the one in force."""
    if in_force is None:
        return ()
    found = []
    if policy.id != in_force.id:
        found.append(("policy.id", f'The policy in force is "{in_force.id}".', "Keep its id."))
    if policy.effective_from <= in_force.effective_from:
        wrong = f"It is not after {in_force.effective_from}, when the version in force began."
        found.append(("policy.effective_from", wrong, "Choose a later date."))
    if policy.version <= in_force.version:
        wrong = f"Version {in_force.version} is in force."
        found.append(("policy.version", wrong, f"Write {in_force.version + 1}."))
    return tuple(Problem(file_name, None, key, wrong, remedy) for key, wrong, remedy in found)


def _unsaid(policy: Policy) -> Iterator[Unsaid]:
    yield from _unsaid_about_hours(policy)
    yield from _unsaid_about_service(policy)
    for number, level in enumerate(policy.priorities):
        yield from _unsaid_about_level(("priority", number), level)


def _unsaid_about_hours(policy: Policy) -> Iterator[Unsaid]:
    for section, entries in (("hours", policy.calendars), ("holidays", policy.holidays)):
        for name, entry in entries.items():
            if entry.basis == "default":
                wrong = "They are not stated by the organisation; these are this portal's own."
                yield (section, name, "basis"), wrong, CONFIRM
    if not any(policy.calendar(level.hours).never_closes for level in policy.priorities):
        top = policy.priorities[0]
        wrong = f'Nobody is there outside hours, not even for "{top.name}".'
        yield ("priority", 0, "hours"), wrong, "Decide whether somebody should be."


CONFIRM = "Confirm them, or write the organisation's."
CONFIRM_IT = "Confirm it, or write the organisation's."


def _unsaid_about_service(policy: Policy) -> Iterator[Unsaid]:
    if not policy.channels:
        yield ("channels",), "No way to reach the desk is named.", "Add [channels.NAME]."
    for name, channel in policy.channels.items():
        if channel.basis == "default":
            yield ("channels", name, "basis"), "This channel is this portal's own.", CONFIRM_IT
        if policy.emergency and not channel.emergency_hours:
            wrong = "It does not say whether emergencies are taken here outside hours."
            yield ("channels", name, "emergency_hours"), wrong, "Add emergency_hours."
    if policy.paid:
        yield from _unsaid_about_target(
            ("paid_after_hours", "first_response"), policy.paid.first_response
        )
    if policy.entitlement.basis == "default":
        yield ("entitlement", "basis"), "Whether a contract is needed is not stated.", CONFIRM_IT
    if policy.required_basis == "default":
        wrong = "What a customer must tell is not stated."
        yield ("required_information", "basis"), wrong, CONFIRM_IT
    if not policy.desk.phone and not policy.desk.email:
        yield ("desk",), "It has neither telephone nor e-mail.", "Add phone or email."


def _unsaid_about_level(path: Path, level: Priority) -> Iterator[Unsaid]:
    if not level.means or _NOT_GIVEN in level.means:
        wrong = f'"{level.name}" has no definition.'
        yield (*path, "means"), wrong, "Say in plain words when it applies."
    if not level.questions:
        wrong = "No question leads to it."
        yield (*path, "question"), wrong, "Add a [[priority.question]] for each definition."
    if not level.report_by:
        yield (*path, "report_by"), "How to report it is not said.", 'Add report_by = ["phone"].'
    for clock, key in KEYS.items():
        if clock not in level.inside and clock != "resolution":
            yield (*path, key), "Nothing is promised.", 'Write { within = "none" } if so meant.'
    for targets, suffix in ((level.inside, ""), (level.outside, "_outside_hours")):
        for clock, target in targets.items():
            yield from _unsaid_about_target((*path, f"{KEYS[clock]}{suffix}"), target)


def _unsaid_about_target(path: Path, target: Target) -> Iterator[Unsaid]:
    if target.phrase.has_date and target.basis == "default":
        wrong = f'"{target.text}" is this portal\'s own figure.'
        yield path, wrong, CONFIRM_IT


def _cliffs(policy: Policy) -> Iterator[Unsaid]:
    for number, level in enumerate(policy.priorities):
        for channel in (None, *level.by_channel):
            worst = max(_steps(policy, level, channel), default=None, key=lambda step: step[0])
            if worst is not None and worst[0] >= CLIFF_SECONDS:
                yield _cliff(policy, ("priority", number), channel, worst)


def _cliff(
    policy: Policy, path: Path, channel: str | None, worst: tuple[int, datetime, datetime, datetime]
) -> Unsaid:
    gained, at, earlier, later = worst
    by = f" by {channel}" if channel else ""
    wrong = (
        f"Reported{by} at {local_text(policy, at - SECOND)} it is due"
        f" {local_text(policy, earlier)}, a second later {local_text(policy, later)}:"
        f" {length_text(gained)} more."
    )
    return (*path, "first_response"), wrong, "Compare the targets inside and outside hours."


def _steps(
    policy: Policy, level: Priority, channel: str | None
) -> Iterator[tuple[int, datetime, datetime, datetime]]:
    """How much more time one second brings at each edge of the hours in the first two weeks."""
    calendar = policy.calendar(level.for_channel(channel).hours)
    begins = takes_effect_at(policy) + timedelta(days=1)
    filing = Filing(level.id, channel, begins, named_contact=True)
    for span in calendar.windows(begins, begins + timedelta(days=14)):
        for at in (span.start, span.end):
            before, after = _due(policy, filing, at - SECOND), _due(policy, filing, at)
            if before and after and after > before:
                open_time = calendar.between(before, after)
                yield open_time, at, before, after


def _due(policy: Policy, filing: Filing, at: datetime) -> datetime | None:
    """When a report at this moment is answered; the same rules as for a case, without the rest."""
    try:
        promise = terms(policy, filing, filing.priority, at).promise("first_response")
        return due(promise.target, promise.calendar, at, ()).at
    except PolicyRefusal:
        return None
