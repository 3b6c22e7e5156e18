"""What readers are shown of the library: every query here asks the one visibility rule.

"Useful" articles are those read and found helpful in the last thirty days.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Subquery, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.knowledge.article import (
    Article,
    ArticleDay,
    ArticleImage,
    ArticleType,
    Audience,
    Category,
    Feedback,
    OldSlug,
    Status,
    Version,
)
from portal.knowledge.reader import Reader
from portal.knowledge.slugs import is_slug
from portal.knowledge.translations import shown_to
from portal.knowledge.visibility import meant_for, readable_by

POPULAR_DAYS = 30
HELPED_WEIGHT = 5
TOP_QUESTIONS = 3
_HEIRS_FOLLOWED = 10


@dataclass(frozen=True)
class Moved:
    """What was asked for now has another address."""

    slug: str


@dataclass(frozen=True)
class Gone:
    """What was asked for has been retired, with nothing in its place."""

    title: str


@dataclass(frozen=True)
class Shelf:
    """A category as a reader sees it: what lies on it and on its subcategories, the best first."""

    category: Category
    count: int
    top: list[Article]
    children: list["Shelf"] = field(default_factory=list)


def find_article(db: Session, slug: str, *, reader: Reader) -> Article | Moved | Gone | None:
    """The article at an address, where it went, or that it is gone; None for what isn't theirs."""
    if not is_slug(slug):
        return None
    article = db.scalar(
        readable(reader).options(joinedload(Article.category)).where(Article.slug == slug)
    )
    if article is not None:
        return article
    former = db.scalar(
        select(Article)
        .outerjoin(OldSlug, OldSlug.article_id == Article.id)
        .where((OldSlug.slug == slug) | (Article.slug == slug))
        .where(meant_for(reader))
    )
    return _successor(db, former, reader) if former else None


def find_public_or_draft(db: Session, slug: str) -> Article | None:
    """An article that everybody reads, or will when it is published: what an issue may point to."""
    return db.scalar(
        select(Article).where(
            Article.slug == slug,
            Article.audience == Audience.PUBLIC,
            Article.status.in_((Status.DRAFT, Status.PUBLISHED)),
        )
    )


def _successor(db: Session, article: Article, reader: Reader) -> Moved | Gone | None:
    """Where a moved or retired article lives on for this reader."""
    heir: Article | None = article
    for _ in range(_HEIRS_FOLLOWED):
        if heir is None:
            break
        if readable_articles(db, reader=reader, ids=[heir.id]):
            return Moved(heir.slug)
        heir = heir.heir if heir.status is Status.RETIRED else None
    was_published = article.status is Status.RETIRED and article.published is not None
    return Gone(article.published.title) if was_published and article.published else None


def readable(reader: Reader, *, with_body: bool = True) -> Select[Article]:
    """Select what `reader` may read, with its published version; lists leave the body behind."""
    version = contains_eager(Article.published)
    if not with_body:
        version = version.defer(Version.body).defer(Version.html).defer(Version.text)
    return select(Article).join(Article.published).options(version).where(readable_by(reader))


def listed(reader: Reader) -> Select[Article]:
    """What a list shows of the library: each article once, in the best language for the reader."""
    query = readable(reader, with_body=False)
    return query if reader.languages is None else query.where(shown_to(reader))


def readable_articles(
    db: Session, *, reader: Reader, ids: Collection[int] | None = None
) -> list[Article]:
    """The readable ones among `ids`, in that order; all of them without `ids`."""
    if ids is None:
        return list(db.scalars(_with_category(reader).order_by(Article.id)))
    among = _readable_among(reader)
    found = {article.id: article for article in db.scalars(among, {"ids": list(ids)})}
    return [found[id_] for id_ in ids if id_ in found]


def _with_category(reader: Reader) -> Select[Article]:
    return readable(reader, with_body=False).options(joinedload(Article.category))


@lru_cache(maxsize=256)
def _readable_among(reader: Reader) -> Select[Article]:
    """Put together once for each kind of reader: the rule is long, and asked for often."""
    return _with_category(reader).where(Article.id.in_(bindparam("ids", expanding=True)))


def find_category(db: Session, slug: str, *, reader: Reader) -> Category | None:
    """The category at an address, unless nothing on it is for this reader."""
    category = db.scalar(select(Category).where(Category.slug == slug)) if is_slug(slug) else None
    if category is None:
        return None
    return category if _counts_with_children(db, reader).get(category.id) else None


def articles_in(
    db: Session,
    category: Category,
    *,
    reader: Reader,
    now: datetime,
    limit: int | None = None,
    offset: int = 0,
) -> list[Article]:
    """The articles of one category: pinned ones first, then the most useful."""
    useful = _usefulness(now)
    return list(
        db.scalars(
            _with_usefulness(listed(reader), useful)
            .where(Article.category_id == category.id)
            .order_by(*_by_usefulness(useful))
            .limit(limit)
            .offset(offset)
        )
    )


def count_articles_in(db: Session, category: Category, *, reader: Reader) -> int:
    """How many articles `articles_in` would give without a limit."""
    return _counts(db, reader).get(category.id, 0)


def popular(db: Session, *, reader: Reader, now: datetime, limit: int) -> list[Article]:
    """What helped most people in the last thirty days."""
    useful = _usefulness(now)
    return list(
        db.scalars(
            listed(reader)
            .options(joinedload(Article.category))
            .join(useful, useful.c.article_id == Article.id)
            .where(useful.c.score > 0)
            .order_by(useful.c.score.desc(), Version.title)
            .limit(limit)
        )
    )


def recently_changed(
    db: Session, *, reader: Reader, limit: int, kind: ArticleType | None = None
) -> list[Article]:
    """New and changed articles, the latest first; only those of one kind if one is named."""
    latest = select(Article.id).where(shown_to(reader))
    if kind is not None:
        latest = latest.where(Article.type == kind)
    ids = db.scalars(latest.order_by(Article.updated_at.desc(), Article.id.desc()).limit(limit))
    return readable_articles(db, reader=reader, ids=list(ids))


def shelves(
    db: Session, *, reader: Reader, now: datetime, within: Category | None = None
) -> list[Shelf]:
    """The categories with something to read, each with its count and top questions.

    Top-level ones, or those directly within a category.
    """
    categories = list(db.scalars(select(Category).order_by(Category.position, Category.title)))
    counts = _counts_with_children(db, reader, categories)
    top = _top_questions(db, reader, now)
    root = within.id if within else None
    return _shelves_below(root, categories, counts, top)


def _shelves_below(
    parent_id: int | None,
    categories: Sequence[Category],
    counts: dict[int, int],
    top: dict[int, list[Article]],
) -> list[Shelf]:
    found = []
    for category in categories:
        if category.parent_id == parent_id and counts.get(category.id):
            children = _shelves_below(category.id, categories, counts, top)
            best = top.get(category.id, []) + [a for child in children for a in child.top]
            found.append(Shelf(category, counts[category.id], best[:TOP_QUESTIONS], children))
    return found


def _counts(db: Session, reader: Reader) -> dict[int, int]:
    rows = db.execute(
        select(Article.category_id, func.count().label("number"))
        .where(shown_to(reader))
        .group_by(Article.category_id)
    )
    return {row.category_id: row.number for row in rows}


def _counts_with_children(
    db: Session, reader: Reader, categories: Iterable[Category] | None = None
) -> dict[int, int]:
    """How many readable articles lie on each category, those of its subcategories included."""
    if categories is None:
        categories = db.scalars(select(Category))
    parents = {category.id: category.parent_id for category in categories}
    totals: dict[int, int] = {}
    for category_id, count in _counts(db, reader).items():
        for ancestor in lineage(category_id, parents):
            totals[ancestor] = totals.get(ancestor, 0) + count
    return totals


def lineage(category_id: int, parents: dict[int, int | None]) -> list[int]:
    """A category and all those it lies in, from the inside out (a loop is cut)."""
    found: list[int] = []
    current: int | None = category_id
    while current is not None and current not in found:
        found.append(current)
        current = parents.get(current)
    return found


def _top_questions(db: Session, reader: Reader, now: datetime) -> dict[int, list[Article]]:
    useful = _usefulness(now)
    order = _by_usefulness(useful)
    place = func.row_number().over(partition_by=Article.category_id, order_by=order)
    ranked = _with_usefulness(
        select(Article.id, place.label("place")).join(Article.published).where(shown_to(reader)),
        useful,
    ).subquery()
    first = select(ranked.c.id).where(ranked.c.place <= TOP_QUESTIONS).order_by(ranked.c.place)
    ids = list(db.scalars(first))
    title_alone = contains_eager(Article.published).load_only(Version.title)
    titled = select(Article).join(Article.published).options(title_alone)
    articles = {one.id: one for one in db.scalars(titled.where(Article.id.in_(ids)))}
    found: dict[int, list[Article]] = {}
    for article in (articles[id_] for id_ in ids):
        found.setdefault(article.category_id, []).append(article)
    return found


def _by_usefulness(useful: Subquery) -> tuple[Any, ...]:
    score = func.coalesce(useful.c.score, 0)
    return (Article.is_pinned.desc(), score.desc(), Version.title, Article.id)


def _with_usefulness(query: Select[Any], useful: Subquery) -> Select[Any]:
    return query.outerjoin(useful, useful.c.article_id == Article.id)


def _usefulness(now: datetime) -> Subquery:
    """Views of the last thirty days, and helped votes, which say more than a view; only of the
    articles that have any.
    """
    since = now - timedelta(days=POPULAR_DAYS)
    views = select(ArticleDay.article_id, ArticleDay.views.label("score")).where(
        ArticleDay.day >= since.date()
    )
    helped = (
        select(Version.article_id, literal(HELPED_WEIGHT))
        .select_from(Feedback)
        .join(Version, Version.id == Feedback.version_id)
        .where(Feedback.helped, Feedback.at >= since)
    )
    signs = union_all(views, helped).subquery()
    summed = select(signs.c.article_id, func.sum(signs.c.score).label("score"))
    return summed.group_by(signs.c.article_id).subquery()


def find_image(db: Session, content_hash: str, *, reader: Reader) -> ArticleImage | None:
    """The image with this content, if it belongs to an article that `reader` may read."""
    return db.scalar(
        select(ArticleImage)
        .join(Article, Article.id == ArticleImage.article_id)
        .where(ArticleImage.content_hash == content_hash, readable_by(reader))
        .limit(1)
    )


def ancestors(db: Session, category: Category) -> list[Category]:
    """The categories that a category lies in, from the outermost in (a loop is cut)."""
    found: list[Category] = []
    parent = db.get(Category, category.parent_id) if category.parent_id else None
    while parent is not None and parent not in found and parent is not category:
        found.insert(0, parent)
        parent = db.get(Category, parent.parent_id) if parent.parent_id else None
    return found
