"""What the policy promises for each priority, in words for the public table.

Words only: a date is worked out for a case, never for a table. Each figure says on what it rests,
and where the policy is silent the table says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.policy.model import Policy, Priority, Target
from portal.policy.moments import length_text
from portal.policy.wording import handed
from portal.policy.words import ClockName

BASIS = {
    "page": "published by the organisation",
    "reading": "as we read the organisation's page",
    "default": "typical; set by this portal, not published",
}
NOT_STATED = "Not stated"
_CHANNELS = {"phone": "telephone", "email": "e-mail", "web": "this site", "remote": "remote access"}


@dataclass(frozen=True)
class Figure:
    """One promise in words, and on what it rests."""

    text: str
    basis: str = ""


@dataclass(frozen=True)
class Level:
    """A row of the table."""

    name: str
    served: tuple[str, ...]
    means: tuple[str, ...]
    report_by: str
    first_answer: tuple[Figure, ...]
    updates: tuple[Figure, ...]
    escalation: tuple[Figure, ...]


def levels(policy: Policy) -> list[Level]:
    """All priorities, the most urgent first."""
    return [_level(policy, priority) for priority in policy.priorities]


def channel_name(name: str) -> str:
    return _CHANNELS.get(name, name)


def _level(policy: Policy, priority: Priority) -> Level:
    means = tuple(text for text in priority.means if text != "not given")
    return Level(
        name=priority.name,
        served=tuple(_served(policy, priority)),
        means=means or ("The organisation has not published what this level means.",),
        report_by=", ".join(channel_name(one) for one in priority.report_by),
        first_answer=_figures(policy, priority, "first_response"),
        updates=_figures(policy, priority, "next_update"),
        escalation=_figures(policy, priority, "escalation"),
    )


def _served(policy: Policy, priority: Priority) -> Iterator[str]:
    """For whom the level is, and when it is served, where that isn't the ordinary desk."""
    if policy.calendar(priority.hours).never_closes and priority.hours != policy.office_hours:
        yield "Day and night"
    emergency = policy.emergency
    if emergency and emergency.named_contacts_only and priority.id in emergency.priorities:
        yield "For named contacts"
        if emergency.otherwise:
            yield f"Anyone else: as “{policy.priority(emergency.otherwise).name}”"


def _figures(policy: Policy, priority: Priority, clock: ClockName) -> tuple[Figure, ...]:
    return tuple(_each_figure(policy, priority, clock))


def _each_figure(policy: Policy, priority: Priority, clock: ClockName) -> Iterator[Figure]:
    inside = priority.target(clock)
    yield _figure(inside, clock, "")
    if clock in priority.outside:
        outside = priority.outside[clock]
        if (outside.text, outside.basis) != (inside.text, inside.basis):
            yield _figure(outside, clock, "Outside support hours: ")
    for channel, level in priority.by_channel.items():
        if level.target(clock) != inside or level.hours != priority.hours:
            yield _figure(level.target(clock), clock, f"By {channel_name(channel)}: ")
    paid = policy.paid
    if clock == "first_response" and paid and priority.id in paid.applies_to:
        yield _figure(paid.first_response, clock, f"Outside support hours, for {paid.rate}: ")


def _figure(target: Target, clock: ClockName, lead: str) -> Figure:
    words = _words(target)
    if clock == "escalation":
        words = _escalation_words(target, words)
    if not words:
        return Figure(f"{lead}{NOT_STATED}" if lead else NOT_STATED)
    text = f"{lead}{words}"
    return Figure(text[0].upper() + text[1:], BASIS[target.basis])


def _words(target: Target) -> str:
    """ "Within 4 business hours", or the words that stand in place of a figure."""
    phrase = target.phrase
    if phrase.kind == "none":
        return target.instead or target.response_kind
    if phrase.kind == "immediately":
        return "immediately"
    text = target.text if target.text.startswith("by ") else f"within {target.text}"
    usually = "usually " if target.strength == "usual" else ""
    kind = f"{target.response_kind}, " if target.response_kind else ""
    return f"{usually}{kind}{text}{_cutoff(target)}"


def _cutoff(target: Target) -> str:
    if not target.cutoff_minutes:
        return ""
    return f" when reported at least {length_text(target.cutoff_minutes * 60)} before it"


def _escalation_words(target: Target, words: str) -> str:
    """To whom, and after how long or on what condition."""
    if not target.to:
        return words
    to = "; ".join(f"{one.subject}: {handed(one.to)}" for one in target.routes) or handed(target.to)
    if target.phrase.is_amount:
        return f"{to} after {words.removeprefix('within ')}"
    return f"{to}, when {target.when}" if target.when else f"{to} {words}".strip()
