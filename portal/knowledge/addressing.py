"""The addresses of an article: which it has, which still lead to it, and who else may have them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, OldSlug
from portal.knowledge.noting import tell, touch, touch_article
from portal.knowledge.slugs import is_slug
from portal.locale import gettext as _
from portal.people.person import Person


class SlugRefusedError(Exception):
    """An address can't be had; the message says why and what to do."""


def check_slug(db: Session, slug: str, article: Article | None = None) -> None:
    """Raise SlugRefusedError when `article`, or a new one, can't have this address."""
    if not is_slug(slug):
        raise SlugRefusedError(
            _(
                "“%(slug)s” can't be an address. Use lower-case letters, digits and single "
                "hyphens, like reset-your-password.",
                slug=slug,
            )
        )
    own_id = article.id if article else None
    if (holder := db.scalar(select(Article.id).where(Article.slug == slug))) not in {None, own_id}:
        raise SlugRefusedError(
            _("“%(slug)s” is the address of another article. Choose another.", slug=slug)
        )
    if holder is not None and article is not None and slug == article.slug:
        raise SlugRefusedError(_("“%(slug)s” is this article's own address.", slug=slug))
    former = db.get(OldSlug, slug)
    if former is not None and former.article_id != own_id:
        raise SlugRefusedError(
            _(
                "“%(slug)s” was the address of another article and still leads there. "
                "Choose another.",
                slug=slug,
            )
        )


def change_slug(
    db: Session, *, article: Article, slug: str, by: Person | None, now: datetime
) -> None:
    """Give an article another address; the old one redirects for ever. Raises SlugRefusedError."""
    if slug == article.slug:
        return
    check_slug(db, slug, article)
    former = db.get(OldSlug, slug)
    if former is not None:
        db.delete(former)
    before, article.slug = article.slug, slug
    db.add(OldSlug(slug=before, article_id=article.id))
    db.flush()
    tell(db, "slug_changed", article, by=by, now=now, before=before, after=slug)
    touch_article(db, article, now=now, shelves={article.category_id})


def set_aliases(db: Session, *, article: Article, aliases: set[str], now: datetime) -> None:
    """Make exactly these further addresses lead to the article. Raises SlugRefusedError."""
    kept = {old.slug: old for old in aliases_of(db, article)}
    for slug in sorted(aliases - set(kept)):
        check_slug(db, slug, article)
        db.add(OldSlug(slug=slug, article_id=article.id))
    for slug in set(kept) - aliases:
        db.delete(kept[slug])
    db.flush()
    if set(kept) != aliases:
        touch(db, f"article:{article.id}", now=now)


def aliases_of(db: Session, article: Article) -> list[OldSlug]:
    """The former and further addresses of an article."""
    return list(
        db.scalars(select(OldSlug).where(OldSlug.article_id == article.id).order_by(OldSlug.slug))
    )
