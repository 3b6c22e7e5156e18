"""A case is put under the version of the policy in force now, on purpose, one by one.

What was promised stays on record; the customer reads which dates moved, and by which version.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.rehearsing import Move, rehearse_case
from portal.cases.revision import check_revision, count_change
from portal.events import record
from portal.locale import gettext as _
from portal.people.person import Person


class NothingToRebaseError(ValueError):
    """The case runs under the version in force, or can't be put under it; the message says why."""


def rebase(
    db: Session, *, case: Case, by: Person, now: datetime, revision: int | None = None
) -> tuple[Move, ...]:
    """Count the clocks that still run by the version in force now; what moved.

    Raises NothingToRebaseError, IllegalMoveError (the case is over), ChangedMeanwhileError.
    """
    check_revision(case, revision)
    case.must_be_open()
    policy = clocks.policy_for_change(db, case, now=now)
    before = case.policy_version.version
    if policy.version == before:
        raise NothingToRebaseError(
            _(
                "%(case)s runs under version %(version)s already.",
                case=case.reference,
                version=before,
            )
        )
    rehearsed = rehearse_case(db, case, now=now)
    if rehearsed.refusal:
        raise NothingToRebaseError(rehearsed.refusal)
    count_change(case, now=now)
    record(
        db,
        Happening.REBASED,
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        case_id=case.id,
        before=before,
        after=policy.version,
        changes=[_change(move) for move in rehearsed.moves],
    )
    clocks.refresh(db, case=case, now=now)
    return rehearsed.moves


def _change(move: Move) -> dict[str, Any]:
    return {
        "clock": move.clock,
        "before": move.before.due_at.isoformat() if move.before.due_at else None,
        "after": move.after.due_at.isoformat() if move.after.due_at else None,
        "more_seconds": move.more_seconds,
        "after_state": move.after.state,
    }
