"""Deflection, judged from the log alone: the same log gives the same figures, whoever asks.

An attempt is a visit that searched or opened the form and was shown at least one article; one that
was shown none is a gap, counted apart. It is confirmed when "this solved it" was pressed; probable
when an article was read for twenty seconds and nothing was searched for afterwards; and neither
when a case followed within 72 hours from the same visit, account, mail address or machine. The
rate is confirmed by attempts. Probable stands beside it and is never added.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt

from portal.insight.attempt import Place, Sign
from portal.insight.attempting import REVERSED_WITHIN

Z_95 = 1.959963984540054


class Outcome(StrEnum):
    """How an attempt ended."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    FILED = "filed"
    NEITHER = "neither"
    GAP = "gap"


@dataclass(frozen=True)
class Mark:
    """One sign of an attempt."""

    at: datetime
    kind: Sign
    article_id: int | None = None
    place: Place | None = None
    position: int = 0


@dataclass(frozen=True)
class Who:
    """By what an attempt and a case are known to belong together; empty is unknown."""

    visit: str = ""
    account: str = ""
    address: str = ""
    machine: str = ""

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        every = (
            ("visit", self.visit),
            ("account", self.account),
            ("address", self.address),
            ("machine", self.machine),
        )
        return tuple(name for name in every if name[1])


@dataclass(frozen=True)
class Trace:
    """An attempt as the log has it."""

    id: int
    who: Who
    started_at: datetime
    marks: tuple[Mark, ...]

    def articles(self, *kinds: Sign) -> set[int]:
        """The articles of which these signs speak."""
        return {m.article_id for m in self.marks if m.kind in kinds and m.article_id is not None}


@dataclass(frozen=True)
class FiledCase:
    """A case that was opened."""

    at: datetime
    who: Who


@dataclass(frozen=True)
class Log:
    """Everything the figures rest on."""

    traces: tuple[Trace, ...]
    cases: tuple[FiledCase, ...]


@dataclass(frozen=True)
class Judged:
    """An attempt with its outcome. `is_reversed`: solved at first, then a case followed."""

    trace: Trace
    outcome: Outcome
    is_reversed: bool = False
    is_final: bool = True


@dataclass(frozen=True)
class Figures:
    """Counts of attempts, and the share that was confirmed with its 95% interval."""

    attempts: int = 0
    confirmed: int = 0
    probable: int = 0
    filed: int = 0
    neither: int = 0
    gaps: int = 0
    reversed: int = 0
    not_final: int = 0

    @property
    def rate(self) -> float | None:
        return self.confirmed / self.attempts if self.attempts else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.confirmed, self.attempts)


@dataclass(frozen=True)
class OfArticle:
    """In how many attempts an article was shown, opened, read, solved it, or a case followed."""

    article_id: int
    shown: int
    opened: int
    read: int
    confirmed: int
    filed: int

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.confirmed, self.shown)


def judge(log: Log, *, now: datetime) -> list[Judged]:
    """Every attempt with its outcome, in the order in which they began."""
    cases, searches = _instants_of_cases(log), _instants_of_searches(log)
    ordered = sorted(log.traces, key=lambda trace: (trace.started_at, trace.id))
    return [_judged(trace, cases, searches, now) for trace in ordered]


def figures(judged: Iterable[Judged]) -> Figures:
    """The counts of these attempts."""
    found, reversals, open_ones = dict.fromkeys(Outcome, 0), 0, 0
    for one in judged:
        found[one.outcome] += 1
        reversals += one.is_reversed
        open_ones += not one.is_final and one.outcome is not Outcome.GAP
    gaps = found.pop(Outcome.GAP)
    return Figures(
        attempts=sum(found.values()),
        confirmed=found[Outcome.CONFIRMED],
        probable=found[Outcome.PROBABLE],
        filed=found[Outcome.FILED],
        neither=found[Outcome.NEITHER],
        gaps=gaps,
        reversed=reversals,
        not_final=open_ones,
    )


def by_week(judged: Iterable[Judged]) -> list[tuple[datetime, Figures]]:
    """The figures of each week (from Monday, UTC) in which there was an attempt."""
    weeks: dict[datetime, list[Judged]] = defaultdict(list)
    for one in judged:
        day = one.trace.started_at.replace(hour=0, minute=0, second=0, microsecond=0)
        weeks[day - timedelta(days=day.weekday())].append(one)
    return [(monday, figures(found)) for monday, found in sorted(weeks.items())]


def by_article(judged: Iterable[Judged]) -> list[OfArticle]:
    """What each article did, the most shown first."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0] * 5)
    for one in judged:
        trace = one.trace
        solved = trace.articles(Sign.SOLVED) if one.outcome is Outcome.CONFIRMED else set()
        every = trace.articles(Sign.SHOWN)
        kinds = (
            every,
            trace.articles(Sign.OPENED),
            trace.articles(Sign.READ),
            solved,
            every if one.outcome is Outcome.FILED else set(),
        )
        for place, articles in enumerate(kinds):
            for article_id in articles:
                counts[article_id][place] += 1
    found = [OfArticle(article_id, *numbers) for article_id, numbers in counts.items()]
    return sorted(found, key=lambda one: (-one.shown, one.article_id))


def by_group(judged: Iterable[Judged], groups: Mapping[int, str]) -> list[tuple[str, Figures]]:
    """The figures of each group of articles (a category), by the attempts that were shown one of
    its articles; confirmed counts only where one of them was the answer.
    """
    found: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        solved = {groups.get(each) for each in one.trace.articles(Sign.SOLVED)}
        for group in {groups[a] for a in one.trace.articles(Sign.SHOWN) if a in groups}:
            is_elsewhere = one.outcome is Outcome.CONFIRMED and group not in solved
            found[group].append(Judged(one.trace, Outcome.NEITHER) if is_elsewhere else one)
    return [(group, figures(found[group])) for group in sorted(found)]


def wilson(successes: int, total: int) -> tuple[float, float]:
    """The 95% interval of a share (Wilson's score), (0, 1) when nothing was counted."""
    if total == 0:
        return 0.0, 1.0
    share, square = successes / total, Z_95**2
    middle = (share + square / (2 * total)) / (1 + square / total)
    spread = Z_95 * sqrt(share * (1 - share) / total + square / (4 * total**2))
    spread /= 1 + square / total
    return max(0.0, middle - spread), min(1.0, middle + spread)


Instants = Mapping[tuple[str, str], list[datetime]]


def _instants_of_cases(log: Log) -> Instants:
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for case in sorted(log.cases, key=lambda case: case.at):
        for name in case.who.names:
            found[name].append(case.at)
    return found


def _instants_of_searches(log: Log) -> Instants:
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for trace in log.traces:
        found["visit", trace.who.visit] += [m.at for m in trace.marks if m.kind is Sign.SEARCHED]
    return {name: sorted(instants) for name, instants in found.items()}


def _judged(trace: Trace, cases: Instants, searches: Instants, now: datetime) -> Judged:
    kinds = {mark.kind for mark in trace.marks}
    ended = max((mark.at for mark in trace.marks), default=trace.started_at)
    is_final = now >= ended + REVERSED_WITHIN
    if Sign.SHOWN not in kinds:
        return Judged(trace, Outcome.GAP, is_final=is_final)
    if any(
        _within(cases, name, trace.started_at, ended + REVERSED_WITHIN) for name in trace.who.names
    ):
        return Judged(trace, Outcome.FILED, Sign.SOLVED in kinds, is_final)
    if Sign.SOLVED in kinds:
        return Judged(trace, Outcome.CONFIRMED, is_final=is_final)
    if Sign.READ in kinds and not _searched_again(trace, searches):
        return Judged(trace, Outcome.PROBABLE, is_final=is_final)
    return Judged(trace, Outcome.NEITHER, is_final=is_final)


def _searched_again(trace: Trace, searches: Instants) -> bool:
    read_at = max(mark.at for mark in trace.marks if mark.kind is Sign.READ)
    moment = timedelta(microseconds=1)
    return _within(
        searches, ("visit", trace.who.visit), read_at + moment, read_at + REVERSED_WITHIN
    )


def _within(instants: Instants, name: tuple[str, str], start: datetime, end: datetime) -> bool:
    found = instants.get(name, [])
    place = bisect_left(found, start)
    return place < len(found) and found[place] <= end
