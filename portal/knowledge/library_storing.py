"""Putting a prepared file into the database: the article it continues, or a new one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, ArticleImage, Audience, Category, OldSlug, Status
from portal.knowledge.front_matter import ArticleFile
from portal.knowledge.library_folder import CategoryFile, Scan
from portal.knowledge.library_preparing import Prepared
from portal.knowledge.publishing import (
    RetirementRefusedError,
    add_article,
    aliases_of,
    change_slug,
    describe,
    publish,
    retire,
    save_version,
    set_aliases,
    touch,
    unpublish,
)
from portal.knowledge.words import Facts, Words
from portal.people.organisation import Organisation

NOTE = "Imported"


class UnknownNameError(Exception):
    """A file names something that the portal doesn't know; `key` is where."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def store_categories(db: Session, found: Scan, *, now: datetime) -> None:
    """Make or change the categories that the folders describe, outer ones first."""
    for shelf, said in sorted(found.categories.items(), key=lambda item: len(item[0])):
        outer = found.categories.get(shelf[:-1])
        parent = db.scalar(select(Category).where(Category.slug == outer.slug)) if outer else None
        category = db.scalar(select(Category).where(Category.slug == said.slug))
        if category is None:
            category = Category(slug=said.slug, title=said.title)
            db.add(category)
        _describe_category(category, said, parent)
        if category in db.new or db.is_modified(category):
            db.flush()
            touch(db, f"category:{category.id}", "library", now=now)


def _describe_category(category: Category, said: CategoryFile, parent: Category | None) -> None:
    category.parent_id = parent.id if parent else None
    if said.is_written or category.id is None:
        category.title, category.summary = said.title, said.summary
        category.position = said.position


def store(db: Session, found: Scan, prepared: Prepared, *, now: datetime) -> bool:
    """Store one file; True if its article is new.

    Raises SlugRefusedError or UnknownNameError, leaving nothing behind.
    """
    with db.begin_nested():
        said = prepared.article
        words = Words(said.title, said.body, said.summary, said.applies_to, said.search_words)
        facts = _facts(db, found, prepared)
        article = _continued(db, found, prepared, now=now)
        is_new = article is None
        if article is None:
            article = _added(db, prepared, words, facts, now=now)
        else:
            _changed(db, prepared, article, words, facts, now=now)
        aliases = {old.slug for old in aliases_of(db, article)} | set(said.aliases)
        set_aliases(db, article=article, aliases=aliases - {article.slug}, now=now)
        _bring_to(db, article, said, now=now)
        article.imported_hash = prepared.fingerprint
    return is_new


def _continued(db: Session, found: Scan, prepared: Prepared, *, now: datetime) -> Article | None:
    """The article that a file continues.

    The one with its slug; or the one it was before the file was renamed (its alias says so) or the
    article was given another address in the portal, unless that has a file of its own.
    """
    slug = prepared.source.slug
    article = db.scalar(select(Article).where(Article.slug == slug))
    if article is not None:
        return article
    files = {source.slug for source in found.sources}
    moved = db.scalar(select(Article).join(OldSlug).where(OldSlug.slug == slug))
    if moved is not None and moved.slug not in files:
        return moved
    for alias in set(prepared.article.aliases) - files:
        former = db.scalar(select(Article).where(Article.slug == alias))
        if former is not None:
            change_slug(db, article=former, slug=slug, by=None, now=now)
            return former
    return None


def _added(
    db: Session, prepared: Prepared, words: Words, facts: Facts, *, now: datetime
) -> Article:
    return add_article(
        db,
        slug=prepared.source.slug,
        words=words,
        facts=facts,
        images=_image_rows(prepared),
        rendered=prepared.rendered,
        by=None,
        now=now,
        note=NOTE,
    )


def _changed(
    db: Session, prepared: Prepared, article: Article, words: Words, facts: Facts, *, now: datetime
) -> None:
    describe(db, article=article, facts=facts, by=None, now=now)
    if prepared.images or article.images:
        article.images.clear()
        db.flush()
        article.images.extend(_image_rows(prepared))
        db.flush()
    save_version(
        db,
        article=article,
        words=words,
        rendered=prepared.rendered,
        by=None,
        now=now,
        note=NOTE,
    )


def _image_rows(prepared: Prepared) -> list[ArticleImage]:
    return [
        ArticleImage(
            path=image.path,
            content_hash=prepared.pictures[image.path].address.split("/")[2],
            name=image.name,
            media_type=image.media_type,
            size_bytes=image.file.stat().st_size,
            width=image.width,
            height=image.height,
        )
        for image in prepared.images
    ]


def _bring_to(db: Session, article: Article, said: ArticleFile, *, now: datetime) -> None:
    """Give the article the status its file says; a retired one is never readable in between."""
    if said.status is Status.DRAFT:
        unpublish(db, article=article, by=None, now=now)
        return
    publish(db, article=article, by=None, now=now)
    if said.status is Status.RETIRED:
        retire(db, article=article, by=None, now=now)


def _facts(db: Session, found: Scan, prepared: Prepared) -> Facts:
    said, shelf = prepared.article, prepared.source.shelf
    slug = found.categories[shelf].slug if shelf else said.category
    category = db.scalar(select(Category).where(Category.slug == slug))
    if category is None:
        advice = "Make a folder of that name and put the file there."
        raise UnknownNameError("category", f"there is no category “{slug}”. {advice}")
    return Facts(
        category=category,
        type=said.type,
        audience=said.audience,
        organisations=_organisations(db, said),
        owner=said.owner,
        verified_on=said.verified_on,
        review_every_days=said.review_every,
        is_pinned=said.pinned,
    )


def _organisations(db: Session, said: ArticleFile) -> tuple[Organisation, ...]:
    if said.audience is not Audience.ORGANISATIONS:
        return ()
    query = select(Organisation).where(Organisation.slug.in_(said.organisations))
    found = tuple(db.scalars(query.order_by(Organisation.slug)))
    unknown = sorted(set(said.organisations) - {organisation.slug for organisation in found})
    if unknown:
        raise UnknownNameError(
            "audience",
            f"`audience` names {', '.join(unknown)}, which this portal doesn't know. "
            "Add the organisation first, or correct its name.",
        )
    return found


def name_heir(db: Session, slug: str, heir_slug: str, *, now: datetime) -> None:
    """Let a retired article's address lead to its heir. Raises RetirementRefusedError."""
    article = db.scalar(select(Article).where(Article.slug == slug))
    heir = db.scalar(select(Article).where(Article.slug == heir_slug))
    if article is None or article.status is not Status.RETIRED:
        return
    if heir is None or heir.status is not Status.PUBLISHED:
        article.imported_hash = ""
        raise RetirementRefusedError(
            f"there is no published article “{heir_slug}”. Name one that readers can read."
        )
    retire(db, article=article, by=None, now=now, heir=heir)
