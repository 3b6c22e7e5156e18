"""Whose turn it was, from receipt to now: the time of each side adds up to the case's age.

The rule: every second belongs to exactly one side. Waiting that ends in a solution was waiting all
the same, and confirming a solution is the customer's turn.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.case import Case, CaseStatus
from portal.cases.happenings import Happening
from portal.events import Event


class Side(StrEnum):
    """Whose turn it can be. `NOBODY` is an agreed pause, `OVER` a case that is closed."""

    US = "us"
    CUSTOMER = "customer"
    THIRD_PARTY = "third party"
    NOBODY = "nobody"
    OVER = "over"


@dataclass(frozen=True)
class Stretch:
    """Time during which it was one side's turn. `because` goes on from "Waiting for"; `party`
    names the third party. The last stretch has no end.
    """

    side: Side
    starts: datetime
    ends: datetime | None
    status: CaseStatus
    because: str = ""
    party: str = ""


MOVES = (
    Happening.NUMBER_GIVEN,
    Happening.CONTRACT_REFUSED,
    Happening.WORK_STARTED,
    Happening.WAITING_STARTED,
    Happening.WAITING_ENDED,
    Happening.SOLVED,
    Happening.CLOSED,
    Happening.REOPENED,
)
_SIDES = {
    CaseStatus.WAITING: Side.CUSTOMER,
    CaseStatus.SOLVED: Side.CUSTOMER,
    CaseStatus.CLOSED: Side.OVER,
}


def stretches(db: Session, case: Case, *, events: Sequence[Event] | None = None) -> list[Stretch]:
    """Every stretch from receipt on, without a gap, in order; whoever has read the case's events
    already gives them along.
    """
    if events is not None:
        moves = [(e.at, e.detail) for e in events if e.case_id == case.id and e.kind in MOVES]
        return list(stretches_from(case.opened_at, moves))
    query = (
        select(Event.at, Event.detail)
        .where(Event.case_id == case.id, Event.kind.in_(MOVES))
        .order_by(Event.id)
    )
    return list(stretches_from(case.opened_at, ((at, detail) for at, detail in db.execute(query))))


def shares(found: Iterable[Stretch], *, now: datetime) -> dict[Side, timedelta]:
    """How long it was each side's turn, until `now`; sides whose turn it never was are left out.

    The sum of all is the time since receipt. What a clock that was set back leaves open has no
    length.
    """
    total: dict[Side, timedelta] = {}
    for stretch in found:
        length = max((stretch.ends or now) - stretch.starts, timedelta())
        if length:
            total[stretch.side] = total.get(stretch.side, timedelta()) + length
    return total


def stretches_from(
    opened_at: datetime, moves: Iterable[tuple[datetime, dict[str, Any]]]
) -> Iterator[Stretch]:
    """The same from the moves that were read already: when, and what the event said."""
    turns: list[tuple[datetime, dict[str, Any]]] = [(opened_at, {"after": CaseStatus.RECEIVED})]
    for at, detail in moves:
        turns.append((max(at, turns[-1][0]), detail))
    for (starts, detail), (ends, _) in pairwise(turns):
        yield _stretch(starts, ends, detail)
    yield _stretch(turns[-1][0], None, turns[-1][1])


def _stretch(starts: datetime, ends: datetime | None, detail: dict[str, Any]) -> Stretch:
    status = CaseStatus(detail["after"])
    side = Side(detail["turn"]) if "turn" in detail else _SIDES.get(status, Side.US)
    return Stretch(side, starts, ends, status, detail.get("words", ""), detail.get("party", ""))
