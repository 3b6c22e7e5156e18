"""What signed-in customers say below an article, once a writer lets it be read."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, stored_by_value
from portal.knowledge.article import Article
from portal.locale import gettext as _
from portal.people.person import Person


class CommentState(StrEnum):
    """Held until a writer has read it, shown to whoever reads the article, or removed for good."""

    HELD = "held"
    SHOWN = "shown"
    REMOVED = "removed"


class Comment(Base):
    """A comment is plain text. `reported_at` is when a reader last said that it should not stand
    there; a writer's decision takes that back.
    """

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_article_id_state", "article_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    body: Mapped[str]
    state: Mapped[CommentState] = mapped_column(stored_by_value(CommentState))
    written_at: Mapped[datetime]
    reported_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")

    article: Mapped[Article] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def said_by(self) -> str:
        """Whose words they are, as everybody may read it: no customer is named in full."""
        if self.person.is_staff:
            return _("%(name)s, support", name=self.person.name)
        first, *others = self.person.name.split() or [_("Somebody")]
        return f"{first} {others[-1][0]}." if others else first
