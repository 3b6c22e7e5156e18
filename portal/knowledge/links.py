"""Which articles lead to which: read from what was rendered, so that it is what readers follow."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.knowledge.addressing import aliases_of
from portal.knowledge.article import Article, OldSlug, Status, Version

_TO_ARTICLE = re.compile(r'href="/articles/([a-z0-9-]{1,200})["#?]')


@dataclass(frozen=True)
class Linking:
    """An article that readers see and that leads to another."""

    article_id: int
    slug: str
    title: str


def links_in(html: str) -> list[str]:
    """The addresses of articles that a rendered text leads to, each once."""
    return list(dict.fromkeys(_TO_ARTICLE.findall(html)))


def linking_to(db: Session, article: Article) -> list[Linking]:
    """The published articles whose text leads to this one, by any address that it ever had."""
    slugs = [article.slug, *(old.slug for old in aliases_of(db, article))]
    leads = [
        Version.html.contains(f'href="/articles/{slug}{end}', autoescape=True)
        for slug in slugs
        for end in ('"', "#")
    ]
    rows = db.execute(
        select(Article.id, Article.slug, Version.title)
        .join(Version, Version.id == Article.published_version_id)
        .where(Article.status == Status.PUBLISHED, Article.id != article.id, or_(*leads))
        .order_by(Version.title, Article.id)
    )
    return [Linking(*row) for row in rows]


def dead_links(db: Session, slugs: Iterable[str]) -> list[str]:
    """Those of the addresses at which no reader finds anything: never known, or still a draft."""
    wanted = list(slugs)
    if not wanted:
        return []
    is_there = Article.status != Status.DRAFT
    current = select(Article.slug).where(Article.slug.in_(wanted), is_there)
    former = (
        select(OldSlug.slug)
        .join(Article, Article.id == OldSlug.article_id)
        .where(OldSlug.slug.in_(wanted), is_there)
    )
    alive = set(db.scalars(current)) | set(db.scalars(former))
    return [slug for slug in wanted if slug not in alive]
