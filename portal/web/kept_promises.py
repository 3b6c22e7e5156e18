"""Promises kept, as a table for people: beside each share, what the policy promises."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.insight.kept import Figures, Outcome
from portal.insight.service import CLOCKS, Service
from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.model import Policy
from portal.policy.moments import length_text
from portal.policy.spoken import target_words
from portal.policy.words import ClockName
from portal.web.shares import share_words

CLOCK_WORDS = {"first_response": N_("First answer"), "next_update": N_("Next update")}
_CLOCKS: tuple[ClockName, ...] = ("first_response", "next_update")


@dataclass(frozen=True)
class PromiseRow:
    """One clock at one priority. Shares and times are "" where too few were judged to say."""

    clock: str
    priority: str
    target: str
    judged: int
    share: str
    median: str
    ninetieth: str
    left_out: list[str]


def rows_of_promises(found: Service, policy: Policy | None) -> list[PromiseRow]:
    """By clock, the most urgent priority first; those of an older policy last."""
    known = [each.id for each in policy.priorities] if policy else []
    old = sorted({priority for _, priority in found.promises} - set(known))
    return [
        _row(clock, priority, found.promises[clock, priority], policy)
        for clock in CLOCKS
        for priority in (*known, *old)
        if (clock, priority) in found.promises
    ]


def _row(clock: str, priority: str, figures: Figures, policy: Policy | None) -> PromiseRow:
    level = policy.priority(priority) if policy and policy.has_priority(priority) else None
    name = next((each for each in _CLOCKS if each == clock), _CLOCKS[0])
    return PromiseRow(
        clock=_(CLOCK_WORDS[clock]),
        priority=level.name if level else priority,
        target=target_words(level.target(name).text) if level else "",
        judged=figures.judged,
        share=share_words(figures.share, figures.interval) if figures.is_shown else "",
        median=_length(figures.median) if figures.is_shown else "",
        ninetieth=_length(figures.ninetieth) if figures.is_shown else "",
        left_out=list(_left_out(figures.left_out.items())),
    )


def _left_out(counts: Iterable[tuple[Outcome, int]]) -> Iterable[str]:
    return (f"{count}: {_(outcome.value)}" for outcome, count in counts)


def _length(seconds: float | None) -> str:
    return "" if seconds is None else length_text(int(seconds))
