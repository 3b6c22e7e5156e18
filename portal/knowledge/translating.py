"""Making an article readable in another language, and saying that its translation is true again.

A translation is an article of its own, of which only the group and the version that it was made
from are known besides. When the original publishes a newer version, it is out of date until a
writer says otherwise.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, ArticleImage, OldSlug, Version
from portal.knowledge.noting import note_seen, tell
from portal.knowledge.slugs import slug_of
from portal.knowledge.translations import group_of
from portal.knowledge.versioning import add_article, latest_version
from portal.knowledge.words import facts_of, words_of
from portal.locale import gettext as _
from portal.people.person import Person
from portal.written import language_called

_LONGEST_OF_SLUG = 100


class TranslationRefusedError(Exception):
    """An article can't be a translation of another; the message says why and what to do."""


def add_translation(
    db: Session, *, original: Article, language: str, first: str, by: Person | None, now: datetime
) -> Article:
    """A draft in another language, with the words and facts of the original to begin with.

    `first` is the library's first language. Raises TranslationRefusedError.
    """
    if original.original is not None:
        original = original.original
    _refuse_second(db, original, language, first, but=None)
    base = base_of(db, original)
    if base is None:
        raise TranslationRefusedError(
            _("There is nothing to translate yet. Save the article first.")
        )
    owner = by.name if by else original.owner
    article = add_article(
        db,
        slug=_free_slug(db, f"{slug_of(original.slug)[:_LONGEST_OF_SLUG]}-{language.lower()}"),
        words=words_of(base),
        facts=replace(facts_of(original), owner=owner, verified_on=None),
        images=[_copied(image) for image in original.images],
        by=by,
        now=now,
        note=_(
            "From version %(number)s in %(language)s",
            number=base.number,
            language=language_called(original.language or first),
        ),
    )
    article.language = language
    article.original, article.translated_version_id = original, base.id
    db.flush()
    _tell(db, "translation_added", article, original, by=by, now=now, version=base.number)
    return article


def set_language(db: Session, *, article: Article, language: str, now: datetime) -> bool:
    """Say which language an article is in, for an import that knows. False when it was in it."""
    if article.language == language:
        return False
    article.language = language
    db.flush()
    note_seen(db, article, now=now)
    return True


def choose_language(
    db: Session, *, article: Article, language: str, by: Person, now: datetime
) -> None:
    """A writer says which language an article is in. Raises TranslationRefusedError when there are
    translations: those would be of another language then.
    """
    if len(group_of(db, article)) > 1:
        raise TranslationRefusedError(
            _("An article with translations stays in its language. Translate it instead.")
        )
    if set_language(db, article=article, language=language, now=now):
        tell(db, "language_changed", article, by=by, now=now, language=language)


def bring_up_to_date(db: Session, *, article: Article, by: Person | None, now: datetime) -> None:
    """A translation says what its original says now. Raises TranslationRefusedError."""
    original = article.original
    base = base_of(db, original) if original else None
    if original is None or base is None:
        raise TranslationRefusedError(_("This article is no translation."))
    if article.translated_version_id == base.id:
        return
    article.translated_version_id = base.id
    db.flush()
    number = base.number
    _tell(db, "translation_brought_up_to_date", article, original, by=by, now=now, version=number)
    note_seen(db, article, now=now)


def link(
    db: Session,
    *,
    article: Article,
    original: Article,
    first: str,
    is_outdated: bool,
    now: datetime,
) -> None:
    """What a file says: this is a translation of that, of its version now, unless it is outdated.

    Raises TranslationRefusedError.
    """
    if original.original is not None:
        raise TranslationRefusedError(
            f"“{original.slug}” is a translation itself. Name its original, "
            f"“{original.original.slug}”."
        )
    if original is article or _has_translations(db, article):
        raise TranslationRefusedError("it has translations itself. Name the original in those.")
    _refuse_second(db, original, article.language, first, but=article)
    base = None if is_outdated else base_of(db, original)
    if article.original is original and base and article.translated_version_id == base.id:
        return
    article.original, article.translated_version_id = original, base.id if base else None
    db.flush()
    note_seen(db, article, now=now)


def unlink(db: Session, *, article: Article, now: datetime) -> None:
    """The article stands by itself again."""
    note_seen(db, article, now=now)
    article.original, article.translated_version_id = None, None
    db.flush()


def base_of(db: Session, original: Article) -> Version | None:
    """What a translation is made from now: what readers read, else what was saved last."""
    return original.published or latest_version(db, original)


def _refuse_second(
    db: Session, original: Article, language: str, first: str, *, but: Article | None
) -> None:
    taken = next(
        (
            one
            for one in group_of(db, original)
            if one is not but and (one.language or first) == (language or first)
        ),
        None,
    )
    if taken is not None:
        raise TranslationRefusedError(
            _(
                "“%(slug)s” says the same in %(language)s already. Change that article instead.",
                slug=taken.slug,
                language=language_called(language or first),
            )
        )


def _has_translations(db: Session, article: Article) -> bool:
    found = select(Article.id).where(Article.translation_of_id == article.id).limit(1)
    return db.scalar(found) is not None


def _free_slug(db: Session, wanted: str) -> str:
    """The wanted address, with a number behind it where that has gone."""
    taken = set(db.scalars(select(Article.slug).where(Article.slug.startswith(wanted))))
    taken |= set(db.scalars(select(OldSlug.slug).where(OldSlug.slug.startswith(wanted))))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _copied(image: ArticleImage) -> ArticleImage:
    return ArticleImage(
        path=image.path,
        content_hash=image.content_hash,
        name=image.name,
        media_type=image.media_type,
        size_bytes=image.size_bytes,
        width=image.width,
        height=image.height,
    )


def _tell(
    db: Session,
    kind: str,
    article: Article,
    original: Article,
    *,
    by: Person | None,
    now: datetime,
    version: int,
) -> None:
    about = {"original": original.slug, "language": article.language, "version": version}
    tell(db, kind, article, by=by, now=now, **about)
