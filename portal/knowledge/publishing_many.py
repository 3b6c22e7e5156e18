"""Many new articles at once: what `add_article`, `publish` and `retire` leave behind for each, in a
few statements for all of them. A library of thousands comes in by this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.events import Event, record_all
from portal.knowledge.article import Article, ArticleImage, Category, OldSlug, Status, Version
from portal.knowledge.noting import touch
from portal.knowledge.queries import lineage
from portal.knowledge.rendering import Rendered
from portal.knowledge.versioning import new_version
from portal.knowledge.words import Facts, Words, pictures_of
from portal.languages import FIRST


@dataclass(frozen=True)
class NewArticle:
    """An article whose address and further addresses nobody has yet; the caller made sure."""

    slug: str
    words: Words
    facts: Facts
    status: Status
    rendered: Rendered
    images: tuple[ArticleImage, ...] = ()
    aliases: tuple[str, ...] = ()
    language: str = FIRST


def add_articles(
    db: Session, new: Sequence[NewArticle], *, now: datetime, note: str = ""
) -> list[Article]:
    """Add them all, in the order given; nobody in particular is their author."""
    articles = [_article(one, now=now) for one in new]
    db.add_all(articles)
    db.flush()
    versions = [
        _version(article, one, now=now, note=note)
        for article, one in zip(articles, new, strict=True)
    ]
    db.add_all(versions)
    db.flush()
    for article, version in zip(articles, versions, strict=True):
        if article.status is not Status.DRAFT:
            article.published_version_id = version.id
    db.add_all(
        OldSlug(slug=alias, article_id=article.id)
        for article, one in zip(articles, new, strict=True)
        for alias in one.aliases
    )
    record_all(db, [event for article in articles for event in _events(article, now=now)])
    _touch_all(db, articles, now=now)
    return articles


def _article(one: NewArticle, *, now: datetime) -> Article:
    facts = one.facts
    return Article(
        slug=one.slug,
        status=one.status,
        category_id=facts.category.id,
        type=facts.type,
        audience=facts.audience,
        organisations=list(facts.organisations),
        owner=facts.owner,
        verified_on=facts.verified_on,
        review_every_days=facts.review_every_days,
        is_pinned=facts.is_pinned,
        language=one.language,
        images=list(one.images),
        created_at=now,
        updated_at=now,
        published_at=None if one.status is Status.DRAFT else now,
        retired_at=now if one.status is Status.RETIRED else None,
    )


def _version(article: Article, one: NewArticle, *, now: datetime, note: str) -> Version:
    return new_version(
        article,
        number=1,
        words=one.words,
        rendered=one.rendered,
        content_hash=one.words.content_hash(pictures_of(article)),
        note=note,
        now=now,
    )


def _events(article: Article, *, now: datetime) -> list[Event]:
    told: list[tuple[str, dict[str, int | str | None]]] = [("version_saved", {"version": 1})]
    if article.status is not Status.DRAFT:
        told.append(("article_published", {"version": 1}))
    if article.status is Status.RETIRED:
        told.append(("article_retired", {"heir": None}))
    return [
        Event(at=now, kind=kind, article_id=article.id, is_internal=True, detail=detail)
        for kind, detail in told
    ]


def _touch_all(db: Session, articles: Sequence[Article], *, now: datetime) -> None:
    seen = [article for article in articles if article.status is not Status.DRAFT]
    if not seen:
        return
    parents = {row.id: row.parent_id for row in db.execute(select(Category.id, Category.parent_id))}
    shelves = {shelf for one in seen for shelf in lineage(one.category_id, parents)}
    tags = [f"article:{article.id}" for article in seen]
    touch(db, *tags, *(f"category:{shelf}" for shelf in sorted(shelves)), "library", now=now)
