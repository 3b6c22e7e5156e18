"""What an article or category and its file were when both said the same: the base of every
comparison.
"""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base

EARLIER = ""


class ArticleSource(Base):
    """The last common version of an article and a file in one folder, the `source`.

    `file_hash` is the file with its images, "" when it must be read again; `article_hash` is what
    the portal held, "" when that isn't known: an import of release 0.1 (source EARLIER).
    """

    __tablename__ = "article_source"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    source: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    file_hash: Mapped[str]
    article_hash: Mapped[str]
    at: Mapped[datetime]


class CategorySource(Base):
    """What a category and its file in one folder, the `source`, last said in common.

    The fingerprint is of what the file says, not of its bytes: how it is written is its own.
    """

    __tablename__ = "category_source"

    category_id: Mapped[int] = mapped_column(
        ForeignKey("category.id", ondelete="CASCADE"), primary_key=True
    )
    source: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    at: Mapped[datetime]
