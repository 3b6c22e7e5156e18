"""Announcing a release, and asking for news of a product or a category."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.events import record
from portal.knowledge.announcement import Announcement, NewsSubscription
from portal.knowledge.article import Article, ArticleType, Category, Version
from portal.knowledge.reader import Reader
from portal.knowledge.visibility import readable_by
from portal.people.person import Person

MOST_PRODUCTS = 100


class NothingToAnnounceError(Exception):
    """Only a release that readers see can be announced."""


def announce(
    db: Session, *, article: Article, plans: Collection[str] = (), by: Person, now: datetime
) -> Announcement:
    """Let the worker tell everybody whom a release concerns; announcing it again changes nothing.

    Raises NothingToAnnounceError.
    """
    if article.type is not ArticleType.RELEASE or not article.is_published:
        raise NothingToAnnounceError(article.slug)
    made = plan(db, article=article, plans=plans, by=by)
    if made.announced_at is None:
        _announce(db, made, by=by, now=now)
    return made


def plan(db: Session, *, article: Article, plans: Collection[str] = (), by: Person) -> Announcement:
    """Announce the article as soon as it is published, whoever or whatever does that."""
    made = announcement_of(db, article)
    if made is None:
        made = Announcement(article=article)
        db.add(made)
    if made.announced_at is None:
        made.plans, made.announced_by = sorted(plans), by.name
    db.flush()
    return made


def withdraw_plan(db: Session, *, article: Article) -> None:
    """Don't announce it by itself. What was announced stays so."""
    made = announcement_of(db, article)
    if made is not None and made.announced_at is None:
        db.delete(made)
        db.flush()


def announce_as_planned(db: Session, *, article: Article, now: datetime) -> None:
    """A release is before readers: announce it, if a writer planned that."""
    if article.type is not ArticleType.RELEASE:
        return
    made = announcement_of(db, article)
    if made is not None and made.announced_at is None:
        _announce(db, made, by=None, now=now)


def _announce(db: Session, made: Announcement, *, by: Person | None, now: datetime) -> None:
    made.announced_at = now
    db.flush()
    record(
        db,
        "release_announced",
        now=now,
        actor_id=by.id if by else None,
        actor_name=made.announced_by,
        article_id=made.article_id,
        is_internal=True,
        plans=made.plans,
    )


def announcement_of(db: Session, article: Article) -> Announcement | None:
    """Of an article, made or planned."""
    return db.scalar(select(Announcement).where(Announcement.article_id == article.id))


def is_readable_at(db: Session, article: Article, organisation_id: int | None) -> bool:
    """Whether the contacts of an organisation may read the article now."""
    reader = Reader("contact", organisation_id=organisation_id)
    query = select(Article.id).where(Article.id == article.id, readable_by(reader))
    return db.scalar(query) is not None


def subscribe(
    db: Session,
    *,
    person: Person,
    products: Collection[str],
    category_ids: Collection[int],
    now: datetime,
) -> None:
    """Want news of exactly these products and categories."""
    kept: set[str | int] = set()
    for one in subscriptions_of(db, person):
        wanted = one.category_id in category_ids if one.category_id else one.product in products
        if wanted:
            kept.add(one.category_id or one.product)
        else:
            db.delete(one)
    for product in sorted(set(products) - kept):
        db.add(NewsSubscription(person_id=person.id, product=product, made_at=now))
    for category_id in sorted(set(category_ids) - kept):
        db.add(NewsSubscription(person_id=person.id, category_id=category_id, made_at=now))
    db.flush()


def subscriptions_of(db: Session, person: Person) -> list[NewsSubscription]:
    """What a contact wants news of."""
    query = select(NewsSubscription).where(NewsSubscription.person_id == person.id)
    return list(db.scalars(query.order_by(NewsSubscription.id)))


def products_to_follow(db: Session, *, reader: Reader) -> list[str]:
    """The products and versions that articles name which this reader may read."""
    rows = db.scalars(select(Version.applies_to).join(Article.published).where(readable_by(reader)))
    return sorted({name for names in rows for name in names})[:MOST_PRODUCTS]


def categories_to_follow(db: Session, *, reader: Reader) -> list[Category]:
    """The categories with something to read for this reader."""
    used = select(Article.category_id).where(readable_by(reader))
    query = select(Category).where(Category.id.in_(used))
    return list(db.scalars(query.order_by(Category.position, Category.title)))
