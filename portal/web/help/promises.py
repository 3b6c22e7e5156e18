"""What the policy promises for each priority, in words for the public table.

Words only: a date is worked out for a case, never for a table. Each figure says on what it rests,
and where the policy is silent the table says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.model import Policy, Priority, Target
from portal.policy.moments import length_text
from portal.policy.spoken import target_words, within, word
from portal.policy.wording import handed
from portal.policy.words import ClockName

BASIS = {
    "page": N_("published by the organisation"),
    "reading": N_("as we read the organisation's page"),
    "default": N_("typical; set by this portal, not published"),
}
NOT_STATED = N_("Not stated")
_CHANNELS = {
    "phone": N_("telephone"),
    "email": N_("e-mail"),
    "web": N_("this site"),
    "remote": N_("remote access"),
}


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
    return _(_CHANNELS[name]) if name in _CHANNELS else name


def _level(policy: Policy, priority: Priority) -> Level:
    means = tuple(text for text in priority.means if text != "not given")
    return Level(
        name=priority.name,
        served=tuple(_served(policy, priority)),
        means=means or (_("The organisation has not published what this level means."),),
        report_by=", ".join(channel_name(one) for one in priority.report_by),
        first_answer=_figures(policy, priority, "first_response"),
        updates=(*_figures(policy, priority, "next_update"), *_delivery(priority)),
        escalation=_figures(policy, priority, "escalation"),
    )


def _served(policy: Policy, priority: Priority) -> Iterator[str]:
    """For whom the level is, and when it is served, where that isn't the ordinary desk."""
    if policy.calendar(priority.hours).never_closes and priority.hours != policy.office_hours:
        yield _("Day and night")
    emergency = policy.emergency
    if emergency and emergency.named_contacts_only and priority.id in emergency.priorities:
        yield _("For named contacts")
        if emergency.otherwise:
            other = policy.priority(emergency.otherwise).name
            yield _("Anyone else: as “%(priority)s”", priority=other)


def _figures(policy: Policy, priority: Priority, clock: ClockName) -> tuple[Figure, ...]:
    return tuple(_each_figure(policy, priority, clock))


def _each_figure(policy: Policy, priority: Priority, clock: ClockName) -> Iterator[Figure]:
    inside = priority.target(clock)
    yield _figure(inside, clock)
    if clock in priority.outside:
        outside = priority.outside[clock]
        if (outside.text, outside.basis) != (inside.text, inside.basis):
            yield _figure(outside, clock, N_("Outside support hours: %(target)s"))
    for channel, level in priority.by_channel.items():
        if level.target(clock) != inside or level.hours != priority.hours:
            by = channel_name(channel)
            yield _figure(level.target(clock), clock, N_("By %(channel)s: %(target)s"), channel=by)
    paid = policy.paid
    if clock == "first_response" and paid and priority.id in paid.applies_to:
        lead = N_("Outside support hours, for %(rate)s: %(target)s")
        yield _figure(paid.first_response, clock, lead, rate=paid.rate)


def _delivery(priority: Priority) -> Iterator[Figure]:
    """No figure, but a promise all the same: to be told a day."""
    found = priority.patch_date
    if found is not None and found.promised:
        told = _("If a fix is needed, you are told the day on which it will be delivered")
        yield Figure(told, _(BASIS[found.basis]))


def _figure(target: Target, clock: ClockName, lead: str = "", **values: str) -> Figure:
    """`lead` is a sentence around the figure, marked for translation, with its `values`."""
    words = _words(target)
    if clock == "escalation":
        words = _escalation_words(target, words)
    basis = _(BASIS[target.basis]) if words else ""
    words = words or _(NOT_STATED)
    text = _(lead, target=words, **values) if lead else words
    return Figure(text[0].upper() + text[1:], basis)


def _words(target: Target) -> str:
    """ "Within 4 business hours", or the words that stand in place of a figure."""
    phrase = target.phrase
    if phrase.kind == "none":
        return word(target.instead or target.response_kind)
    if phrase.kind == "immediately":
        return word("immediately")
    text = _with_cutoff(target, within(target.text))
    if target.response_kind:
        text = f"{word(target.response_kind)}, {text}"
    return _("usually %(target)s", target=text) if target.strength == "usual" else text


def _with_cutoff(target: Target, words: str) -> str:
    if not target.cutoff_minutes:
        return words
    return _(
        "%(target)s when reported at least %(length)s before it",
        target=words,
        length=length_text(target.cutoff_minutes * 60),
    )


def _escalation_words(target: Target, words: str) -> str:
    """To whom, and after how long or on what condition."""
    if not target.to:
        return words
    to = "; ".join(f"{one.subject}: {handed(one.to)}" for one in target.routes) or handed(target.to)
    if target.phrase.is_amount:
        return _("%(to)s after %(target)s", to=to, target=target_words(target.text))
    if target.when:
        return _("%(to)s, when %(condition)s", to=to, condition=target.when)
    return f"{to} {words}".strip()
