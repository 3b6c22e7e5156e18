"""How much mail somebody wants: about one case, or about all; at once, once a day, or none."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, stored_by_value


class Wish(StrEnum):
    """When news are mailed."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


class MailChoice(Base):
    """What the reader of `address` wishes. `scope` is "" for everything, the receipt of one case,
    or for staff the kind of a notice.
    """

    __tablename__ = "mail_choice"

    address: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    wish: Mapped[Wish] = mapped_column(stored_by_value(Wish))
    made_at: Mapped[datetime]


class DigestEntry(Base):
    """One piece of news that waits for the daily mail to `address`."""

    __tablename__ = "digest_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    words: Mapped[str]
    happened_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)


class OverdueTold(Base):
    """Whom a mail told that the check of an article was due on a day, written in the transaction
    of that mail: each owner hears of each article and day once.
    """

    __tablename__ = "overdue_told"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    due_on: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    told_at: Mapped[datetime]


class NewsEntry(Base):
    """An announced article, or a known issue that is fixed, which waits for the morning mail to a
    person; one of the two.
    """

    __tablename__ = "news_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    known_issue_id: Mapped[int | None] = mapped_column(ForeignKey("known_issue.id"))
    due_at: Mapped[datetime] = mapped_column(index=True)
