"""An article's words are saved as versions; a version never changes once saved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.addressing import check_slug
from portal.knowledge.article import Article, ArticleImage, Status, Version
from portal.knowledge.next_version import NextVersion
from portal.knowledge.noting import tell
from portal.knowledge.rendering import CLEANER, Rendered, render
from portal.knowledge.waiting import Said, apply
from portal.knowledge.words import Facts, Words, pictures_of
from portal.people.person import Person


class ChangedMeanwhileError(Exception):
    """Somebody saved a later version than the one that was edited."""

    def __init__(self, latest: Version) -> None:
        super().__init__(f"version {latest.number} was saved meanwhile")
        self.latest = latest


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
    check_slug(db, slug)
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


def latest_version(db: Session, article: Article) -> Version | None:
    """The version saved last, published or not."""
    return db.scalar(
        select(Version)
        .where(Version.article_id == article.id)
        .order_by(Version.number.desc())
        .limit(1)
    )


def new_version(
    article: Article,
    *,
    number: int,
    words: Words,
    rendered: Rendered,
    content_hash: str,
    note: str,
    now: datetime,
) -> Version:
    """A version with these words, not in the database yet."""
    return Version(
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
        note=note,
        created_at=now,
    )


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
    version = new_version(
        article,
        number=number,
        words=words,
        rendered=rendered,
        content_hash=content_hash,
        note=note,
        now=now,
    )
    version.author_id, version.waiting_facts = by.id if by else None, waiting
    db.add(version)
    db.flush()
    tell(db, "version_saved", article, by=by, now=now, version=number)
    return version
