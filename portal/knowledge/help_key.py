"""Help keys: the names by which the organisation's software asks for help, so that a link in a
product never changes when an article moves.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.knowledge.article import Article


class HelpKey(Base):
    """A key and the article that it leads to, at `anchor` if there is one. `product` and `version`
    are "" where it holds for all.
    """

    __tablename__ = "help_key"
    __table_args__ = (UniqueConstraint("key", "product", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    product: Mapped[str] = mapped_column(default="")
    version: Mapped[str] = mapped_column(default="")
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    anchor: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]

    article: Mapped[Article] = relationship()


class HelpKeyDay(Base):
    """How often a product asked for a key on a day (UTC), and how often without an article behind
    it.
    """

    __tablename__ = "help_key_day"

    key: Mapped[str] = mapped_column(primary_key=True)
    product: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    asked: Mapped[int] = mapped_column(default=0)
    missed: Mapped[int] = mapped_column(default=0)
