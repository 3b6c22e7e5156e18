"""The questions that speak for an article: a writer takes away what shouldn't."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.locale import gettext as _
from portal.search import learned
from portal.web.access import Who, allow
from portal.web.messages import tell
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.loading import load_holding, writer


@blueprint.post("/writing/articles/<int:article_id>/evidence/removal")
@allow(Who.WRITER)
def remove_evidence(article_id: int) -> ResponseReturnValue:
    """Searches stop to learn from this question, until other visitors confirm it anew."""
    article = load_holding(article_id).article
    words = request.form.get("words", "")[:1_000]
    if learned.remove(db(), article=article, words=words, by=writer(), now=now()):
        tell("success", _("Removed. “%(words)s” no longer speaks for this article.", words=words))
    return redirect(url_for("writing.article", article_id=article.id, _anchor="learned"), 303)
