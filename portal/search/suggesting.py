"""What a half-typed question may be about."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.clock import now
from portal.knowledge.article import Article
from portal.knowledge.queries import readable_articles
from portal.knowledge.reader import Reader
from portal.search import in_languages, plain
from portal.search.audiences import keys_of_reader
from portal.search.index import Index, IndexUnavailableError
from portal.search.learned import going_on
from portal.search.words import MAX_CHARACTERS

ASKED_PLACES = 2
"""How many suggestions may come from earlier questions where titles alone fill the list."""
WITHIN_REACH = 20
"""How many times as many titles are looked at when only those of one category count."""


@dataclass(frozen=True)
class Suggestion:
    """An article that a half-typed question may be about."""

    article_id: int
    title: str
    slug: str
    category: str
    language: str = ""


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


def _title(article: Article) -> str:
    assert article.published is not None
    return article.published.title
