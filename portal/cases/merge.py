"""A duplicate that goes on in another case: what has to be known to follow it, and to undo it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.case import Case, CaseStatus
from portal.database import Base, stored_by_value


class Merge(Base):
    """One merge, undone or not. Nothing is moved: messages, files and events stay where they were
    written, and are read together while the merge holds.

    The two event ids are its bounds: what happened on the survivor between them happened to the
    duplicate too. `survivor_status` is how the survivor stood at the merge. `new_followers` holds
    who follows the survivor only because of it.
    """

    __tablename__ = "case_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    duplicate_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    survivor_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    merged_at: Mapped[datetime]
    event_id: Mapped[int]
    status_before: Mapped[CaseStatus] = mapped_column(stored_by_value(CaseStatus))
    survivor_status: Mapped[CaseStatus] = mapped_column(stored_by_value(CaseStatus))
    new_followers: Mapped[list[Any]] = mapped_column(JSON, default=list)
    undone_at: Mapped[datetime | None]
    undone_event_id: Mapped[int | None]

    duplicate: Mapped[Case] = relationship(foreign_keys=[duplicate_id])
    survivor: Mapped[Case] = relationship(foreign_keys=[survivor_id])
