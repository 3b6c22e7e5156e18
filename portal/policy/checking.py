"""What a policy leaves unsaid, and where one second makes hours of difference.

The rule: a manager learns before publishing which figures are this portal's own, what the policy
does not say, and where a customer who reports a second later is promised hours more.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal import written
from portal.locale import N_, SPOKEN_IN_CODE, language
from portal.locale import gettext as _
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
        found.append(
            ("policy.id", _('The policy in force is "%(id)s".', id=in_force.id), _("Keep its id."))
        )
    if policy.effective_from <= in_force.effective_from:
        wrong = _(
            "It is not after %(day)s, when the version in force began.", day=in_force.effective_from
        )
        found.append(("policy.effective_from", wrong, _("Choose a later date.")))
    if policy.version <= in_force.version:
        wrong = _("Version %(version)s is in force.", version=in_force.version)
        found.append(
            ("policy.version", wrong, _("Write %(version)s.", version=in_force.version + 1))
        )
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
                wrong = _("They are not stated by the organisation; these are this portal's own.")
                yield (section, name, "basis"), wrong, _(CONFIRM)
    if not any(policy.calendar(level.hours).never_closes for level in policy.priorities):
        top = policy.priorities[0]
        wrong = _('Nobody is there outside hours, not even for "%(name)s".', name=top.name)
        yield ("priority", 0, "hours"), wrong, _("Decide whether somebody should be.")


CONFIRM = N_("Confirm them, or write the organisation's.")
CONFIRM_IT = N_("Confirm it, or write the organisation's.")


def _unsaid_about_service(policy: Policy) -> Iterator[Unsaid]:
    if not policy.channels:
        yield ("channels",), _("No way to reach the desk is named."), _("Add [channels.NAME].")
    for name, channel in policy.channels.items():
        if channel.basis == "default":
            yield (
                ("channels", name, "basis"),
                _("This channel is this portal's own."),
                _(CONFIRM_IT),
            )
        if policy.emergency and not channel.emergency_hours:
            wrong = _("It does not say whether emergencies are taken here outside hours.")
            yield ("channels", name, "emergency_hours"), wrong, _("Add emergency_hours.")
    if policy.paid:
        yield from _unsaid_about_target(
            ("paid_after_hours", "first_response"), policy.paid.first_response
        )
    if policy.entitlement.basis == "default":
        yield (
            ("entitlement", "basis"),
            _("Whether a contract is needed is not stated."),
            _(CONFIRM_IT),
        )
    if policy.required_basis == "default":
        wrong = _("What a customer must tell is not stated.")
        yield ("required_information", "basis"), wrong, _(CONFIRM_IT)
    if not policy.desk.phone and not policy.desk.email:
        yield ("desk",), _("It has neither telephone nor e-mail."), _("Add phone or email.")


def _unsaid_about_level(path: Path, level: Priority) -> Iterator[Unsaid]:
    if not level.means or _NOT_GIVEN in level.means:
        wrong = _('"%(name)s" has no definition.', name=level.name)
        yield (*path, "means"), wrong, _("Say in plain words when it applies.")
    if not level.questions:
        wrong = _("No question leads to it.")
        yield (*path, "question"), wrong, _("Add a [[priority.question]] for each definition.")
    if not level.report_by:
        yield (
            (*path, "report_by"),
            _("How to report it is not said."),
            _('Add report_by = ["phone"].'),
        )
    for clock, key in KEYS.items():
        if clock not in level.inside and clock != "resolution":
            yield (
                (*path, key),
                _("Nothing is promised."),
                _('Write { within = "none" } if so meant.'),
            )
    for targets, suffix in ((level.inside, ""), (level.outside, "_outside_hours")):
        for clock, target in targets.items():
            yield from _unsaid_about_target((*path, f"{KEYS[clock]}{suffix}"), target)


def _unsaid_about_target(path: Path, target: Target) -> Iterator[Unsaid]:
    if target.phrase.has_date and target.basis == "default":
        wrong = _('"%(text)s" is this portal\'s own figure.', text=target.text)
        yield path, wrong, _(CONFIRM_IT)


def _cliffs(policy: Policy) -> Iterator[Unsaid]:
    for number, level in enumerate(policy.priorities):
        for channel in (None, *level.by_channel):
            worst = max(_steps(policy, level, channel), default=None, key=lambda step: step[0])
            if worst is not None and worst[0] >= CLIFF_SECONDS:
                yield _cliff(policy, ("priority", number), channel, worst)


def _cliff(
    policy: Policy, path: Path, channel: str | None, worst: tuple[int, datetime, datetime, datetime]
) -> Unsaid:
    gained, *moments = worst
    at, earlier, later = (
        _moment_text(policy, each) for each in (moments[0] - SECOND, *moments[1:])
    )
    values = {"at": at, "earlier": earlier, "later": later, "more": length_text(gained)}
    if channel:
        wrong = _(
            "Reported by %(channel)s at %(at)s it is due %(earlier)s,"
            " a second later %(later)s: %(more)s more.",
            channel=channel,
            **values,
        )
    else:
        wrong = _(
            "Reported at %(at)s it is due %(earlier)s, a second later %(later)s: %(more)s more.",
            **values,
        )
    return (*path, "first_response"), wrong, _("Compare the targets inside and outside hours.")


def _moment_text(policy: Policy, at: datetime) -> str:
    """A moment of the desk to the second, as readers of the language write it."""
    if language() == SPOKEN_IN_CODE:
        return local_text(policy, at)
    local = at.astimezone(policy.zone)
    return f"{written.short_day(local)}, {local:%H:%M:%S}"


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
