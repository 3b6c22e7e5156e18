"""One change of many cases: what was done, what was refused and why, and whether it was undone."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base

UNDO_WITHIN = timedelta(minutes=10)


class BulkChange(Base):
    """`done` holds {"case_id", "reference", "before", "revision"} of each case that was changed,
    `revision` being what the change left; `refused` holds {"reference", "why"}. `summary` is
    what was done, in words.
    """

    __tablename__ = "bulk_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    summary: Mapped[str]
    done: Mapped[list[dict[str, Any]]]
    refused: Mapped[list[dict[str, Any]]]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    @property
    def undo_until(self) -> datetime:
        return self.at + UNDO_WITHIN

    def may_be_undone(self, now: datetime) -> bool:
        return bool(self.done) and self.undone_at is None and now < self.undo_until
