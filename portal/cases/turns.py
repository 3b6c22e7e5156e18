"""Whose turn it was, from receipt to now: the time of each side adds up to the case's age.

The rule: every second belongs to exactly one side. Waiting that ends in a solution was waiting all
the same, and confirming a solution is the customer's turn. A day that one side proposed is the
other side's turn until they say a word on it.
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
    Happening.SCHEDULE_PROPOSED,
    Happening.SCHEDULE_AGREED,
    Happening.SCHEDULE_WITHDRAWN,
)
_SETTLED = {Happening.SCHEDULE_AGREED, Happening.SCHEDULE_WITHDRAWN}
Move = tuple[datetime, str, dict[str, Any]]
"""When, the kind of the event, and what it said."""
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
        moves = [(e.at, e.kind, e.detail) for e in events if e.case_id == case.id]
        return list(stretches_from(case.opened_at, moves))
    query = (
        select(Event.at, Event.kind, Event.detail)
        .where(Event.case_id == case.id, Event.kind.in_(MOVES))
        .order_by(Event.id)
    )
    return list(stretches_from(case.opened_at, (tuple(row) for row in db.execute(query))))


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


def stretches_from(opened_at: datetime, moves: Iterable[Move]) -> Iterator[Stretch]:
    """The same from the moves that were read already; other events among them don't matter."""
    turn = _Turn(opened_at, {"after": CaseStatus.RECEIVED})
    turns = [turn]
    for at, kind, detail in moves:
        if kind in MOVES:
            turn = turn.after(max(at, turn.starts), kind, detail)
            turns.append(turn)
    for one, following in pairwise(turns):
        yield one.stretch(following.starts)
    yield turn.stretch(None)


@dataclass(frozen=True)
class _Turn:
    """From when on, how the case `stands` (what its last move said), whom a proposed day asks."""

    starts: datetime
    stands: dict[str, Any]
    asked: Side | None = None

    def after(self, at: datetime, kind: str, detail: dict[str, Any]) -> "_Turn":
        if kind == Happening.SCHEDULE_PROPOSED:
            asked = Side.US if detail["by_customer"] else Side.CUSTOMER
            return _Turn(at, self.stands, asked)
        if kind in _SETTLED:
            return _Turn(at, self.stands)
        is_over = detail["after"] in {CaseStatus.SOLVED, CaseStatus.CLOSED}
        return _Turn(at, detail, None if is_over else self.asked)

    def stretch(self, ends: datetime | None) -> Stretch:
        status = CaseStatus(self.stands["after"])
        known = self.stands.get("turn")
        side = Side(known) if known else _SIDES.get(status, Side.US)
        if self.asked is not None and side is not Side.CUSTOMER:
            side = self.asked
        because, party = self.stands.get("words", ""), self.stands.get("party", "")
        return Stretch(side, self.starts, ends, status, because, party)
