"""An article as its file would say it, with what a comparison needs to know of it.

An article is filed as it is published; one that isn't, as it was saved last.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, selectinload

from portal.knowledge.article import Article, OldSlug, Status, Version
from portal.knowledge.front_matter import ArticleFile
from portal.knowledge.library_comparing import mark
from portal.knowledge.library_names import NOTE


@dataclass(frozen=True)
class Filed:
    """An article and its file's words. `images` are content hashes by path; `unpublished` is a
    later version that readers don't see yet.
    """

    article: Article
    said: ArticleFile
    images: Mapping[str, str]
    version: Version
    unpublished: Version | None = None

    @cached_property
    def mark(self) -> str:
        """The fingerprint of all that a writer could have changed, unpublished words too."""
        return self._mark(self.unpublished.content_hash if self.unpublished else "")

    @cached_property
    def mark_as_filed(self) -> str:
        """The fingerprint of what the file says: the article\'s part of a common version."""
        return self._mark("")

    @property
    def is_import(self) -> bool:
        """Whether an import wrote the words that were saved last."""
        latest = self.unpublished or self.version
        return latest.author_id is None and latest.note == NOTE

    def _mark(self, unpublished: str) -> str:
        return mark(
            self.said,
            slug=self.article.slug,
            category=self.article.category.slug,
            images=self.images,
            unpublished=unpublished,
        )


def filed(db: Session, ids: Iterable[int]) -> dict[int, Filed]:
    """These articles as they would be filed, by id; one without any version is left out."""
    wanted = list(ids)
    articles = db.scalars(
        select(Article)
        .where(Article.id.in_(wanted))
        .options(
            selectinload(Article.category),
            selectinload(Article.heir),
            selectinload(Article.original),
            selectinload(Article.organisations),
            selectinload(Article.images),
        )
        .execution_options(populate_existing=True)
    )
    latest = _latest(db, wanted)
    aliases = _aliases(db, wanted)
    return {
        article.id: _filed(article, latest[article.id], shown, aliases.get(article.id, ()))
        for article in articles
        if article.id in latest
        for shown in [_shown(db, article, latest[article.id])]
    }


def _latest(db: Session, ids: list[int]) -> dict[int, Version]:
    newest = (
        select(func.max(Version.id).label("id"))
        .where(Version.article_id.in_(ids))
        .group_by(Version.article_id)
        .subquery()
    )
    query = select(Version).join(newest, newest.c.id == Version.id)
    query = query.options(defer(Version.html), defer(Version.text), defer(Version.contents))
    return {version.article_id: version for version in db.scalars(query)}


def _aliases(db: Session, ids: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    query = select(OldSlug).where(OldSlug.article_id.in_(ids)).order_by(OldSlug.slug)
    for old in db.scalars(query):
        found[old.article_id] = (*found.get(old.article_id, ()), old.slug)
    return found


def _shown(db: Session, article: Article, latest: Version) -> Version:
    if article.status is Status.DRAFT or article.published_version_id in {None, latest.id}:
        return latest
    return db.get_one(Version, article.published_version_id)


def _filed(article: Article, latest: Version, version: Version, aliases: tuple[str, ...]) -> Filed:
    said = ArticleFile(
        title=version.title,
        audience=article.audience,
        status=article.status,
        body=version.body,
        summary=version.summary,
        type=article.type,
        applies_to=tuple(version.applies_to),
        organisations=tuple(sorted(organisation.slug for organisation in article.organisations)),
        search_words=tuple(version.search_words),
        owner=article.owner,
        verified_on=article.verified_on,
        review_every=article.review_every_days,
        aliases=aliases,
        pinned=article.is_pinned,
        heir=article.heir.slug if article.heir else None,
        language=article.language,
        translation_of=article.original.slug if article.original else None,
        outdated=article.is_outdated,
    )
    images = {image.path: image.content_hash for image in article.images}
    return Filed(article, said, images, version, None if latest.id == version.id else latest)
