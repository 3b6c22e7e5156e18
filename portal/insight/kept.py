"""Was a promise kept? Judged from the ledger alone: the rows of promises that were made and never
changed, and the events that answered them. The same rows give the same figures, whoever asks.

A promise counts as kept when we answered by its due instant, and as missed when we didn't. It is
left out, and counted by its reason, when it gave no time, was replaced by a newer one before it
fell due (another priority, a pause, a reopening), was no longer owed (the case was over, or went on
in another one), or has not fallen due yet.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from statistics import quantiles

from portal.insight.deflection import wilson
from portal.locale import N_

FEWEST = 20
"""Below so many judged promises a share says more about chance than about us: it is not shown."""


class Outcome(StrEnum):
    """What became of a promise."""

    KEPT = "kept"
    MISSED = "missed"
    NO_TIME = N_("no time is published")
    REPLACED = N_("replaced by a newer promise before it fell due")
    OVER = N_("the case was over before it fell due")
    NOT_DUE = N_("not due yet")
    MERGED = N_("the case went on in another one")


JUDGED = frozenset({Outcome.KEPT, Outcome.MISSED})


@dataclass(frozen=True, slots=True)
class Made:
    """One row of the ledger."""

    clock: str
    priority: str
    made_at: datetime
    starts_at: datetime | None
    due_at: datetime | None
    target: str = ""
    policy_version_id: int = 0


@dataclass(frozen=True)
class Life:
    """What is needed of one case: its promises by clock in the order in which they were made, when
    we answered (by clock), and when it was over.
    """

    promises: Mapping[str, Sequence[Made]]
    answers: Mapping[str, Sequence[datetime]]
    ends: Sequence[datetime] = ()
    is_merged: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A promise, what became of it, and the answer that it was judged by."""

    made: Made
    outcome: Outcome
    answered_at: datetime | None = None


@dataclass
class Figures:
    """The promises about one clock at one priority. `seconds` is the support time that each answer
    took.
    """

    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    seconds: list[float] = field(default_factory=list)

    @property
    def judged(self) -> int:
        return sum(self.counts[outcome] for outcome in JUDGED)

    @property
    def is_shown(self) -> bool:
        """Whether there are enough of them to say anything."""
        return self.judged >= FEWEST

    @property
    def share(self) -> float:
        return self.counts[Outcome.KEPT] / self.judged if self.judged else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.counts[Outcome.KEPT], self.judged)

    @property
    def median(self) -> float | None:
        return self._cut(50)

    @property
    def ninetieth(self) -> float | None:
        """Nine of ten answers took no longer, in seconds of support time."""
        return self._cut(90)

    @property
    def left_out(self) -> dict[Outcome, int]:
        """How many were not judged, by reason."""
        return {o: n for o, n in self.counts.items() if n and o not in JUDGED}

    def _cut(self, percent: int) -> float | None:
        if len(self.seconds) < 2:
            return self.seconds[0] if self.seconds else None
        return quantiles(self.seconds, n=100, method="inclusive")[percent - 1]


def judge(life: Life, *, now: datetime) -> Iterable[Judged]:
    """Every promise of a case with what became of it."""
    for clock, rows in life.promises.items():
        answers = life.answers.get(clock, ())
        for place, made in enumerate(rows):
            following = rows[place + 1].made_at if place + 1 < len(rows) else None
            yield _judged(made, following, answers, life, now)


def _judged(
    made: Made,
    following: datetime | None,
    answers: Sequence[datetime],
    life: Life,
    now: datetime,
) -> Judged:
    if made.due_at is None:
        return Judged(made, Outcome.NO_TIME)
    answered = _first_after(answers, made.made_at)
    if answered is not None and (following is None or answered <= following):
        kept = answered <= made.due_at
        return Judged(made, Outcome.KEPT if kept else Outcome.MISSED, answered)
    until = min(each for each in (following, made.due_at) if each is not None)
    ended = _first_after(life.ends, made.made_at)
    if ended is not None and ended <= until:
        return Judged(made, Outcome.OVER)
    if following is not None and following <= made.due_at:
        return Judged(made, Outcome.REPLACED)
    if life.is_merged:
        return Judged(made, Outcome.MERGED)
    return Judged(made, Outcome.MISSED if now > made.due_at else Outcome.NOT_DUE)


def _first_after(instants: Sequence[datetime], moment: datetime) -> datetime | None:
    place = bisect_left(instants, moment)
    return instants[place] if place < len(instants) else None
