"""Translations that nobody began, or that are older than their originals: those first that most
readers would have.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from portal.insight.finding import Finding
from portal.insight.said import Said
from portal.insight.work_item import WorkItem, WorkList
from portal.knowledge.article import Article, ArticleDay, Status
from portal.knowledge.queries import POPULAR_DAYS
from portal.knowledge.translations import group_of, missing_translations, outdated
from portal.locale import N_

MOST = 100
_LOOKED_AT = 2_000


def translations_due(
    db: Session, languages: tuple[str, ...], *, now: datetime
) -> Iterator[Finding]:
    """What is out of date, then what is missing; `count` is how often the original was read."""
    yield from _outdated(db, now)
    if len(languages) > 1:
        yield from _missing(db, languages, now)


def translated_by_now(db: Session, item: WorkItem) -> Said | None:
    """What closes an item; None while there is something to translate."""
    article = db.get(Article, item.article_id)
    if article is None or article.status is not Status.PUBLISHED:
        return Said(N_("Readers don’t see the article any more"))
    if article.translation_of_id is not None:
        return None if article.is_outdated else Said(N_("Up to date with its original"))
    begun = {one.language for one in group_of(db, article)}
    wanted = {said.partition(" ")[2] for said in item.words}
    return Said(N_("Translated")) if wanted <= begun else None


def _outdated(db: Session, now: datetime) -> Iterator[Finding]:
    found = db.scalars(
        select(Article)
        .where(outdated(), Article.status == Status.PUBLISHED)
        .options(selectinload(Article.published), selectinload(Article.original))
        .limit(_LOOKED_AT)
    ).all()
    reads = _reads(db, [one.translation_of_id for one in found if one.translation_of_id], now)
    for one in sorted(found, key=lambda one: -reads.get(one.translation_of_id or 0, 0))[:MOST]:
        count = reads.get(one.translation_of_id or 0, 0)
        at = one.original.updated_at if one.original else now
        yield _finding(one, count, at, Said(N_("The original is newer")), ())


def _missing(db: Session, languages: tuple[str, ...], now: datetime) -> Iterator[Finding]:
    first, *_others = languages
    lacking: dict[int, tuple[Article, list[str]]] = {}
    for tag in languages:
        for one in missing_translations(db, tag, first, limit=_LOOKED_AT):
            lacking.setdefault(one.id, (one, []))[1].append(tag)
    reads = _reads(db, list(lacking), now)
    for article_id in sorted(lacking, key=lambda one: -reads.get(one, 0))[:MOST]:
        article, tags = lacking[article_id]
        note = Said(N_("Missing: %(languages)s"), {"languages": tags})
        words = tuple(f"{article_id} {'' if tag == first else tag}" for tag in tags)
        yield _finding(article, reads.get(article_id, 0), article.updated_at, note, words)


def _finding(
    article: Article, count: int, at: datetime, note: Said, words: tuple[str, ...]
) -> Finding:
    title = article.published.title if article.published else article.slug
    return Finding(
        WorkList.TRANSLATION, title, count, count, count, at,
        words=words, notes=(note,), article_id=article.id,
    )  # fmt: skip


def _reads(db: Session, ids: list[int], now: datetime) -> dict[int, int]:
    """How often articles were read in the last month."""
    since = (now - timedelta(days=POPULAR_DAYS)).date()
    rows = db.execute(
        select(ArticleDay.article_id, func.sum(ArticleDay.views))
        .where(ArticleDay.article_id.in_(ids), ArticleDay.day >= since)
        .group_by(ArticleDay.article_id)
    )
    return {article_id: int(views) for article_id, views in rows}
