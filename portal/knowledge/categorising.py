"""Who may read on a category: a writer's word that holds for all that lies on it, at once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.events import record
from portal.knowledge.article import Article, Audience, Category
from portal.knowledge.noting import touch
from portal.knowledge.queries import lineage
from portal.knowledge.slugs import slug_of
from portal.people.organisation import Organisation
from portal.people.person import Person

EVERY_PAGE = "site"


def let_read(
    db: Session,
    *,
    category: Category,
    audience: Audience,
    organisations: Collection[Organisation] = (),
    by: Person | None,
    now: datetime,
) -> bool:
    """Let only these read on a category and those within it. False when nothing changed."""
    named = sorted(organisations if audience is Audience.ORGANISATIONS else (), key=_slug)
    if category.audience is audience and sorted(category.organisations, key=_slug) == named:
        return False
    category.audience, category.organisations = audience, named
    db.flush()
    record(
        db,
        "category_readers_changed",
        now=now,
        actor_id=by.id if by else None,
        actor_name=by.name if by else "",
        is_internal=True,
        category=category.slug,
        audience=audience.value,
        organisations=[one.slug for one in named],
    )
    touch_all_within(db, category, now=now)
    return True


def touch_all_within(db: Session, category: Category, *, now: datetime) -> None:
    """Note that who may read on a category changed: for every page, and for the index of each
    article on it or within it.
    """
    rows = db.execute(select(Category.id, Category.parent_id))
    parents = {row.id: row.parent_id for row in rows}
    within = [id_ for id_ in parents if category.id in lineage(id_, parents)]
    ids = db.scalars(select(Article.id).where(Article.category_id.in_(within)))
    touch(db, EVERY_PAGE, *(f"article:{id_}" for id_ in ids), now=now)


def ensure_category(db: Session, *, title: str) -> Category:
    """The category whose address follows from `title`; made if there is none."""
    slug = slug_of(title) or "more"
    category = db.scalar(select(Category).where(Category.slug == slug))
    if category is None:
        category = Category(slug=slug, title=title)
        db.add(category)
        db.flush()
    return category


def find_category_to_keep(db: Session, category_id: int) -> Category | None:
    return db.get(Category, category_id)


def categories_to_keep(db: Session) -> Sequence[Category]:
    """All categories with whom each names, in the order of the home page."""
    query = select(Category).options(selectinload(Category.organisations))
    return db.scalars(query.order_by(Category.position, Category.title)).all()


def _slug(one: Organisation) -> str:
    return one.slug
