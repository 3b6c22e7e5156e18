"""Translations for their writers: begin one, see what is out of date, say that it is true again."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.insight.reviewing import settle_list
from portal.insight.work_item import WorkList
from portal.knowledge import holdings, translating
from portal.knowledge.article import Article, Version
from portal.knowledge.translating import TranslationRefusedError
from portal.knowledge.translations import group_of
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.languages import (
    has_choice,
    language_in_words,
    library_languages,
    stored_language,
    tag_of,
)
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import abandon, db
from portal.web.writing import blueprint
from portal.web.writing.loading import load_holding, writer


@dataclass(frozen=True)
class WritersTranslations:
    """The articles of a group but the one that is open, and the languages that have none yet.

    `base` is the version of the original that the open article was made from, `newest` the one
    that readers read now.
    """

    others: list[Article]
    missing: list[str]
    original: Article | None
    base: Version | None
    newest: Version | None


def translations_for_writers(article: Article) -> WritersTranslations | None:
    """None where the library has one language and the article stands by itself."""
    group = group_of(db(), article)
    if not has_choice() and len(group) < 2:
        return None
    known = {tag_of(one.language) for one in group}
    base_id = article.translated_version_id
    return WritersTranslations(
        others=[one for one in group if one is not article],
        missing=[tag for tag in library_languages() if tag not in known],
        original=article.original,
        base=db().get(Version, base_id) if base_id else None,
        newest=article.original.published if article.original else None,
    )


@blueprint.post("/writing/articles/<int:article_id>/translations")
@allow(Who.WRITER)
def add_translation(article_id: int) -> ResponseReturnValue:
    """Begin a translation: a draft with the original's words, to be replaced by others."""
    original, tag = load_holding(article_id).article, request.form.get("language", "")
    language = stored_language(tag)
    if language is None:
        tell("error", _("Choose one of the library's languages."))
        return _back(article_id)
    try:
        article = translating.add_translation(
            db(),
            original=original,
            language=language,
            first=library_languages()[0],
            by=writer(),
            now=now(),
        )
    except TranslationRefusedError as error:
        abandon()
        tell("error", str(error))
        return _back(article_id)
    tell("success", _("A draft with the original's words. Translate them, then publish it."))
    return _back(article.id)


@blueprint.post("/writing/articles/<int:article_id>/language")
@allow(Who.WRITER)
def choose_language(article_id: int) -> ResponseReturnValue:
    """Say which language an article is in."""
    article = load_holding(article_id).article
    language = stored_language(request.form.get("language", ""))
    if language is None:
        tell("error", _("Choose one of the library's languages."))
        return _back(article_id)
    try:
        translating.choose_language(
            db(), article=article, language=language, by=writer(), now=now()
        )
        said = _("The article is in %(language)s.", language=language_in_words(language))
        tell("success", said)
    except TranslationRefusedError as error:
        abandon()
        tell("error", str(error))
    return _back(article_id)


@blueprint.post("/writing/articles/<int:article_id>/translation")
@allow(Who.WRITER)
def bring_up_to_date(article_id: int) -> ResponseReturnValue:
    """Say that a translation says what its original says now."""
    article = load_holding(article_id).article
    try:
        translating.bring_up_to_date(db(), article=article, by=writer(), now=now())
        settle_list(db(), parts().index, kind=WorkList.TRANSLATION, now=now())
        tell("success", _("The translation is up to date with its original."))
    except TranslationRefusedError as error:
        abandon()
        tell("error", str(error))
    return _back(article_id)


def title_of(article: Article) -> str:
    """What a group's article is called in lists of writers: as it is read, else as it was saved."""
    if article.published is not None:
        return article.published.title
    holding = holdings.find_holding(db(), article.id)
    return holding.latest.title if holding else article.slug


def _back(article_id: int) -> ResponseReturnValue:
    return redirect(url_for("writing.article", article_id=article_id), 303)
