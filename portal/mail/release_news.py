"""A release is told to whom it concerns, each once, as they wish.

Told are the technical contacts (or, where there is none, all contacts) of each organisation with a
contract in force of a plan that the announcement is for, and with the product among its
installations as far as those are known; and whoever asked for news of the product or category. Who
may not read the article hears nothing of it.

The worker does some at a time, each batch in one transaction with what it tells, so that a crash at
any moment leaves nobody untold and nobody told twice.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import Database
from portal.knowledge.announcement import Announcement, AnnouncementTold, NewsSubscription
from portal.knowledge.announcing import is_readable_at
from portal.knowledge.article import Article, Category
from portal.knowledge.queries import lineage
from portal.mail.choices import Wish
from portal.mail.morning_news import keep_for_the_morning
from portal.mail.news_letters import release_letter
from portal.mail.news_readers import contacts, covered, who_hear
from portal.mail.news_wishes import news_wish_of
from portal.mail.posting import post
from portal.mail.speech import speaking_to
from portal.people.organisation import Installation
from portal.people.person import Person
from portal.search.products import keys_of_products
from portal.settings import Settings

AT_ONCE = 50
_UNTOLD = Announcement.announced_at.is_not(None) & Announcement.all_told_at.is_(None)


def tell_some(database: Database, *, settings: Settings, now: datetime) -> bool:
    """One batch of the announcement that is oldest; whether there may be more."""
    with database.reading() as db:
        if db.scalar(select(Announcement.id).where(_UNTOLD).limit(1)) is None:
            return False
    with database.writing() as db:
        query = select(Announcement).where(_UNTOLD).order_by(Announcement.id).limit(1)
        made = db.scalar(query.with_for_update(skip_locked=True, of=Announcement))
        if made is not None:
            _tell(db, made, settings=settings, now=now)
    return made is not None


def concerned(db: Session, article: Article, plans: list[str], *, now: datetime) -> list[Person]:
    """Everybody whom news of this article are for, and who may read it."""
    asked = set(_asked_for(db, article))
    entitled = covered(db, plans=plans, now=now) - _without_the_product(db, article)
    found = {one.id: one for one in who_hear(db, entitled)}
    found |= {one.id: one for one in contacts(db) if one.id in asked}
    readable: dict[int | None, bool] = {}
    for one in found.values():
        if one.organisation_id not in readable:
            readable[one.organisation_id] = is_readable_at(db, article, one.organisation_id)
    return [one for _, one in sorted(found.items()) if readable[one.organisation_id]]


def _tell(db: Session, made: Announcement, *, settings: Settings, now: datetime) -> None:
    told = set(
        db.scalars(
            select(AnnouncementTold.person_id).where(AnnouncementTold.announcement_id == made.id)
        )
    )
    waiting = [
        one for one in concerned(db, made.article, made.plans, now=now) if one.id not in told
    ]
    for person in waiting[:AT_ONCE]:
        db.add(AnnouncementTold(announcement_id=made.id, person_id=person.id, told_at=now))
        _mail(db, made.article, person, settings=settings, now=now)
    if len(waiting) <= AT_ONCE:
        made.all_told_at = now


def _mail(
    db: Session, article: Article, person: Person, *, settings: Settings, now: datetime
) -> None:
    wish = news_wish_of(db, person.email)
    if wish is Wish.DAILY:
        keep_for_the_morning(db, person=person, article=article, now=now)
    elif wish is Wish.AT_ONCE and article.published is not None:
        with speaking_to(db, person.email, settings=settings):
            letter = release_letter(article.published, person, settings=settings)
        post(db, letter, recipient=person.email, settings=settings, now=now)


def _without_the_product(db: Session, article: Article) -> set[int]:
    """Organisations whose installations are known, and none of which names a product of it."""
    products = _products(article)
    if not products:
        return set()
    named: dict[int, bool] = {}
    for one in db.scalars(select(Installation).where(Installation.ended_at.is_(None))):
        said = " ".join([one.name, *map(str, one.details.values())]).casefold()
        has_it = any(product in said for product in products)
        named[one.organisation_id] = named.get(one.organisation_id, False) or has_it
    return {organisation_id for organisation_id, has_it in named.items() if not has_it}


def _products(article: Article) -> set[str]:
    """The names of its products, without versions: an update is for those who have not got it."""
    version = article.published
    names = version.applies_to if version else []
    return {min(keys_of_products([name]), key=len) for name in names}


def _asked_for(db: Session, article: Article) -> Iterator[int]:
    """Ids of the contacts who asked for news of its product or of a category around it."""
    parents = dict(db.execute(select(Category.id, Category.parent_id)).all())
    shelves = set(lineage(article.category_id, parents))
    version = article.published
    keys = set(keys_of_products(version.applies_to)) if version else set()
    for one in db.scalars(select(NewsSubscription)):
        wants = keys_of_products([one.product]) if one.product else ()
        if one.category_id in shelves or (one.product and not keys.isdisjoint(wants)):
            yield one.person_id
