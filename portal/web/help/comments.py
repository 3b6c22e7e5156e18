"""Comments below an article, by whoever signed in and may read it."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import commenting, queries
from portal.knowledge.article import Article
from portal.knowledge.comment import CommentState
from portal.knowledge.commenting import LONGEST_COMMENT, CommentRefusedError
from portal.locale import N_
from portal.locale import gettext as _
from portal.mail.comment_news import tell_owner
from portal.people.person import Person
from portal.web.access import Who, allow
from portal.web.forms import Form, Text
from portal.web.help import blueprint
from portal.web.identity import current_person, reader
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db


class CommentForm(Form):
    """What somebody says."""

    body = Text(
        N_("Your comment"), required=N_("Write what you want to say."), limit=LONGEST_COMMENT
    )


@blueprint.get("/articles/<slug>/comments")
@allow(Who.SIGNED_IN)
def comment_form(slug: str) -> ResponseReturnValue:
    """The form on a page of its own."""
    return _page(_article(slug), CommentForm(formdata=None))


@blueprint.post("/articles/<slug>/comments")
@allow(Who.SIGNED_IN)
def comment(slug: str) -> ResponseReturnValue:
    """Kept at once; read by others once a writer lets it stand, unless the operator holds none."""
    article, form = _article(slug), CommentForm()
    if not form.validate():
        return _page(article, form), 422
    settings = parts().settings
    try:
        made = commenting.comment(
            db(),
            article=article,
            by=_person(),
            body=form.body.text,
            is_held=settings.comments_held,
            now=now(),
        )
    except CommentRefusedError as error:
        form.body.errors = [str(error)]
        return _page(article, form), 422
    tell_owner(db(), comment=made, settings=settings, now=now())
    is_held = made.state is CommentState.HELD
    thanks = _("Thank you. It stands here once we have read it.") if is_held else _("Thank you.")
    tell("success", thanks)
    return _back(article)


@blueprint.post("/articles/<slug>/comments/<int:comment_id>/report")
@allow(Who.SIGNED_IN)
def report_comment(slug: str, comment_id: int) -> ResponseReturnValue:
    """A reader says that it should not stand there."""
    article = _article(slug)
    found = commenting.find_comment(db(), comment_id)
    if found is None or found.article_id != article.id or found.state is not CommentState.SHOWN:
        return abort(404)
    commenting.report(db(), comment=found, by=_person(), now=now())
    tell("success", _("Thank you. We look at it."))
    return _back(article)


def _article(slug: str) -> Article:
    found = queries.find_article(db(), slug, reader=reader())
    if not isinstance(found, Article) or found.comments.value == "off":
        abort(404)
    return found


def _person() -> Person:
    person = current_person()
    assert person is not None
    return person


def _page(article: Article, form: CommentForm) -> str:
    return render_template("help/comment.html", article=article, form=form)


def _back(article: Article) -> ResponseReturnValue:
    return redirect(url_for("help.article", slug=article.slug, _anchor="comments"), 303)
