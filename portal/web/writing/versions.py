"""Earlier versions: what each said, what has changed since, and taking one up again."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.clock import now
from portal.knowledge import holdings, publishing
from portal.knowledge.differences import differences
from portal.knowledge.words import words_of
from portal.web.access import Who, allow
from portal.web.messages import tell
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.article import author_of
from portal.web.writing.loading import load_holding, writer


@blueprint.get("/writing/articles/<int:article_id>/versions/<int:number>")
@allow(Who.STAFF)
def version(article_id: int, number: int) -> str:
    """A version, and how it differs from another: the one named by `with`, else the latest."""
    holding = load_holding(article_id)
    shown = holdings.find_version(db(), holding.article, number) or abort(404)
    wanted = request.args.get("with", holding.latest.number, type=int)
    other = holdings.find_version(db(), holding.article, wanted) or holding.latest
    older, newer = sorted((shown, other), key=lambda one: one.number)
    return render_template(
        "writing/version.html",
        article=holding.article,
        holding=holding,
        shown=shown,
        author=author_of(shown),
        older=older,
        newer=newer,
        lines=differences(words_of(older), words_of(newer)),
        body=Markup(shown.html),  # noqa: S704  (cleaned when it was saved)
    )


@blueprint.post("/writing/articles/<int:article_id>/restoration")
@allow(Who.WRITER)
def restoration(article_id: int) -> ResponseReturnValue:
    """Take up an earlier version again: its words become a new, unpublished version."""
    holding = load_holding(article_id)
    number = request.form.get("number", 0, type=int)
    earlier = holdings.find_version(db(), holding.article, number) or abort(404)
    publishing.save_version(
        db(),
        article=holding.article,
        words=words_of(earlier),
        by=writer(),
        now=now(),
        note=f"Version {number} again",
    )
    tell("success", f"Version {number} is the latest again. Publish it to show it to readers.")
    return redirect(url_for("writing.article", article_id=article_id), 303)
