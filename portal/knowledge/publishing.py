"""How an article comes to be read: saved as a version, published, moved, retired.

A version never changes once saved. Publishing and withdrawing hold for the next request: the same
transaction notes what was touched, and pages, search and feeds read that note. Who publishes must
have the approval that the category asks for; the operator's own files (`by` None) need none.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from portal.events import record
from portal.knowledge.announcing import announce_as_planned
from portal.knowledge.article import (
    Article,
    ArticleImage,
    Category,
    Feedback,
    ForeignVersionError,
    LibraryChange,
    OldSlug,
    RetirementRefusedError,
    Status,
    Version,
)
from portal.knowledge.next_version import NextVersion, Stage
from portal.knowledge.queries import lineage
from portal.knowledge.rendering import CLEANER, Rendered, render
from portal.knowledge.slugs import is_slug, slug_of
from portal.knowledge.translations import group_ids
from portal.knowledge.waiting import Said, apply, check_approval, facts_of_said, overtake
from portal.knowledge.words import Facts, Words, facts_of, pictures_of
from portal.locale import gettext as _
from portal.people.person import Person

__all__ = ["RetirementRefusedError"]
_LOCK_OF_CHANGES = 7_203_114


class SlugRefusedError(Exception):
    """An address can't be had; the message says why and what to do."""


class ChangedMeanwhileError(Exception):
    """Somebody saved a later version than the one that was edited."""

    def __init__(self, latest: Version) -> None:
        super().__init__(f"version {latest.number} was saved meanwhile")
        self.latest = latest


def touch(db: Session, *tags: str, now: datetime) -> None:
    """Note that readers can see a change of "article:12", "category:3" or the "library".

    A page carries the tag of every article and category it names. On PostgreSQL revisions commit
    in order, so that nobody who reads up to a revision misses an earlier one.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK_OF_CHANGES})
    db.add_all(LibraryChange(tag=tag, at=now) for tag in tags)
    db.flush()


def touch_article(db: Session, article: Article, *, now: datetime, shelves: set[int]) -> None:
    """Note that readers can see a change of an article, on these shelves."""
    rows = db.execute(select(Category.id, Category.parent_id))
    parents = {row.id: row.parent_id for row in rows}
    shelves = {ancestor for shelf in shelves for ancestor in lineage(shelf, parents)}
    group = [f"article:{one}" for one in group_ids(db, article)]
    touch(db, *group, *(f"category:{s}" for s in sorted(shelves)), "library", now=now)
    article.updated_at = now


def note_seen(db: Session, article: Article, *, now: datetime) -> None:
    """Note that what readers see around an article has changed, in all its languages."""
    if article.status is Status.PUBLISHED:
        touch(db, *(f"article:{one}" for one in group_ids(db, article)), "library", now=now)


def add_article(
    db: Session,
    *,
    slug: str,
    words: Words,
    facts: Facts,
    by: Person | None,
    now: datetime,
    note: str = "",
    images: Sequence[ArticleImage] = (),
    rendered: Rendered | None = None,
) -> Article:
    """A new article as a draft with its first version. Raises SlugRefusedError."""
    _refuse_taken_slug(db, slug, None)
    article = Article(slug=slug, status=Status.DRAFT, created_at=now, updated_at=now)
    article.images.extend(images)
    apply(article, facts)
    db.add(article)
    db.flush()
    _add_version(
        db,
        article=article,
        words=words,
        number=1,
        content_hash=words.content_hash(pictures_of(article)),
        by=by,
        now=now,
        note=note,
        rendered=rendered,
    )
    return article


def check_slug(db: Session, slug: str) -> None:
    """Raise SlugRefusedError when a new article can't have this address."""
    _refuse_taken_slug(db, slug, None)


def ensure_category(db: Session, *, title: str) -> Category:
    """The category whose address follows from `title`; made if there is none."""
    slug = slug_of(title) or "more"
    category = db.scalar(select(Category).where(Category.slug == slug))
    if category is None:
        category = Category(slug=slug, title=title)
        db.add(category)
        db.flush()
    return category


def latest_version(db: Session, article: Article) -> Version | None:
    """The version saved last, published or not."""
    return db.scalar(
        select(Version)
        .where(Version.article_id == article.id)
        .order_by(Version.number.desc())
        .limit(1)
    )


def save_version(
    db: Session,
    *,
    article: Article,
    words: Words,
    by: Person | None,
    now: datetime,
    note: str = "",
    based_on: int | None = None,
    rendered: Rendered | None = None,
    waiting: Said | None = None,
) -> Version:
    """Keep new words as a version, unpublished; the same words again are the same version, unless
    other facts wait to be published with them.

    Raises ChangedMeanwhileError when `based_on` is not the latest number, and
    RenderingRefusedError when the body can't be rendered.
    """
    db.refresh(article, with_for_update=True)
    latest = latest_version(db, article)
    pictures = pictures_of(article)
    content_hash = words.content_hash(pictures)
    is_same = latest is not None and latest.content_hash == content_hash
    if latest and is_same and waiting in (None, latest.waiting_facts):
        return latest
    if latest and based_on is not None and based_on != latest.number:
        raise ChangedMeanwhileError(latest)
    version = _add_version(
        db,
        article=article,
        words=words,
        number=latest.number + 1 if latest else 1,
        content_hash=content_hash,
        by=by,
        now=now,
        note=note,
        rendered=rendered,
        waiting=waiting,
    )
    if (following := db.get(NextVersion, article.id)) is not None:
        following.follow(version)
    return version


def _add_version(
    db: Session,
    *,
    article: Article,
    words: Words,
    number: int,
    content_hash: str,
    by: Person | None,
    now: datetime,
    note: str,
    rendered: Rendered | None,
    waiting: Said | None = None,
) -> Version:
    rendered = rendered or render(words.body, pictures=pictures_of(article))
    version = Version(
        article_id=article.id,
        number=number,
        title=words.title,
        summary=words.summary,
        body=words.body,
        applies_to=list(words.applies_to),
        search_words=list(words.search_words),
        html=rendered.html,
        contents=rendered.contents,
        text=rendered.text,
        cleaner=CLEANER,
        content_hash=content_hash,
        author_id=by.id if by else None,
        note=note,
        created_at=now,
        waiting_facts=waiting,
    )
    db.add(version)
    db.flush()
    tell(db, "version_saved", article, by=by, now=now, version=number)
    return version


def describe(
    db: Session, *, article: Article, facts: Facts, by: Person | None, now: datetime
) -> bool:
    """Change the facts of an article, at once for readers too. False when nothing changed.

    What waited to be published with a version is overtaken.
    """
    before = facts_of(article)
    if before == facts:
        return False
    apply(article, facts)
    db.flush()
    overtake(db, article)
    tell(db, "facts_changed", article, by=by, now=now)
    if article.status is Status.PUBLISHED:
        touch_article(db, article, now=now, shelves={before.category.id, facts.category.id})
    return True


def publish(
    db: Session,
    *,
    article: Article,
    by: Person | None,
    now: datetime,
    version: Version | None = None,
) -> None:
    """Let readers read a version, the latest unless another is given, with the facts that waited
    for it. Raises ApprovalMissingError.
    """
    version = version or latest_version(db, article)
    if version is None:
        raise ForeignVersionError(article.slug)
    if article.is_published and article.published is version and version.waiting_facts is None:
        return
    facts = facts_of_said(db, version.waiting_facts) if version.waiting_facts else None
    if by is not None:
        check_approval(db, article, version, facts)
    before, former = {article.category_id}, article.published
    article.put_before_readers(version, now=now)
    if facts:
        apply(article, facts)
        version.waiting_facts = None
    db.flush()
    _carry_votes(db, former, version)
    _settle_next(db, article, version)
    tell(db, "article_published", article, by=by, now=now, version=version.number)
    announce_as_planned(db, article=article, now=now)
    touch_article(db, article, now=now, shelves=before | {article.category_id})


def _carry_votes(db: Session, former: Version | None, version: Version) -> None:
    """What readers said of these very words is still said of them: only facts have changed."""
    if former is None or former is version or former.content_hash != version.content_hash:
        return
    is_new = not db.scalar(select(Feedback.id).where(Feedback.version_id == version.id).limit(1))
    if is_new:
        moved = update(Feedback).where(Feedback.version_id == former.id)
        db.execute(moved.values(version_id=version.id))


def _settle_next(db: Session, article: Article, version: Version) -> None:
    """Nothing is pending any more for what was published, or for what is older."""
    following = db.get(NextVersion, article.id)
    if following is not None and following.version.number <= version.number:
        db.delete(following)
        db.flush()


def _unschedule(db: Session, article: Article) -> None:
    """What was taken from readers doesn't come back by itself."""
    following = db.get(NextVersion, article.id)
    latest = latest_version(db, article)
    if following is not None and latest is not None and following.stage is Stage.SCHEDULED:
        following.unschedule(latest)


def unpublish(db: Session, *, article: Article, by: Person | None, now: datetime) -> None:
    """Make a published or retired article a draft again: nobody reads it until it is published."""
    if article.status is Status.DRAFT:
        return
    article.take_from_readers()
    _unschedule(db, article)
    db.flush()
    tell(db, "article_unpublished", article, by=by, now=now)
    touch_article(db, article, now=now, shelves={article.category_id})


def retire(
    db: Session,
    *,
    article: Article,
    by: Person | None,
    now: datetime,
    heir: Article | None = None,
) -> None:
    """Withdraw an article: its address leads to `heir`, or says that it is gone.

    Raises RetirementRefusedError when `heir` is itself or can't be read.
    """
    article.give_way_to(heir, now=now)
    _unschedule(db, article)
    db.flush()
    tell(db, "article_retired", article, by=by, now=now, heir=heir.slug if heir else None)
    touch_article(db, article, now=now, shelves={article.category_id})


def change_slug(
    db: Session, *, article: Article, slug: str, by: Person | None, now: datetime
) -> None:
    """Give an article another address; the old one redirects for ever. Raises SlugRefusedError."""
    if slug == article.slug:
        return
    _refuse_taken_slug(db, slug, article)
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
        _refuse_taken_slug(db, slug, article)
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


def _refuse_taken_slug(db: Session, slug: str, article: Article | None) -> None:
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


def tell(
    db: Session, kind: str, article: Article, *, by: Person | None, now: datetime, **detail: Any
) -> None:
    """Keep on record what happened to an article; its events are for staff."""
    record(
        db,
        kind,
        now=now,
        actor_id=by.id if by else None,
        actor_name=by.name if by else "",
        article_id=article.id,
        is_internal=True,
        **detail,
    )
