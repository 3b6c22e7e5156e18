"""How an article would look, made by the same pipeline that makes the published one.

With a script only the fragment is asked for; without one the page comes back with the preview and
everything that was typed. Nothing is saved.
"""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.knowledge import drafts
from portal.knowledge.article import Article, ArticleType
from portal.knowledge.checks import Draft, Finding, check
from portal.knowledge.picturing import pictures_in
from portal.knowledge.rendering import Picture, RenderingRefusedError, render
from portal.knowledge.words import pictures_of
from portal.languages import FIRST
from portal.web.access import Who, allow
from portal.web.languages import tag_of
from portal.web.transaction import abandon, db
from portal.web.writing import blueprint
from portal.web.writing.editor import new_page, page
from portal.web.writing.forms import ArticleForm
from portal.web.writing.loading import load_holding, offer_choices, writer
from portal.web.writing.resembling import resembling


@dataclass(frozen=True)
class Shown:
    """What was made of the text: HTML and findings, or None with the fault at the field."""

    html: Markup | None
    findings: list[Finding]
    similar: list[Article]


@blueprint.post("/writing/preview")
@allow(Who.WRITER)
def preview_new() -> ResponseReturnValue:
    """The preview of an article that was never saved."""
    abandon()
    form = offer_choices(ArticleForm())
    kept = drafts.kept_at_all(db(), person=writer(), key=form.draft_key.text)
    shown = _made(form, pictures_in(kept), None)
    if "fragment" in request.args:
        return _fragment(form, shown)
    return new_page(form, **seen_values(shown)), _status(shown)


@blueprint.post("/writing/articles/<int:article_id>/preview")
@allow(Who.WRITER)
def preview(article_id: int) -> ResponseReturnValue:
    """The preview of an article as it would be saved."""
    abandon()
    holding, form = load_holding(article_id), offer_choices(ArticleForm())
    shown = shown_of(form, holding.article)
    if "fragment" in request.args:
        return _fragment(form, shown)
    return page(holding, form, **seen_values(shown)), _status(shown)


def shown_of(form: ArticleForm, article: Article) -> Shown:
    """How the text of this form would look, with the article's images and those put in since."""
    kept = drafts.kept_at_all(db(), person=writer(), key=str(article.id))
    return _made(form, pictures_of(article) | pictures_in(kept), article)


def _made(form: ArticleForm, pictures: dict[str, Picture], article: Article | None) -> Shown:
    words = form.words
    try:
        made = render(words.body, pictures=pictures)
    except RenderingRefusedError as error:
        form.body.errors = [f"{str(error)[:1].upper()}{str(error)[1:]}"]
        return Shown(None, [], [])
    levels = tuple(int(entry["level"]) for entry in made.contents)
    said = form.type.data
    kind = ArticleType(said) if said in set(ArticleType) else ArticleType.HOW_TO
    language = tag_of(article.language if article else FIRST)
    draft = Draft(words.title, words.summary, made.html, made.text, levels, kind, language)
    similar = resembling(f"{words.title} {words.summary}", article.id if article else None)
    html = Markup(made.html)  # noqa: S704  (cleaned by the one cleaner)
    return Shown(html, check(db(), draft), similar)


def seen_values(shown: Shown) -> dict[str, Any]:
    """What the template of the editor's page wants of it."""
    return {"preview": shown.html, "findings": shown.findings, "similar": shown.similar}


def _status(shown: Shown) -> int:
    return 422 if shown.html is None else 200


def _fragment(form: ArticleForm, shown: Shown) -> ResponseReturnValue:
    return render_template("writing/_preview.html", form=form, **seen_values(shown)), _status(shown)
