"""What a writer has typed and not saved yet: kept on the server every few seconds, so that a
closed window, an ended sign-in or a dead battery costs nothing. It also says who else is writing.

Nobody but the writer sees the text; that somebody writes is told to the others.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.database import Base
from portal.people.person import Person

GONE_AFTER = timedelta(seconds=60)
KEPT = timedelta(days=30)


class ArticleDraft(Base):
    """One writer at one article: what was typed (`fields`, by the form's names), if anything, and
    the images put into the text since it was saved, as columns of ArticleImage.

    `key` is the article's number, or the random name that a new article's page gave itself.
    """

    __tablename__ = "article_draft"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), index=True)
    fields: Mapped[dict[str, Any]]
    images: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    typed_at: Mapped[datetime | None]
    seen_at: Mapped[datetime] = mapped_column(index=True)

    person: Mapped[Person] = relationship()


def be_here(
    db: Session, *, person: Person, key: str, article_id: int | None, now: datetime
) -> ArticleDraft:
    """Note that the writer has the article open."""
    found = db.get(ArticleDraft, (person.id, key))
    if found is None:
        found = ArticleDraft(
            person_id=person.id, key=key, article_id=article_id, fields={}, images=[], seen_at=now
        )
        db.add(found)
    found.seen_at = now
    db.flush()
    return found


def keep(
    db: Session,
    *,
    person: Person,
    key: str,
    article_id: int | None,
    fields: dict[str, Any],
    now: datetime,
) -> None:
    """Keep what was typed so far, in place of what was kept before."""
    found = be_here(db, person=person, key=key, article_id=article_id, now=now)
    found.fields, found.typed_at = fields, now
    db.flush()


def kept(db: Session, *, person: Person, key: str) -> ArticleDraft | None:
    """What was typed and not saved; None when there is nothing."""
    found = db.get(ArticleDraft, (person.id, key))
    return found if found is not None and found.typed_at is not None else None


def kept_at_all(db: Session, *, person: Person, key: str) -> ArticleDraft | None:
    """The same, also where nothing was typed but images were put in."""
    return db.get(ArticleDraft, (person.id, key))


def kept_new(db: Session, *, person: Person) -> Sequence[ArticleDraft]:
    """New articles that the writer began and didn't save, the latest first."""
    query = select(ArticleDraft).where(
        ArticleDraft.person_id == person.id,
        ArticleDraft.article_id.is_(None),
        ArticleDraft.typed_at.is_not(None),
    )
    return db.scalars(query.order_by(ArticleDraft.typed_at.desc())).all()


def discard(db: Session, *, person: Person, key: str) -> None:
    """It was saved, or isn't wanted any more."""
    db.execute(
        delete(ArticleDraft).where(ArticleDraft.person_id == person.id, ArticleDraft.key == key)
    )


def others_at(
    db: Session, *, article_id: int, person: Person, now: datetime
) -> Sequence[ArticleDraft]:
    """Everybody else who has the article open now, those who are writing first."""
    query = (
        select(ArticleDraft)
        .where(
            ArticleDraft.article_id == article_id,
            ArticleDraft.person_id != person.id,
            ArticleDraft.seen_at >= now - GONE_AFTER,
        )
        .options(joinedload(ArticleDraft.person).load_only(Person.name))
        .order_by(ArticleDraft.typed_at.is_(None), ArticleDraft.person_id)
    )
    return db.scalars(query).all()


def forget_old(db: Session, *, now: datetime) -> None:
    """Nobody came back for it: a month for what was typed, an hour for who only looked."""
    untouched = ArticleDraft.typed_at.is_(None) & (ArticleDraft.seen_at < now - timedelta(hours=1))
    db.execute(delete(ArticleDraft).where(untouched | (ArticleDraft.seen_at < now - KEPT)))
