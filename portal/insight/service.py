"""How we serve, from the record alone: promises kept, cases that came back, how satisfied customers
are, and whose turn it was for how long. Of the cases that were opened in a time.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.cases.case import Case, CaseStatus, PolicyVersion
from portal.cases.happenings import Happening
from portal.cases.policies import read_or_none
from portal.cases.promise import Promise
from portal.cases.rating import Rating
from portal.cases.turns import MOVES, Side, shares, stretches_from
from portal.events import Event
from portal.insight.deflection import wilson
from portal.insight.kept import Figures, Judged, Life, Made, judge
from portal.policy.model import Policy

CLOCKS = ("first_response", "next_update")
_ANSWERS = {
    Happening.RESPONDED: ("first_response", "next_update"),
    Happening.WORK_STARTED: ("next_update",),
}
_ENDS = (Happening.SOLVED, Happening.CLOSED, Happening.CONTRACT_REFUSED)
_IN_CLOCK_TIME = ("minutes", "hours", "days", "minute", "hour", "day")


@dataclass
class Returned:
    """Of the cases that were solved or closed, how many were opened again."""

    ended: int = 0
    reopened: int = 0

    @property
    def share(self) -> float:
        return self.reopened / self.ended if self.ended else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.reopened, self.ended)


@dataclass
class Satisfaction:
    """How customers rated: `counts` by score, and how many could have."""

    counts: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(1, 6), 0))
    asked: int = 0

    @property
    def answered(self) -> int:
        return sum(self.counts.values())

    @property
    def satisfied(self) -> int:
        """Those who chose one of the two best answers."""
        return self.counts[4] + self.counts[5]

    @property
    def share(self) -> float:
        return self.satisfied / self.answered if self.answered else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.satisfied, self.answered)


@dataclass
class Service:
    """All figures of one time. Priorities and kinds go by their names."""

    cases: int
    promises: dict[tuple[str, str], Figures]
    by_priority: dict[str, Returned]
    by_kind: dict[str, Returned]
    satisfaction: Satisfaction
    turns: dict[Side, timedelta]

    @property
    def reopened(self) -> Returned:
        every = self.by_priority.values()
        return Returned(sum(r.ended for r in every), sum(r.reopened for r in every))


@dataclass(frozen=True)
class _Row:
    """What the figures need of a case."""

    id: int
    priority: str
    kind: str
    opened_at: datetime
    status: CaseStatus
    is_merged: bool
    policy_version_id: int


def service(db: Session, *, since: datetime, until: datetime, now: datetime) -> Service:
    """The figures of the cases opened from `since` on and before `until`."""
    chosen = select(Case.id).where(Case.opened_at >= since, Case.opened_at < until)
    cases = _rows(db, since, until)
    happened = _events(db, chosen)
    policies = _Policies(db)
    lives = _lives(db, chosen, cases, happened)
    promises: dict[tuple[str, str], Figures] = defaultdict(Figures)
    for life in lives:
        for judged in judge(life, now=now):
            found = promises[judged.made.clock, judged.made.priority]
            found.counts[judged.outcome] += 1
            if judged.answered_at is not None:
                found.seconds.append(policies.support_time(judged))
    ended = [row for row in cases if _has_ended(happened[row.id])]
    return Service(
        cases=len(cases),
        promises=dict(promises),
        by_priority=_returned(ended, happened, "priority"),
        by_kind=_returned(ended, happened, "kind"),
        satisfaction=_satisfaction(db, chosen, len(ended)),
        turns=_turns(cases, happened, now),
    )


@dataclass(frozen=True)
class _Happened:
    kind: str
    at: datetime
    detail: dict[str, object]


def _rows(db: Session, since: datetime, until: datetime) -> list[_Row]:
    query = select(
        Case.id,
        Case.priority,
        Case.request_kind,
        Case.opened_at,
        Case.status,
        Case.merged_into_id.is_not(None),
        Case.policy_version_id,
    ).where(Case.opened_at >= since, Case.opened_at < until)
    return [_Row(*row) for row in db.execute(query.order_by(Case.id))]


def _events(db: Session, chosen: Select[int]) -> dict[int, list[_Happened]]:
    kinds = {*_ANSWERS, *_ENDS, *MOVES, Happening.REOPENED}
    query = (
        select(Event.case_id, Event.kind, Event.at, Event.detail)
        .where(Event.case_id.in_(chosen), Event.kind.in_(kinds))
        .order_by(Event.id)
    )
    found: dict[int, list[_Happened]] = defaultdict(list)
    for case_id, kind, at, detail in db.execute(query):
        found[case_id].append(_Happened(kind, at, detail))
    return found


def _lives(
    db: Session,
    chosen: Select[int],
    cases: Iterable[_Row],
    happened: dict[int, list[_Happened]],
) -> Iterable[Life]:
    made: dict[int, dict[str, list[Made]]] = defaultdict(lambda: defaultdict(list))
    query = (
        select(
            Promise.case_id,
            Promise.clock,
            Promise.priority,
            Promise.made_at,
            Promise.starts_at,
            Promise.due_at,
            Promise.target,
            Promise.policy_version_id,
        )
        .where(Promise.case_id.in_(chosen), Promise.clock.in_(CLOCKS))
        .order_by(Promise.id)
    )
    for row in db.execute(query):
        case_id, *told = row
        one = _made(told)
        made[case_id][one.clock].append(one)
    for case in cases:
        answers: dict[str, list[datetime]] = {clock: [] for clock in CLOCKS}
        for each in happened[case.id]:
            for clock in _ANSWERS.get(Happening(each.kind), ()):
                answers[clock].append(each.at)
        ends = [each.at for each in happened[case.id] if each.kind in _ENDS]
        yield Life(made[case.id], answers, ends, case.is_merged)


def _made(told: Sequence[Any]) -> Made:
    return Made(*told)


class _Policies:
    """The hours behind each promise, read once for each version."""

    def __init__(self, db: Session) -> None:
        versions = db.scalars(select(PolicyVersion)).all()
        self._known: dict[int, Policy | None] = {v.id: read_or_none(v) for v in versions}

    def support_time(self, judged: Judged) -> float:
        """Seconds from the start of the clock to the answer, of the kind that was promised."""
        made, answered = judged.made, judged.answered_at
        starts = made.starts_at or made.made_at
        if answered is None or answered <= starts:
            return 0.0
        policy = self._known.get(made.policy_version_id)
        is_clock_time = made.target.partition(" ")[2].split(",")[0] in _IN_CLOCK_TIME
        if policy is None or is_clock_time or not policy.has_priority(made.priority):
            return (answered - starts).total_seconds()
        hours = policy.calendar(policy.priority(made.priority).hours)
        return float(hours.between(starts, answered))


def _has_ended(happened: Iterable[_Happened]) -> bool:
    return any(each.kind in _ENDS for each in happened)


def _returned(
    ended: Iterable[_Row], happened: dict[int, list[_Happened]], by: str
) -> dict[str, Returned]:
    found: dict[str, Returned] = defaultdict(Returned)
    for row in ended:
        counts = found[getattr(row, by)]
        counts.ended += 1
        counts.reopened += any(e.kind == Happening.REOPENED for e in happened[row.id])
    return dict(sorted(found.items()))


def _satisfaction(db: Session, chosen: Select[int], asked: int) -> Satisfaction:
    found = Satisfaction(asked=asked)
    for score in db.scalars(select(Rating.score).where(Rating.case_id.in_(chosen))):
        found.counts[score] += 1
    return found


def _turns(
    cases: Sequence[_Row], happened: dict[int, list[_Happened]], now: datetime
) -> dict[Side, timedelta]:
    """How long it was each side's turn, over all cases; closed time is nobody's."""
    total: dict[Side, timedelta] = defaultdict(timedelta)
    for row in cases:
        moves = [(each.at, each.kind, each.detail) for each in happened[row.id]]
        for side, length in shares(stretches_from(row.opened_at, moves), now=now).items():
            if side is not Side.OVER:
                total[side] += length
    return dict(total)
