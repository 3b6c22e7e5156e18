"""One change for many cases: each is changed by the same act as on its own page, or refused.

What was refused is named with its reason, and the whole can be undone for some minutes, except
where somebody went on with a case since.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import closing, given_reasons, reopening, waiting
from portal.cases.assigning import StaysAssignedError, assign
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.reopening import FollowUpNeededError
from portal.cases.revision import ChangedMeanwhileError, check_revision
from portal.cases.routing import hand_to_team
from portal.cases.standstill import USUAL, Patience
from portal.cases.words import STAFF_STATUS_WORDS
from portal.desk.bulk_change import BulkChange
from portal.locale import N_, ngettext
from portal.locale import gettext as _
from portal.people.person import Person
from portal.people.queries import find_person
from portal.people.team import Team

MOST_AT_ONCE = 100
MOVES = (CaseStatus.IN_PROGRESS, CaseStatus.SOLVED, CaseStatus.CLOSED)
_REFUSALS = (IllegalMoveError, FollowUpNeededError, ChangedMeanwhileError, StaysAssignedError)
_GONE_ON = N_("Somebody changed it meanwhile. Look at it first.")


class UndoTooLateError(Exception):
    """The time for undoing is over, or it was undone already."""


@dataclass(frozen=True)
class HandOver:
    """Give the cases to somebody, or to nobody."""

    to: Person | None
    reason: str = ""

    kind = "assignment"
    minds_changes = False
    """Whatever else happened to a case, only its assignee is overwritten."""

    def summary(self, count: int) -> str:
        if self.to is None:
            return ngettext(
                "%(number)s case assigned to nobody", "%(number)s cases assigned to nobody", count
            )
        return ngettext(
            "%(number)s case assigned to %(name)s",
            "%(number)s cases assigned to %(name)s",
            count,
            name=self.to.name,
        )

    def before(self, case: Case) -> Any:
        return case.assignee_id

    def make(self, db: Session, case: Case, *, by: Person, now: datetime) -> bool:
        if case.assignee_id == (self.to.id if self.to else None):
            return False
        assign(db, case=case, assignee=self.to, by=by, now=now, reason=self.reason)
        return True


@dataclass(frozen=True)
class ToTeam:
    """Put the cases into a team's queue."""

    to: Team | None
    reason: str = ""

    kind = "team"
    minds_changes = False

    def summary(self, count: int) -> str:
        if self.to is None:
            return ngettext(
                "%(number)s case taken from their team",
                "%(number)s cases taken from their team",
                count,
            )
        return ngettext(
            "%(number)s case handed to %(name)s",
            "%(number)s cases handed to %(name)s",
            count,
            name=self.to.name,
        )

    def before(self, case: Case) -> Any:
        return case.team_id

    def make(self, db: Session, case: Case, *, by: Person, now: datetime) -> bool:
        if case.team_id == (self.to.id if self.to else None):
            return False
        if self.to is None:
            raise IllegalMoveError(f"{case.reference} has a team")
        hand_to_team(db, case=case, team=self.to, by=by, now=now, reason=self.reason)
        return True


@dataclass(frozen=True)
class Move:
    """Change the status, where the case allows it."""

    to: CaseStatus
    reason: str = ""
    reopen_days: int = 14
    patience: Patience = USUAL

    kind = "status"
    minds_changes = True

    def summary(self, count: int) -> str:
        return ngettext(
            "%(number)s case changed to “%(status)s”",
            "%(number)s cases changed to “%(status)s”",
            count,
            status=_(STAFF_STATUS_WORDS[self.to]),
        )

    def before(self, case: Case) -> Any:
        return case.status.value

    def make(self, db: Session, case: Case, *, by: Person, now: datetime) -> bool:
        if case.status is self.to:
            return False
        _moves(db, case, self)[self.to](by=by, now=now)
        return True


Change = HandOver | ToTeam | Move


def change_many(
    db: Session, *, cases: Sequence[tuple[Case, int]], change: Change, by: Person, now: datetime
) -> BulkChange:
    """Change each case, given with the revision in which it was shown. One that stands so already
    is left alone without a word.
    """
    done: list[dict[str, Any]] = []
    refused: list[dict[str, str]] = []
    for case, shown in cases:
        before = change.before(case)
        try:
            check_revision(case, shown if change.minds_changes else None)
            if change.make(db, case, by=by, now=now):
                done.append(_changed(case, before))
        except _REFUSALS as error:
            refused.append({"reference": case.reference, "why": _why(error, case, change)})
    made = BulkChange(
        public_id=secrets.token_urlsafe(9),
        by_id=by.id,
        kind=change.kind,
        summary=change.summary(len(done)),
        done=done,
        refused=refused,
        at=now,
    )
    db.add(made)
    db.flush()
    return made


def undo(
    db: Session, *, made: BulkChange, by: Person, now: datetime, reopen_days: int = 14
) -> tuple[int, list[dict[str, str]]]:
    """Put the cases back: how many, and which could not be put back and why.

    Raises UndoTooLateError.
    """
    if not made.may_be_undone(now):
        raise UndoTooLateError(made.public_id)
    cases = {case.id: case for case in _locked(db, [each["case_id"] for each in made.done])}
    undone, refused = 0, []
    for each in made.done:
        case = cases[each["case_id"]]
        back = _back(db, made.kind, each["before"], reopen_days)
        try:
            check_revision(case, each["revision"])
            back.make(db, case, by=by, now=now)
            undone += 1
        except _REFUSALS as error:
            refused.append({"reference": case.reference, "why": _why(error, case, back)})
    made.undone_at = now
    db.flush()
    return undone, refused


def find_change(db: Session, public_id: str, *, by: Person) -> BulkChange | None:
    """A change that this person made."""
    query = select(BulkChange).where(BulkChange.public_id == public_id, BulkChange.by_id == by.id)
    return db.scalar(query)


def _locked(db: Session, ids: Sequence[int]) -> Sequence[Case]:
    return db.scalars(select(Case).where(Case.id.in_(ids)).with_for_update(of=Case)).all()


def _back(db: Session, kind: str, before: Any, reopen_days: int) -> Change:
    reason = given_reasons.UNDONE
    if kind == Move.kind:
        return Move(CaseStatus(before), reason, reopen_days)
    if kind == ToTeam.kind:
        return ToTeam(db.get(Team, before) if before is not None else None, reason)
    return HandOver(find_person(db, before) if before is not None else None, reason)


def _moves(db: Session, case: Case, move: Move) -> dict[CaseStatus, Callable[..., None]]:
    reason, days = move.reason, move.reopen_days

    def go_on(**common: Any) -> None:
        if not case.is_open:
            reopening.reopen(db, case=case, reason=reason, reopen_days=days, **common)
        elif case.status in {CaseStatus.WAITING, CaseStatus.PAUSED}:
            waiting.resume(db, case=case, **common)
        else:
            waiting.start_work(db, case=case, **common)

    def refuse(**_common: Any) -> None:
        raise IllegalMoveError(f"{case.reference} can't go back to {move.to}")

    possible: dict[CaseStatus, Callable[..., None]] = dict.fromkeys(CaseStatus, refuse)
    return possible | {
        CaseStatus.IN_PROGRESS: go_on,
        CaseStatus.SOLVED: lambda **given: closing.solve(
            db, case=case, resolution=reason, patience=move.patience, **given
        ),
        CaseStatus.CLOSED: lambda **given: closing.close(db, case=case, reason=reason, **given),
    }


def _changed(case: Case, before: Any) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "reference": case.reference,
        "before": before,
        "revision": case.revision,
    }


def _why(error: Exception, case: Case, change: Change) -> str:
    if isinstance(error, ChangedMeanwhileError):
        return _(_GONE_ON)
    if isinstance(error, StaysAssignedError):
        return str(error)
    if isinstance(error, FollowUpNeededError):
        return _("It was closed too long ago to open again.")
    status = _(STAFF_STATUS_WORDS[case.status])
    if isinstance(change, Move):
        wanted = _(STAFF_STATUS_WORDS[change.to])
        return _(
            "A case that is “%(status)s” can’t become “%(wanted)s”.", status=status, wanted=wanted
        )
    if change.to:
        return _("A case that is “%(status)s” can’t be handed over.", status=status)
    return _("It was in no team’s queue before.")
