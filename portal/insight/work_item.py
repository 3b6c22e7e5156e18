"""What writers have to do, kept item by item, so that one can be dismissed, and is told when done.

An item is found in what readers did (portal.insight.findings), stays while it is true, and closes
by itself. `words` are the normal forms of the questions that it stands for.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, stored_by_value
from portal.insight.said import Said, read_said
from portal.knowledge.article import Article


class WorkList(StrEnum):
    """Why something is to be done, the most useful first."""

    FAILED = "failed"
    UNOPENED = "unopened"
    FILED = "filed"
    NOT_HELPING = "not_helping"
    SHOWN = "shown"
    OVERDUE = "overdue"
    HELP_KEY = "help_key"
    TRANSLATION = "translation"


class WorkState(StrEnum):
    """Whether there is something to do; `dismissed` was put aside by a writer, with a reason."""

    OPEN = "open"
    DONE = "done"
    DISMISSED = "dismissed"


class ItemClosedError(Exception):
    """The item is done or dismissed already."""


class WorkItem(Base):
    """Something to do. `recent` of the `count` fell in the last thirty days, `before` in the thirty
    before them. Once closed, the counts stay as they were, and `outcome` says what closed it, or
    why it was dismissed, in the writer's own words; `answer_id` names the article that answers now.
    `notes` and `outcome` are sentences with values (portal.insight.said).
    """

    __tablename__ = "work_item"
    __table_args__ = (Index("ix_work_item_state_kind", "state", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[WorkList] = mapped_column(stored_by_value(WorkList))
    state: Mapped[WorkState] = mapped_column(stored_by_value(WorkState), default=WorkState.OPEN)
    text: Mapped[str]
    words: Mapped[list[str]] = mapped_column(JSON, default=list)
    notes: Mapped[list[dict[str, Any] | str]] = mapped_column(JSON, default=list)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("article_version.id"))
    count: Mapped[int]
    recent: Mapped[int]
    before: Mapped[int]
    last_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    outcome_values: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))

    article: Mapped[Article | None] = relationship(foreign_keys=[article_id])
    answer: Mapped[Article | None] = relationship(foreign_keys=[answer_id])

    @property
    def said_notes(self) -> list[str]:
        """What is to be known beside its counts, in the language that is spoken."""
        return [str(read_said(note)) for note in self.notes]

    @property
    def said_outcome(self) -> str:
        """What closed it, in the language that is spoken, or why it was dismissed."""
        values = self.outcome_values
        return self.outcome if values is None else str(Said(self.outcome, values))

    def close(
        self,
        state: WorkState,
        *,
        outcome: Said | str,
        now: datetime,
        by: str = "",
        answer_id: int | None = None,
    ) -> None:
        """Nothing is to be done any more. Raises ItemClosedError."""
        if self.state is not WorkState.OPEN:
            raise ItemClosedError(self.text)
        self.state, self.closed_at, self.closed_by = state, now, by
        said = outcome if isinstance(outcome, Said) else None
        self.outcome = said.words if said else str(outcome)
        self.outcome_values = said.values if said else None
        self.answer_id = answer_id

    def open_again(self, *, now: datetime) -> None:
        """There is something to do after all."""
        self.state, self.opened_at, self.closed_at = WorkState.OPEN, now, None
        self.closed_by, self.outcome, self.outcome_values, self.answer_id = "", "", None, None
