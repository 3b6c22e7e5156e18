"""Links to other articles, found by their words and put into the text as Markdown."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.knowledge.article import Audience
from portal.knowledge.queries import readable_articles
from portal.knowledge.reader import STAFF
from portal.locale import gettext as _
from portal.search.searching import search
from portal.web.access import Who, allow
from portal.web.parts import parts
from portal.web.transaction import abandon, db
from portal.web.writing import blueprint
from portal.web.writing.editor import new_page, page
from portal.web.writing.forms import ArticleForm
from portal.web.writing.loading import load_holding, offer_choices
from portal.web.writing.words import READERS

_MOST = 8


@dataclass(frozen=True)
class Found:
    """An article to link to, as Markdown; `audience` says who of all readers may follow it."""

    title: str
    text: str
    category: str
    audience: str


@blueprint.get("/writing/links")
@allow(Who.WRITER, is_use=False)
def link_choices() -> str:
    """What can be linked, for the script; a fragment."""
    found = _found(request.args.get("q", "")[:100])
    return render_template("writing/_links.html", found_links=found)


@blueprint.post("/writing/links")
@allow(Who.WRITER)
def links_for_new() -> ResponseReturnValue:
    """The same without script, while a new article is written: what was typed stays."""
    abandon()
    return new_page(offer_choices(ArticleForm()), found_links=_wanted())


@blueprint.post("/writing/articles/<int:article_id>/links")
@allow(Who.WRITER)
def links_for(article_id: int) -> ResponseReturnValue:
    """The same without script, while an article is changed."""
    abandon()
    holding = load_holding(article_id)
    return page(holding, offer_choices(ArticleForm()), found_links=_wanted())


def _wanted() -> list[Found]:
    return _found(request.form.get("find", "")[:100])


def _found(words: str) -> list[Found]:
    if not words.strip():
        return []
    results = search(db(), parts().index, text=words, reader=STAFF)
    ids = [result.article_id for result in results.items[:_MOST]]
    return [
        Found(
            title=article.published.title,
            text=f"[{article.published.title}]({article.slug})",
            category=article.category.title,
            audience="" if article.audience is Audience.PUBLIC else _(READERS[article.audience]),
        )
        for article in readable_articles(db(), reader=STAFF, ids=ids)
        if article.published is not None
    ]
