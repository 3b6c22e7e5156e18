"""An article is an identity; what readers see is one of its immutable versions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, stored_by_value
from portal.locale import gettext as _
from portal.people.organisation import Organisation


class Status(StrEnum):
    """Where an article stands between its first draft and its retirement."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Audience(StrEnum):
    """Who may read: anyone, signed-in people, chosen organisations, or staff only."""

    PUBLIC = "public"
    CUSTOMERS = "customers"
    ORGANISATIONS = "organisations"
    STAFF = "staff"


class ArticleType(StrEnum):
    """What kind of help it is (a reader's word for each stands in the templates)."""

    HOW_TO = "how-to"
    FAQ = "faq"
    PROBLEM = "problem"
    REFERENCE = "reference"
    MANUAL = "manual"
    TRAINING = "training"
    RELEASE = "release"


class Comments(StrEnum):
    """Whether customers may say something below an article: not at all, yes, or no more."""

    OFF = "off"
    OPEN = "open"
    CLOSED = "closed"


class RetirementRefusedError(Exception):
    """The article named as heir can't take over."""


class ForeignVersionError(ValueError):
    """An article is published with one of its own versions."""


class CategoryOrganisation(Base):
    """An organisation that may read on a category whose audience is `organisations`."""

    __tablename__ = "category_organisation"

    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)


class Category(Base):
    """A shelf of articles. `position` orders the home page; lower comes first. `audience` is who
    may read at most, of what lies on it and on its subcategories.

    `needs_approval`: what lies here is published only after a second person approved it.
    `review_every_days` asks for checks of the articles that don't say it themselves.
    """

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=100)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    review_every_days: Mapped[int | None]
    audience: Mapped[Audience] = mapped_column(stored_by_value(Audience), default=Audience.PUBLIC)

    organisations: Mapped[list[Organisation]] = relationship(secondary="category_organisation")


class ArticleOrganisation(Base):
    """An organisation that may read an article whose audience is `organisations`."""

    __tablename__ = "article_organisation"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)


class Article(Base):
    """What a writer keeps true. `review_every_days` asks for a new check after `verified_on`.

    `updated_at` is the last change that readers could see. `language` is a tag, "" for the
    library's first one. A translation says of which article it is one, and of which version of it:
    None when that is older than any the portal knows.
    """

    __tablename__ = "article"
    __table_args__ = (UniqueConstraint("translation_of_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), index=True)
    status: Mapped[Status] = mapped_column(
        stored_by_value(Status), default=Status.DRAFT, index=True
    )
    audience: Mapped[Audience] = mapped_column(stored_by_value(Audience), default=Audience.PUBLIC)
    type: Mapped[ArticleType] = mapped_column(stored_by_value(ArticleType))
    owner: Mapped[str] = mapped_column(default="")
    verified_on: Mapped[date | None]
    review_every_days: Mapped[int | None]
    is_pinned: Mapped[bool] = mapped_column(default=False)
    comments: Mapped[Comments] = mapped_column(
        stored_by_value(Comments), default=Comments.OFF, server_default=Comments.OFF.value
    )
    published_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("article_version.id", use_alter=True)
    )
    heir_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    language: Mapped[str] = mapped_column(default="", server_default="")
    translation_of_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), index=True)
    translated_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("article_version.id", use_alter=True)
    )
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]

    category: Mapped[Category] = relationship()
    published: Mapped["Version | None"] = relationship(
        foreign_keys=[published_version_id], post_update=True
    )
    versions: Mapped[list["Version"]] = relationship(
        back_populates="article",
        foreign_keys="Version.article_id",
        order_by="Version.number",
        cascade="all, delete-orphan",
    )
    organisations: Mapped[list[Organisation]] = relationship(secondary="article_organisation")
    images: Mapped[list["ArticleImage"]] = relationship(cascade="all, delete-orphan")
    heir: Mapped["Article | None"] = relationship(remote_side=[id], foreign_keys=[heir_id])
    original: Mapped["Article | None"] = relationship(
        remote_side=[id], foreign_keys=[translation_of_id]
    )

    @property
    def is_outdated(self) -> bool:
        """Whether readers of the original read a newer version than was translated."""
        original = self.original
        return (
            original is not None
            and original.status is Status.PUBLISHED
            and original.published_version_id != self.translated_version_id
        )

    @property
    def is_published(self) -> bool:
        return self.status is Status.PUBLISHED

    def put_before_readers(self, version: "Version", *, now: datetime) -> None:
        """Readers see this version from now on, wherever the article stood before.

        Raises ForeignVersionError.
        """
        if version.article_id != self.id:
            raise ForeignVersionError(version.id)
        self.published, self.status = version, Status.PUBLISHED
        self.published_at = self.published_at or now
        self.retired_at = self.heir = None

    def take_from_readers(self) -> None:
        """It is a draft again."""
        self.status, self.retired_at, self.heir = Status.DRAFT, None, None

    def give_way_to(self, heir: "Article | None", *, now: datetime) -> None:
        """Its address leads to `heir` from now on, or says that it is gone.

        Raises RetirementRefusedError when `heir` is itself or can't be read.
        """
        if heir and (heir is self or not heir.is_published):
            raise RetirementRefusedError(
                _(
                    "“%(slug)s” can't take over: name another article that is published.",
                    slug=heir.slug,
                )
            )
        self.status, self.retired_at, self.heir = Status.RETIRED, now, heir


class Version(Base):
    """An article's words at one moment, with the HTML made from them; never changed afterwards.

    `contents` lists the headings as {"id", "title", "level"}; `text` is the plain text that search
    reads; `cleaner` names the cleaner that made `html` safe. `waiting_facts` are the facts that
    hold once it is published; None when it changes none, or when they hold.
    """

    __tablename__ = "article_version"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    number: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    applies_to: Mapped[list[str]] = mapped_column(JSON, default=list)
    search_words: Mapped[list[str]] = mapped_column(JSON, default=list)
    html: Mapped[str]
    contents: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    text: Mapped[str]
    cleaner: Mapped[str]
    content_hash: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    waiting_facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    article: Mapped[Article] = relationship(back_populates="versions", foreign_keys=[article_id])


class OldSlug(Base):
    """An address that an article had before, or an alias: it redirects for ever."""

    __tablename__ = "old_slug"

    slug: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)


class ArticleImage(Base):
    """An image of an article. `path` is how the body names it; the bytes lie in the file store."""

    __tablename__ = "article_image"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    content_hash: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]


class NoReason(StrEnum):
    """Why an article did not help."""

    UNCLEAR = "unclear"
    INCOMPLETE = "incomplete"
    WRONG = "wrong"
    OTHER_QUESTION = "other_question"


class Feedback(Base):
    """One visitor's yes or no to the version that was read; a new answer replaces the old one."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("version_id", "visitor_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("article_version.id"), index=True)
    visitor_hash: Mapped[str]
    helped: Mapped[bool]
    reason: Mapped[NoReason | None] = mapped_column(stored_by_value(NoReason))
    comment: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]

    version: Mapped[Version] = relationship()


class ArticleDay(Base):
    """How often an article was read on a day (UTC): what "popular" counts, without any person."""

    __tablename__ = "article_day"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    views: Mapped[int] = mapped_column(default=0)


class LibraryChange(Base):
    """The counter of everything that readers can see change.

    Each row says what was touched: "article:12", "category:3", "library", "site". Page caches and
    the search index catch up by reading the rows after the last revision they know.
    """

    __tablename__ = "library_change"
    __table_args__ = ({"sqlite_autoincrement": True},)

    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    tag: Mapped[str]
    at: Mapped[datetime]
