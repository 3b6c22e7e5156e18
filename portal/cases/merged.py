"""Cases that were merged, read as one: whose messages, files and events belong to a case now.

Nothing was moved, so every answer follows from where the merges stand. An ordinary case (one that
is not `is_linked`) costs no question at all.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.cases.case import Case, CaseStatus
from portal.cases.happenings import Happening
from portal.cases.merge import Merge
from portal.events import Event

OVER = frozenset({CaseStatus.SOLVED, CaseStatus.CLOSED})
_STANDING_STILL = frozenset({CaseStatus.WAITING, CaseStatus.PAUSED})
_ENDS = frozenset({Happening.SOLVED, Happening.CLOSED, Happening.CONTRACT_REFUSED})
_ABSORBED = select(Case).where(Case.merged_into_id == bindparam("case_id")).order_by(Case.id)
_STAYS = select(Merge).where(Merge.duplicate_id == bindparam("case_id")).order_by(Merge.id)


@dataclass(frozen=True)
class Told:
    """One event that happened to a case; ids give the order in which things were written. It stands
    on `case_id`, None for what follows from a merge alone.
    """

    id: int
    kind: str
    at: datetime
    detail: dict[str, Any]
    case_id: int | None = None


def absorbed(db: Session, case: Case) -> Sequence[Case]:
    """The cases that go on in this one, be it through another."""
    return db.scalars(_ABSORBED, {"case_id": case.id}).all() if case.is_linked else ()


def together_ids(db: Session, case: Case) -> list[int]:
    """The ids of all cases that are read as this one."""
    return [case.id, *(each.id for each in absorbed(db, case))]


def known_as(db: Session, case: Case) -> set[str]:
    """Every number and receipt that leads to this case."""
    every = (case, *absorbed(db, case))
    return {name for each in every for name in (each.number, each.receipt) if name}


def standing_merge(db: Session, duplicate: Case) -> Merge | None:
    """The merge by which this case goes on elsewhere, while it holds."""
    query = select(Merge).where(Merge.duplicate_id == duplicate.id, Merge.undone_at.is_(None))
    return db.scalar(query)


def life_of(
    db: Session, case: Case, *, kinds: Collection[str], before: int | None = None
) -> list[Told]:
    """What happened to a case, wherever it was: what was done on the case that it was merged into
    was done for it too. Where it came and went, it waits if the other one waited. Only what came
    before the event with the id `before`, if that is given.
    """
    lived = _life(db, case.id, kinds, 0, before)
    return sorted((told for told in lived if told.kind in kinds), key=lambda told: told.id)


def _life(
    db: Session, case_id: int, kinds: Collection[str], after: int, before: int | None
) -> Iterator[Told]:
    """The events between two others; `before` is None for all that came since."""
    query = select(Event.id, Event.kind, Event.at, Event.detail, Event.case_id).where(
        Event.case_id == case_id, Event.kind.in_(kinds), Event.id > after
    )
    if before is not None:
        query = query.where(Event.id < before)
    for row in db.execute(query):
        yield Told(*row)
    for merge in db.scalars(_STAYS, {"case_id": case_id}).all():
        if merge.event_id > after and (before is None or merge.event_id < before):
            yield from _stay(db, merge, kinds, before)


def _stay(db: Session, merge: Merge, kinds: Collection[str], before: int | None) -> Iterator[Told]:
    """What a case lived through on the one that it was merged into."""
    ends = [event_id for event_id in (merge.undone_event_id, before) if event_id is not None]
    yield _turn(db, merge.survivor_id, merge.event_id, merge.survivor_status, merge.merged_at)
    lived = list(_life(db, merge.survivor_id, kinds, merge.event_id, min(ends, default=None)))
    yield from lived
    if merge.undone_event_id is None or merge.undone_at is None:
        return
    if _ended(lived) and merge.status_before not in OVER:
        yield Told(merge.undone_event_id, Happening.REOPENED, merge.undone_at, {})
    turned = merge.undone_event_id, merge.status_before, merge.undone_at
    yield _turn(db, merge.duplicate_id, *turned)


def _turn(db: Session, case_id: int, event_id: int, status: CaseStatus, at: datetime) -> Told:
    """From here on it is the turn of whoever has it on this case, with its pause."""
    if status not in _STANDING_STILL:
        return Told(event_id, Happening.WAITING_ENDED, at, {})
    pause = select(Event.detail).where(
        Event.case_id == case_id,
        Event.kind == Happening.WAITING_STARTED,
        Event.id < event_id,
    )
    detail = db.scalar(pause.order_by(Event.id.desc()).limit(1))
    return Told(event_id, Happening.WAITING_STARTED, at, detail or {})


def _ended(lived: list[Told]) -> bool:
    marks = [told.kind for told in sorted(lived, key=lambda told: told.id)]
    last = [kind for kind in marks if kind in _ENDS or kind == Happening.REOPENED]
    return bool(last) and last[-1] != Happening.REOPENED
