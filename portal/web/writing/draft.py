"""What is typed and not saved is kept every few seconds, and who else is at the article is told.

The page's script asks; without it the form's own buttons save, and meeting another's version is
told then.
"""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import drafts
from portal.knowledge.holdings import Holding
from portal.web.access import Who, allow
from portal.web.filters import reader_zone
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.editor import author_of
from portal.web.writing.forms import ArticleForm
from portal.web.writing.loading import load_holding, writer

LONGEST_KEY = 40
_NOT_KEPT = {"csrf_token", "image"}


@blueprint.post("/writing/articles/<int:article_id>/draft")
@allow(Who.WRITER)
def keep_draft(article_id: int) -> ResponseReturnValue:
    """Keep what was typed so far."""
    holding = load_holding(article_id)
    _keep(str(article_id), article_id)
    return _told(holding)


@blueprint.post("/writing/articles/<int:article_id>/presence")
@allow(Who.WRITER, is_use=False)
def article_presence(article_id: int) -> ResponseReturnValue:
    """Note that this page is open, and tell who else is here."""
    holding = load_holding(article_id)
    drafts.be_here(db(), person=writer(), key=str(article_id), article_id=article_id, now=now())
    return _told(holding)


@blueprint.post("/writing/drafts/<key>")
@allow(Who.WRITER)
def keep_new_draft(key: str) -> ResponseReturnValue:
    """Keep what was typed of an article that was never saved."""
    if not key.startswith("new-") or len(key) > LONGEST_KEY:
        abort(404)
    _keep(key, None)
    return _told(None)


def _keep(key: str, article_id: int | None) -> None:
    """Keep the fields of the form, and no others; the text as it stands, without judging it."""
    names = {field.name for field in ArticleForm(formdata=None)} | {"source"}
    fields = {name: values for name, values in request.form.lists() if name in names - _NOT_KEPT}
    drafts.keep(db(), person=writer(), key=key, article_id=article_id, fields=fields, now=now())


def _told(holding: Holding | None) -> str:
    """When it was kept, who else is here, and whether somebody saved a version meanwhile."""
    seen = request.form.get("based_on", "")
    is_overtaken = holding is not None and seen != str(holding.latest.number)
    others = (
        drafts.others_at(db(), article_id=holding.article.id, person=writer(), now=now())
        if holding
        else []
    )
    return render_template(
        "writing/_told.html",
        kept_at=now().astimezone(reader_zone()),
        others=others,
        later=holding.latest if holding and is_overtaken else None,
        author=author_of(holding.latest) if holding and is_overtaken else "",
    )
