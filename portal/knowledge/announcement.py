"""News: a release article that is told to the customers it concerns, and what contacts asked to
hear of.
"""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.knowledge.article import Article, Category


class Announcement(Base):
    """An article that is told once. `plans` are the plans of contract that it is for, none for all;
    `announced_at` is None while it waits for the article to be published; `all_told_at` is when the
    worker had told everybody.
    """

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), unique=True)
    plans: Mapped[list[str]] = mapped_column(JSON, default=list)
    announced_at: Mapped[datetime | None]
    announced_by: Mapped[str] = mapped_column(default="")
    all_told_at: Mapped[datetime | None] = mapped_column(index=True)

    article: Mapped[Article] = relationship()


class AnnouncementTold(Base):
    """Who has been told, written in the transaction of their mail: nobody is told twice."""

    __tablename__ = "announcement_told"

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    told_at: Mapped[datetime]


class NewsSubscription(Base):
    """A contact wants news of a product, or of a category and all within it; one of the two."""

    __tablename__ = "news_subscription"
    __table_args__ = (Index("ix_news_subscription_person_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    product: Mapped[str] = mapped_column(default="")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    made_at: Mapped[datetime]

    category: Mapped[Category | None] = relationship()
