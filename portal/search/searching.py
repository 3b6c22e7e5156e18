"""A reader asks, the index proposes, the database decides: nobody finds what they may not read.

When the index can't answer, a plain search of the database does.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import now
from portal.knowledge.article import Article, ArticleType, Category, Version
from portal.knowledge.queries import readable_articles
from portal.knowledge.reader import Reader
from portal.knowledge.slugs import is_slug
from portal.knowledge.translations import best_of_groups
from portal.knowledge.visibility import readable_by
from portal.languages import FIRST, Languages
from portal.search import in_languages, plain
from portal.search.audiences import keys_of_reader
from portal.search.directing import directed
from portal.search.excerpts import (
    Marked,
    Marker,
    Passage,
    best_passage,
    passage_at,
    section_at,
)
from portal.search.first_steps import first_steps
from portal.search.index import Found, Hit, Index, IndexUnavailableError, Query
from portal.search.learned import FIELD_WEIGHT, evidence, going_on
from portal.search.products import key_of_product
from portal.search.synonyms import worded
from portal.search.understanding import read_as
from portal.search.words import MAX_CHARACTERS, content_words, numbered, query_words

PAGE_SIZE = 10
MOST_CHIPS = 8
MOST_HITS = 100
ASKED_PLACES = 2
"""How many suggestions may come from earlier questions where titles alone fill the list."""
WITHIN_REACH = 20
"""How many times as many titles are looked at when only those of one category count."""
STRONG_COVERAGE = 0.75
STRONG_COSINE = 0.7
"""Of two paraphrases of one question, two thirds come as near as this; of two questions on one
subject, one in forty (docs/search.md).
"""
_SIMILAR_SCORE = 0.15
_SIMILAR_WORDS = 60


@dataclass(frozen=True)
class Result:
    """An article found, as a list shows it. A strong one answers the question by itself.

    `section` is the heading to open it at; `steps` is what of it can be read in the list.
    """

    article_id: int
    slug: str
    title: str
    summary: str
    excerpt: Marked
    category: Category
    type: ArticleType
    updated_at: datetime
    is_strong: bool
    section: str = ""
    steps: Markup | None = None
    is_whole: bool = False
    language: str = ""


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


@dataclass(frozen=True)
class Suggestion:
    """An article that a half-typed question may be about."""

    article_id: int
    title: str
    slug: str
    category: str
    language: str = ""


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
        items=_results(db, shown, _Markers(index, found, reader), reader),
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


def suggest(
    db: Session,
    index: Index,
    *,
    prefix: str,
    reader: Reader,
    category: str | None = None,
    limit: int = 8,
) -> list[Suggestion]:
    """What a half-typed question may be about, within a category if one is named."""
    prefix = prefix[:MAX_CHARACTERS].lstrip()
    reach = limit * WITHIN_REACH if category else limit
    try:
        ids = _suggested(index, prefix, reader, reach)
    except IndexUnavailableError:
        ids = plain.suggest(db, prefix, reader=reader, limit=reach)
    asked = going_on(db, prefix, reader=reader, now=now(), limit=limit)
    shown: Sequence[int] = _with_asked(ids, asked, reach)
    if reader.languages is not None:
        shown = in_languages.grouped_ids(db, shown, reader=reader)
    found = [
        Suggestion(
            article.id, _title(article), article.slug, article.category.title, article.language
        )
        for article in readable_articles(db, reader=reader, ids=shown)
        if category in (None, article.category.slug)
    ]
    return found[:limit]


def _suggested(index: Index, prefix: str, reader: Reader, limit: int) -> Sequence[int]:
    keys = keys_of_reader(reader)
    if reader.languages is None:
        return index.suggest(prefix, audiences=keys, limit=limit)
    return in_languages.suggest(index, prefix, reader.languages, audiences=keys, limit=limit)


def _with_asked(ids: Sequence[int], asked: Sequence[int], limit: int) -> list[int]:
    """Articles whose titles go on, and at the end those that helped others who typed the same."""
    others = [one for one in asked if one not in ids]
    room = max(limit - len(ids), ASKED_PLACES)
    others = others[:room]
    return [*ids[: limit - len(others)], *others]


def similar(
    db: Session,
    index: Index,
    *,
    reader: Reader,
    article_id: int | None = None,
    text: str = "",
    limit: int = 5,
) -> list[Article]:
    """Articles about the same things as an article, or as a text; the article itself is not one."""
    if article_id is not None:
        text = _gist(db, article_id, reader)
    try:
        hits = _similar(index, text, reader, _languages_near(db, article_id, reader), limit + 5)
    except IndexUnavailableError:
        return []
    ids = [hit.article_id for hit in hits if hit.score >= _SIMILAR_SCORE]
    ids = [one for one in ids if one != article_id]
    if reader.languages is not None:
        own = best_of_groups(db, [article_id] if article_id else [], reader=reader).values()
        ids = [one for one in in_languages.grouped_ids(db, ids, reader=reader) if one not in own]
    return readable_articles(db, reader=reader, ids=ids)[:limit]


def _languages_near(db: Session, article_id: int | None, reader: Reader) -> Languages | None:
    """The article's own language, or the reader's; None where there is only one."""
    if reader.languages is None or article_id is None:
        return reader.languages
    stored = db.scalar(select(Article.language).where(Article.id == article_id)) or FIRST
    return reader.languages.wanting(reader.languages.of(stored))


def _similar(
    index: Index, text: str, reader: Reader, languages: Languages | None, limit: int
) -> tuple[Hit, ...]:
    keys = keys_of_reader(reader)
    if languages is None:
        return index.similar(text, audiences=keys, limit=limit)
    return in_languages.similar(index, text, languages, audiences=keys, limit=limit)


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


def marker_for(index: Index, text: str, language: str = "") -> Marker:
    """Marks the words of a question in the article that it led to, which is in `language`."""
    stem = partial(index.stem, language=language) if language else index.stem
    stems = numbered(map(stem, content_words(query_words(text))))
    return Marker(stems, stem, folds=bool(language))


class _Markers:
    """A marker for each language in which something was found."""

    def __init__(self, index: Index, found: Found, reader: Reader) -> None:
        self._index, self._found, self._languages = index, found, reader.languages
        self._known: dict[str, Marker] = {}

    def of(self, stored: str) -> Marker:
        """Marks words in an article whose stored language this is."""
        tag = self._languages.of(stored) if self._languages else ""
        if tag not in self._known:
            stem = partial(self._index.stem, language=tag) if tag else self._index.stem
            stems = self._found.stems_in.get(tag, self._found.stems)
            self._known[tag] = Marker(stems, stem, folds=bool(tag))
        return self._known[tag]


def _results(db: Session, hits: tuple[Hit, ...], markers: _Markers, reader: Reader) -> list[Result]:
    by_article = {hit.article_id: hit for hit in hits}
    ids = list(by_article)
    texts = dict(
        db.execute(
            select(Article.id, Version.text).join(Article.published).where(Article.id.in_(ids))
        ).all()
    )
    found = [
        _result(article, texts[article.id], markers.of(article.language), by_article[article.id])
        for article in readable_articles(db, reader=reader, ids=ids)
    ]
    if found and found[0].is_strong:
        found[0] = _readable_in_place(db, found[0])
    return found


def _readable_in_place(db: Session, result: Result) -> Result:
    """The best answer with its first steps."""
    html = db.scalar(
        select(Version.html).join(Article.published).where(Article.id == result.article_id)
    )
    steps, is_whole = first_steps(html or "")
    return replace(result, steps=steps, is_whole=is_whole)


def _result(article: Article, text: str, marker: Marker, hit: Hit) -> Result:
    assert article.published is not None
    summary = article.published.summary
    is_strong = hit.coverage >= STRONG_COVERAGE or hit.cosine >= STRONG_COSINE
    passage = passage_for(text, summary, marker, hit)
    shown = best_passage("", summary, marker) if is_strong and summary else passage
    return Result(
        article_id=article.id,
        slug=article.slug,
        title=article.published.title,
        summary=summary,
        excerpt=shown.excerpt,
        section=section_at(text, passage.place, article.published.contents),
        category=article.category,
        type=article.type,
        updated_at=article.updated_at,
        is_strong=is_strong,
        language=article.language,
    )


def passage_for(text: str, summary: str, marker: Marker, hit: Hit) -> Passage:
    """The lines with most words of the question; where words say little, those that mean it."""
    if hit.place < 0 or hit.coverage >= STRONG_COVERAGE:
        return best_passage(text, summary, marker)
    return passage_at(text, hit.place, marker)


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


def _gist(db: Session, article_id: int, reader: Reader) -> str:
    """What an article is about: its title, summary, search words and headings."""
    version = db.scalar(
        select(Version)
        .join(Article, Article.published_version_id == Version.id)
        .where(Article.id == article_id, readable_by(reader))
    )
    if version is None:
        return ""
    headings = " ".join(str(entry["title"]) for entry in version.contents)
    parts = (version.title, version.summary, " ".join(version.search_words), headings)
    return " ".join(" ".join(parts).split()[:_SIMILAR_WORDS])


def _title(article: Article) -> str:
    assert article.published is not None
    return article.published.title
