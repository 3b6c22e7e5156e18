"""What would a change of policy move? Every open case is asked before anything happens.

The dates come from the very function that makes promises; nothing is stored, nothing moves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.cases import clocks
from portal.cases.case import Case, CaseStatus, PolicyVersion
from portal.locale import gettext as _
from portal.locale import ngettext
from portal.policy.evaluation import ClockState, Evaluation
from portal.policy.model import Policy
from portal.policy.moments import length_text
from portal.policy.problems import PolicyRefusal
from portal.policy.words import ClockName

MOST_SHOWN = 200
_DAY = 86_400


@dataclass(frozen=True)
class Move:
    """One clock of a case: what is promised now, and what would be."""

    clock: ClockName
    before: ClockState
    after: ClockState

    @property
    def words(self) -> str:
        """By how much, in words."""
        if self.before.due_at and self.after.due_at:
            return _by(int((self.after.due_at - self.before.due_at).total_seconds()))
        return difference(self.more_seconds, self.after.state)

    @property
    def more_seconds(self) -> int | None:
        """How much more time is left than was, of a clock that stands still."""
        before, after = _left(self.before), _left(self.after)
        return after - before if before is not None and after is not None else None


@dataclass(frozen=True)
class Rehearsed:
    """What a change would do to one case; `refusal` says why it can't be re-based."""

    case: Case
    moves: tuple[Move, ...] = ()
    refusal: str = ""


@dataclass(frozen=True)
class Rehearsal:
    """What a change would do to all open cases that run under another version."""

    moved: tuple[Rehearsed, ...]
    refused: tuple[Rehearsed, ...]
    unmoved: int

    @property
    def shown(self) -> tuple[Rehearsed, ...]:
        return self.moved[:MOST_SHOWN]


def rehearse(db: Session, *, policy: Policy, now: datetime, is_draft: bool) -> Rehearsal:
    """Ask every open case of this policy what re-basing it now would move.

    A draft is asked about as if it had just taken effect; otherwise the version in force is meant.
    """
    draft = policy if is_draft else None
    found = [
        rehearse_case(db, case, now=now, draft=draft)
        for case in _open_cases(db, policy)
        if is_draft or case.policy_version.version != policy.version
    ]
    return Rehearsal(
        moved=tuple(each for each in found if each.moves),
        refused=tuple(each for each in found if each.refusal),
        unmoved=sum(not each.moves and not each.refusal for each in found),
    )


def rehearse_case(
    db: Session, case: Case, *, now: datetime, draft: Policy | None = None
) -> Rehearsed:
    """What re-basing would do to one case."""
    try:
        before = clocks.evaluation_of(db, case)
        after = clocks.evaluation_if_rebased(db, case, now=now, draft=draft)
    except PolicyRefusal as refusal:
        return Rehearsed(case, refusal=refusal.message)
    return Rehearsed(case, moves_between(before, after))


def moves_between(before: Evaluation, after: Evaluation) -> tuple[Move, ...]:
    """The clocks whose date, or whose time left while stopped, differs."""
    pairs = zip(before.clocks, after.clocks, strict=True)
    return tuple(Move(old.clock, old, new) for old, new in pairs if _date(old) != _date(new))


def _open_cases(db: Session, policy: Policy) -> Iterable[Case]:
    query = (
        select(Case)
        .join(Case.policy_version)
        .where(
            PolicyVersion.policy_id == policy.id,
            Case.status.not_in((CaseStatus.SOLVED, CaseStatus.CLOSED)),
        )
        .options(joinedload(Case.policy_version))
        .order_by(Case.next_due_at.is_(None), Case.next_due_at, Case.id)
    )
    return db.scalars(query).all()


def _date(clock: ClockState) -> tuple[datetime | None, int | None]:
    return clock.due_at, _left(clock)


def _left(clock: ClockState) -> int | None:
    return clock.remaining_seconds


def _by(seconds: int) -> str:
    length = _length(abs(seconds))
    if seconds > 0:
        return _("%(length)s later", length=length)
    return _("%(length)s earlier", length=length)


def difference(more_seconds: int | None, after_state: str) -> str:
    """What changes for a clock without a date, before and after."""
    if more_seconds is not None:
        length = _length(abs(more_seconds))
        if more_seconds > 0:
            return _("%(length)s more once the customer answers", length=length)
        return _("%(length)s less once the customer answers", length=length)
    if after_state == "no_promise":
        return _("no time is promised any more")
    return _("a time is promised that was not")


def _length(seconds: int) -> str:
    days, rest = divmod(seconds, _DAY)
    parts = [ngettext("%(number)s day", "%(number)s days", days)] * bool(days)
    parts += [length_text(rest)] * bool(rest or not days)
    return " ".join(parts)
