"""What is being written beside the published version, and how far it is: in review, approved,
scheduled. Readers see nothing of it before it is published.

Each move is refused, with a name, where it makes no sense. An approval is of one version: who
changes a word needs another.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, stored_by_value
from portal.knowledge.article import Article, Version
from portal.locale import N_
from portal.locale import gettext as _
from portal.people.person import Person


class Stage(StrEnum):
    """How far the next version is."""

    WRITING = "writing"
    IN_REVIEW = "in_review"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    SCHEDULED = "scheduled"


class StageError(Exception):
    """The next version can't go from where it stands to where somebody wanted it."""


class NotAtThisStageError(StageError):
    """The move needs another stage, for example an approval without a review."""


class OwnWorkError(StageError):
    """Nobody approves what they wrote themselves."""


class ApprovalMissingError(StageError):
    """The category asks for a second person's approval of this very version."""


class PastInstantError(StageError):
    """What is scheduled must lie ahead."""


class NextVersion(Base):
    """The next version of one article. Without a row, it is being written.

    `zone` is the one that the writer chose `publish_at` in; `trouble` says why a scheduled
    publication could not be carried out, until somebody goes on.
    """

    __tablename__ = "next_version"
    __table_args__ = (Index("ix_next_version_publish_at", "publish_at"),)

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("article_version.id"))
    stage: Mapped[Stage] = mapped_column(stored_by_value(Stage), default=Stage.WRITING, index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    scheduled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    publish_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(default="")
    trouble: Mapped[str] = mapped_column(default="")

    article: Mapped[Article] = relationship()
    version: Mapped[Version] = relationship()
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])
    scheduled_by: Mapped[Person | None] = relationship(foreign_keys=[scheduled_by_id])

    def is_approved(self, version: Version) -> bool:
        """Whether a second person approved exactly this version."""
        return self.approved_by is not None and self.version is version

    def ask(self, version: Version, *, by: Person, now: datetime) -> None:
        """Somebody else should read it. Raises NotAtThisStageError."""
        self._must_be(Stage.WRITING, Stage.SENT_BACK)
        self._begin(version, Stage.IN_REVIEW)
        self.asked_by, self.asked_at = by, now

    def take_back(self) -> None:
        """Not to be read yet after all. Raises NotAtThisStageError."""
        self._must_be(Stage.IN_REVIEW)
        self._to(Stage.WRITING)

    def send_back(self, *, by: Person) -> None:
        """The reviewer wants changes. Raises NotAtThisStageError or OwnWorkError."""
        self._must_be(Stage.IN_REVIEW)
        self._must_be_of_somebody_else(by)
        self._to(Stage.SENT_BACK)

    def approve(self, *, by: Person, now: datetime) -> None:
        """A second person stands for it. Raises NotAtThisStageError or OwnWorkError."""
        self._must_be(Stage.IN_REVIEW)
        self._must_be_of_somebody_else(by)
        self._to(Stage.APPROVED)
        self.approved_by, self.approved_at = by, now

    def schedule(
        self,
        version: Version,
        *,
        publish_at: datetime,
        zone: str,
        by: Person,
        now: datetime,
        needs_approval: bool,
    ) -> None:
        """Publish it by itself at an instant.

        Raises PastInstantError, ApprovalMissingError, or NotAtThisStageError while it is in review.
        """
        self._must_be(Stage.WRITING, Stage.SENT_BACK, Stage.APPROVED, Stage.SCHEDULED)
        if publish_at <= now:
            raise PastInstantError(_("Choose an instant that lies ahead."))
        if needs_approval and not self.is_approved(version):
            raise ApprovalMissingError(_(_UNAPPROVED))
        if not self.is_approved(version):
            self._begin(version, Stage.SCHEDULED)
        self._to(Stage.SCHEDULED)
        self.scheduled_by, self.publish_at, self.zone = by, publish_at, zone

    def unschedule(self, latest: Version, *, trouble: str = "") -> None:
        """Don't publish it by itself; what was approved stays so, unless a later version was saved
        meanwhile. Raises NotAtThisStageError.
        """
        self._must_be(Stage.SCHEDULED)
        if self.version is not latest:
            self._begin(latest, Stage.WRITING)
        self._to(Stage.APPROVED if self.approved_by else Stage.WRITING)
        self.trouble = trouble

    def follow(self, version: Version) -> None:
        """A later version was saved: a review goes on with it, an approval does not hold for it,
        and what is scheduled stays as it was scheduled.
        """
        if self.stage is Stage.IN_REVIEW:
            self.version = version
        elif self.stage is not Stage.SCHEDULED:
            self._begin(version, self.stage if self.stage is Stage.SENT_BACK else Stage.WRITING)

    def _begin(self, version: Version, stage: Stage) -> None:
        self.version = version
        self.approved_by = self.approved_at = None
        self._to(stage)

    def _to(self, stage: Stage) -> None:
        self.stage, self.trouble = stage, ""
        self.scheduled_by = self.publish_at = None
        self.zone = ""

    def _must_be(self, *stages: Stage) -> None:
        if self.stage not in stages:
            raise NotAtThisStageError(_(_SAID[self.stage]))

    def _must_be_of_somebody_else(self, by: Person) -> None:
        if self.version.author_id == by.id:
            raise OwnWorkError(
                _("You wrote this version yourself: somebody else has to look at it.")
            )


_UNAPPROVED = N_("Articles of this category are published after another writer approved them.")
_SAID = {
    Stage.WRITING: N_("Nobody asked for a review of this version."),
    Stage.IN_REVIEW: N_(
        "It is being reviewed: wait for the answer, or take the question back first."
    ),
    Stage.SENT_BACK: N_("The reviewer wants changes: save them, then ask again."),
    Stage.APPROVED: N_("It is approved already."),
    Stage.SCHEDULED: N_("It is scheduled: take it off the schedule first."),
}


class Remark(Base):
    """What a reviewer says of a version; `quote` is the passage that is meant, if any."""

    __tablename__ = "review_remark"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("article_version.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    quote: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]

    version: Mapped[Version] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id])
