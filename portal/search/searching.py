"""A reader asks, the index proposes, the database decides: nobody finds what they may not read.

When the index can't answer, a plain search of the database does.
"""

from collections import Counter
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import now
from portal.knowledge.article import Article, Category, Version
from portal.knowledge.reader import Reader
from portal.knowledge.slugs import is_slug
from portal.knowledge.visibility import readable_by
from portal.search import in_languages, plain
from portal.search.audiences import keys_of_reader
from portal.search.directing import directed
from portal.search.index import Found, Hit, Index, IndexUnavailableError, Query
from portal.search.learned import FIELD_WEIGHT, evidence
from portal.search.products import key_of_product
from portal.search.results import Markers, Result, results_of
from portal.search.synonyms import worded
from portal.search.understanding import read_as
from portal.search.words import MAX_CHARACTERS

PAGE_SIZE = 10
MOST_CHIPS = 8
MOST_HITS = 100


@dataclass(frozen=True)
class CategoryCount:
    """How many of the hits lie in a category."""

    slug: str
    title: str
    count: int


@dataclass(frozen=True)
class ProductCount:
    """How many of the hits are about a product, or a version of one."""

    name: str
    count: int


@dataclass(frozen=True)
class Results:
    """One page of what was found. `read_as` is the question without its typing errors."""

    query: str
    items: list[Result]
    total: int
    page: int
    pages: int
    categories: list[CategoryCount]
    products: list[ProductCount]
    category: Category | None = None
    product: str | None = None
    read_as: str | None = None
    is_plain: bool = False


def search(
    db: Session,
    index: Index,
    *,
    text: str,
    reader: Reader,
    category: str | None = None,
    product: str | None = None,
    page: int = 1,
    forgives: bool = True,
) -> Results:
    """One page of the articles that answer `text`, best first, for this reader alone; `product`
    keeps to those about a product, or a version of one.
    """
    text, product = tidy(text), tidy(product or "") or None
    shelf = _shelf(db, category)
    query = Query(
        text,
        keys_of_reader(reader),
        shelf.slug if shelf else None,
        MOST_HITS,
        forgives,
        key_of_product(product) if product else None,
    )
    found, is_plain = find(db, index, query, reader=reader)
    found = with_learned(db, index, found, query, reader)
    pages = max(1, -(-len(found.hits) // PAGE_SIZE))
    page = min(max(1, page), pages)
    shown = found.hits[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    categories, products = _ways_to_narrow(db, found.hits)
    return Results(
        query=text,
        items=results_of(db, shown, Markers(index, found, reader), reader),
        total=len(found.hits),
        page=page,
        pages=pages,
        categories=categories,
        products=products,
        category=shelf,
        product=product,
        read_as=read_as(text, found.corrections),
        is_plain=is_plain,
    )


def _shelf(db: Session, slug: str | None) -> Category | None:
    known = slug is not None and is_slug(slug)
    return db.scalar(select(Category).where(Category.slug == slug)) if known else None


def tidy(text: str) -> str:
    """What was typed, in one line, printable, and no longer than a question may be."""
    printable = "".join(c if c.isprintable() else " " for c in text[: 4 * MAX_CHARACTERS])
    return " ".join(printable.split())[:MAX_CHARACTERS].strip()


def find(
    db: Session,
    index: Index,
    query: Query,
    *,
    reader: Reader,
    also: frozenset[int] = frozenset(),
) -> tuple[Found, bool]:
    """The hits that this reader may read, and whether they come from the plain search. `also` are
    articles taken for readable, to foresee what publishing them would do.
    """
    query = worded(db, query)
    try:
        if reader.languages is None:
            found, is_plain = index.search(query), False
        else:
            found, is_plain = in_languages.search(index, query, reader.languages), False
    except IndexUnavailableError:
        found, is_plain = plain.search(db, index, query, reader=reader), True
    found = directed(db, found, query)
    ids = [hit.article_id for hit in found.hits]
    allowed = set(db.scalars(select(Article.id).where(Article.id.in_(ids), readable_by(reader))))
    allowed |= also
    hits = tuple(hit for hit in found.hits if hit.article_id in allowed)
    if reader.languages is not None:
        hits = in_languages.grouped(db, hits, reader=reader)
    return Found(hits, found.stems, found.corrections, found.stems_in), is_plain


def with_learned(db: Session, index: Index, found: Found, query: Query, reader: Reader) -> Found:
    """The hits with what earlier visitors' questions say for them; within a category nothing new
    comes in by it.
    """
    said = evidence(db, query.text, reader=reader, stem=index.stem, now=now())
    if not said:
        return found
    if reader.languages is not None:
        said = in_languages.grouped_weights(db, said, reader=reader)
    known = {hit.article_id for hit in found.hits}
    hits = [
        replace(hit, score=hit.score + FIELD_WEIGHT * said.get(hit.article_id, 0.0))
        for hit in found.hits
    ]
    if query.category is None and query.applies_to is None:
        hits += [Hit(one, FIELD_WEIGHT * said[one], 0.0) for one in said if one not in known]
    hits.sort(key=lambda hit: (-hit.score, hit.article_id))
    hits = hits[: query.limit]
    return Found(tuple(hits), found.stems, found.corrections, found.stems_in)


def _ways_to_narrow(
    db: Session, hits: tuple[Hit, ...]
) -> tuple[list[CategoryCount], list[ProductCount]]:
    """The categories of the hits and the products that they are about, the commonest first."""
    rows = db.execute(
        select(Category.slug, Category.title, Version.applies_to)
        .select_from(Article)
        .join(Article.category)
        .join(Article.published)
        .where(Article.id.in_([hit.article_id for hit in hits]))
    ).all()
    categories = Counter((row.slug, row.title) for row in rows)
    products = Counter(key for row in rows for key in set(map(key_of_product, row.applies_to)))
    names = {key_of_product(name): name for row in rows for name in row.applies_to}
    likeliest = sorted(products, key=lambda key: (-products[key], key))
    return (
        [CategoryCount(slug, title, n) for (slug, title), n in categories.most_common(MOST_CHIPS)],
        [ProductCount(names[key], products[key]) for key in likeliest[:MOST_CHIPS]],
    )
