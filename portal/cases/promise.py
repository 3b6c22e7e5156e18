"""What was promised, when, by which rule: rows are added, never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Row, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from portal.cases.case import Case
from portal.database import Base


class Promise(Base):
    """One promise about one clock (first_response, next_update, escalation, resolution).

    `due_at` is None where the policy states words but no time; `words` then holds them. `reasons`
    are the codes of the explanation, `ledger` the counted and skipped spans from filing to due:
    long, and a record for whoever checks, so they are only read when asked for.
    """

    __tablename__ = "promise"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    made_at: Mapped[datetime]
    clock: Mapped[str]
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    priority: Mapped[str]
    rule: Mapped[str]
    starts_at: Mapped[datetime | None]
    target: Mapped[str]
    due_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(default="")
    basis: Mapped[str]
    strength: Mapped[str] = mapped_column(default="")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True)
    ledger: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True)

    case: Mapped[Case] = relationship(back_populates="promises")


Made = Row[str, datetime, datetime | None, str]
"""What was promised: the clock, when, by when, and under which priority."""

_MADE = (
    select(Promise.clock, Promise.made_at, Promise.due_at, Promise.priority)
    .where(Promise.case_id == bindparam("case_id"))
    .order_by(Promise.id)
)


def promises_made(db: Session, case: Case) -> Sequence[Made]:
    """Everything that was ever promised for a case, in order, to be read and not changed."""
    return db.execute(_MADE, {"case_id": case.id}).all()
