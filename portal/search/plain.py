"""Search without an index: a plain look through the database, slower and cruder, but an answer."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, Category, Version
from portal.knowledge.reader import Reader
from portal.knowledge.visibility import readable_by
from portal.search.index import Found, Hit, Index, Query
from portal.search.products import EVERYTHING, keys_of_products
from portal.search.words import content_words, numbered, query_words

_MOST_WORDS = 6
_MOST_ROWS = 300


def search(db: Session, index: Index, query: Query, *, reader: Reader) -> Found:
    """Articles that contain the words of the question somewhere; titles count most."""
    words = content_words(query_words(query.text))[:_MOST_WORDS]
    if not words:
        return Found()
    stems = {word: _beginning(index.stem(word), word) for word in words}
    anywhere = [
        column.icontains(stem, autoescape=True)
        for stem in stems.values()
        for column in (Version.title, Version.summary, Version.text)
    ]
    rows = (
        select(Article.id, Version.title, Version.summary, Version.text, Version.applies_to)
        .join(Article.published)
        .join(Article.category)
        .where(readable_by(reader), or_(*anywhere))
        .limit(_MOST_ROWS)
    )
    if query.category:
        rows = rows.where(Category.slug == query.category)
    hits = [
        _hit(row.id, (row.title, row.summary, row.text), stems)
        for row in db.execute(rows)
        if _is_about(row.applies_to, query.applies_to)
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.article_id))
    return Found(tuple(hits[: query.limit]), numbered(map(index.stem, words)))


def suggest(db: Session, prefix: str, *, reader: Reader, limit: int) -> tuple[int, ...]:
    """Articles whose title contains every word typed so far."""
    words = query_words(prefix)[:_MOST_WORDS]
    rows = select(Article.id).join(Article.published).where(readable_by(reader))
    for word in words:
        rows = rows.where(Version.title.icontains(word, autoescape=True))
    return tuple(db.scalars(rows.order_by(Version.title).limit(limit))) if words else ()


def _is_about(applies_to: list[str], product: str | None) -> bool:
    return product is None or not {product, EVERYTHING}.isdisjoint(keys_of_products(applies_to))


def _beginning(stem: str, word: str) -> str:
    """What all forms of a word begin with."""
    shared = 0
    while shared < min(len(stem), len(word)) and stem[shared] == word[shared]:
        shared += 1
    return word[: max(shared, min(3, len(word)))]


def _hit(article_id: int, texts: tuple[str, str, str], stems: dict[str, str]) -> Hit:
    title, summary, text = (one.casefold() for one in texts)
    titled = sum(stem in title for stem in stems.values())
    told = sum(stem in summary for stem in stems.values())
    found = sum(stem in title or stem in summary or stem in text for stem in stems.values())
    return Hit(article_id, 3.0 * titled + 1.5 * told + found, found / len(stems))
