"""Comments of customers, for writers: let stand or remove, and switch on by article."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from portal.clock import now
from portal.knowledge import commenting
from portal.knowledge.article import Comments
from portal.knowledge.comment import Comment
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.forms import Form
from portal.web.messages import tell
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.loading import load_holding, writer

WORDS = {
    Comments.OFF: N_("Off: nobody sees or writes any"),
    Comments.OPEN: N_("Open: whoever signed in and may read the article can write one"),
    Comments.CLOSED: N_("Closed: those that stand are read, no new ones are written"),
}
SWITCHED = {
    Comments.OFF: N_("Comments here: off."),
    Comments.OPEN: N_("Comments here: open."),
    Comments.CLOSED: N_("Comments here: closed."),
}


class CommentsForm(Form):
    """Whether customers may comment."""

    comments = RadioField(
        N_("Comments"), choices=[(one.value, words) for one, words in WORDS.items()]
    )


@blueprint.get("/writing/comments")
@allow(Who.STAFF)
def comments_to_judge() -> str:
    """What waits for a writer: held ones, and reported ones."""
    return render_template("writing/comments.html", comments=commenting.comments_to_judge(db()))


@blueprint.get("/writing/articles/<int:article_id>/comments")
@allow(Who.STAFF)
def article_comments(article_id: int) -> str:
    """All comments on one article, and the switch."""
    holding = load_holding(article_id)
    values = {"comments": holding.article.comments.value}
    return render_template(
        "writing/article_comments.html",
        holding=holding,
        form=CommentsForm(formdata=None, data=values),
        comments=commenting.comments_on(db(), holding.article),
    )


@blueprint.post("/writing/articles/<int:article_id>/comments")
@allow(Who.WRITER)
def switch_comments(article_id: int) -> ResponseReturnValue:
    """On, off or closed, from the next request on."""
    article, form = load_holding(article_id).article, CommentsForm()
    if form.validate():
        chosen = Comments(form.comments.data)
        commenting.set_comments(db(), article=article, comments=chosen, by=writer(), now=now())
        tell("success", _(SWITCHED[chosen]))
    return redirect(url_for("writing.article_comments", article_id=article_id), 303)


@blueprint.post("/writing/comments/<int:comment_id>/approval")
@allow(Who.WRITER)
def approve_comment(comment_id: int) -> ResponseReturnValue:
    """Let it stand."""
    found = _load(comment_id)
    commenting.let_stand(db(), comment=found, by=writer(), now=now())
    tell("success", _("It stands below the article."))
    return redirect(url_for("writing.article_comments", article_id=found.article_id), 303)


@blueprint.post("/writing/comments/<int:comment_id>/removal")
@allow(Who.WRITER)
def remove_comment(comment_id: int) -> ResponseReturnValue:
    """Take it away from readers; it can be let stand again."""
    found = _load(comment_id)
    commenting.remove(db(), comment=found, by=writer(), now=now())
    tell("success", _("Removed. Readers don’t see it."))
    return redirect(url_for("writing.article_comments", article_id=found.article_id), 303)


def _load(comment_id: int) -> Comment:
    return commenting.find_comment(db(), comment_id) or abort(404)
