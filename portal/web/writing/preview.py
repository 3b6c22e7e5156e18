"""How an article would look, made by the same pipeline that makes the published one.

With a script only the fragment is asked for; without one the page comes back with the preview and
everything that was typed. Nothing is saved.
"""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.knowledge.rendering import Picture, RenderingRefusedError, render
from portal.knowledge.words import pictures_of
from portal.web.access import Who, allow
from portal.web.transaction import abandon
from portal.web.writing import blueprint
from portal.web.writing.article import new_page, page
from portal.web.writing.forms import ArticleForm
from portal.web.writing.loading import load_holding, offer_choices


@blueprint.post("/writing/preview")
@allow(Who.WRITER)
def preview_new() -> ResponseReturnValue:
    """The preview of an article that was never saved."""
    abandon()
    form = offer_choices(ArticleForm())
    shown, status = _made(form, {})
    if _wants_fragment():
        return _fragment(form, shown), status
    return new_page(form, shown), status


@blueprint.post("/writing/articles/<int:article_id>/preview")
@allow(Who.WRITER)
def preview(article_id: int) -> ResponseReturnValue:
    abandon()
    holding, form = load_holding(article_id), offer_choices(ArticleForm())
    shown, status = _made(form, pictures_of(holding.article))
    if _wants_fragment():
        return _fragment(form, shown), status
    return page(holding, form, preview=shown), status


def _made(form: ArticleForm, pictures: dict[str, Picture]) -> tuple[Markup | None, int]:
    try:
        html = render(form.words.body, pictures=pictures).html
    except RenderingRefusedError as error:
        form.body.errors = [f"{str(error)[:1].upper()}{str(error)[1:]}"]
        return None, 422
    return Markup(html), 200  # noqa: S704  (cleaned by the one cleaner)


def _wants_fragment() -> bool:
    return "fragment" in request.args


def _fragment(form: ArticleForm, shown: Markup | None) -> str:
    return render_template("writing/_preview.html", form=form, preview=shown)
