"""A case moves from status to status: the case allows it, the record keeps it, clocks follow."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NotRequired, TypedDict

from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.case import Case, CaseStatus
from portal.cases.happenings import Happening
from portal.cases.revision import check_revision, count_change
from portal.cases.standstill import NONE, Standstill
from portal.events import record
from portal.people.person import Person


class Acting(TypedDict):
    """Who does something to a case and when; `by` is None for the clock and for somebody who came
    by a secret link (`by_name`). `revision` is the one that the form was shown with.
    """

    by: Person | None
    now: datetime
    by_name: NotRequired[str]
    revision: NotRequired[int | None]


def move(
    db: Session,
    *,
    case: Case,
    to: CaseStatus,
    happening: Happening,
    acting: Acting,
    only_from: Collection[CaseStatus] = tuple(CaseStatus),
    standstill: Standstill = NONE,
    **detail: Any,
) -> None:
    """Raises IllegalMoveError when the move makes no sense from where the case stands, and
    ChangedMeanwhileError when somebody was faster; then nothing has changed.
    """
    check_revision(case, acting.get("revision"))
    case.must_be(*only_from)
    now, before = acting["now"], case.status
    case.move_to(to, now=now, standstill=standstill)
    count_change(case, now=now)
    told(db, happening, case=case, acting=acting, before=before.value, after=to.value, **detail)
    clocks.refresh(db, case=case, now=now)


def told(db: Session, happening: Happening, *, case: Case, acting: Acting, **detail: Any) -> None:
    """Keep on record what somebody did to a case."""
    by = acting["by"]
    record(
        db,
        happening,
        now=acting["now"],
        actor_id=by.id if by else None,
        actor_name=by.name if by else acting.get("by_name", ""),
        case_id=case.id,
        **detail,
    )
