"""Did this solve your problem? One vote a visitor for the version that was read, changeable."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from portal.clock import now
from portal.insight import attempting
from portal.insight.attempt import Place
from portal.knowledge import queries
from portal.knowledge.article import Article, NoReason, Version
from portal.knowledge.feedback import LONGEST_COMMENT, give_feedback
from portal.locale import N_
from portal.locale import gettext as _
from portal.search import learned
from portal.search.similar import similar
from portal.web.access import Csrf, Who, allow
from portal.web.forms import Form, Text
from portal.web.help import blueprint
from portal.web.help.articles import elsewhere
from portal.web.help.reading import learn
from portal.web.identity import reader, visitor_hash
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db
from portal.web.visits import visitor

MOST_RELATED = 4
REASONS = {
    NoReason.UNCLEAR: N_("It was hard to understand"),
    NoReason.INCOMPLETE: N_("Something was missing"),
    NoReason.WRONG: N_("It is wrong or out of date"),
    NoReason.OTHER_QUESTION: N_("It answers another question than mine"),
}


class ReasonForm(Form):
    """Why an article did not help."""

    reason = RadioField(
        N_("What was the trouble?"),
        choices=[(reason.value, words) for reason, words in REASONS.items()],
    )
    comment = Text(N_("Anything that would help us put it right?"), limit=LONGEST_COMMENT)


@blueprint.post("/articles/<slug>/feedback")
@allow(Who.ANYONE, csrf=Csrf.ORIGIN)
def feedback(slug: str) -> ResponseReturnValue:
    """Yes thanks; No is kept at once and then asked why."""
    article = _article(slug)
    helped = request.form.get("helped")
    if helped not in {"yes", "no"}:
        abort(400)
    _give(article, helped=helped == "yes")
    if helped == "yes":
        _solve(article)
        tell("success", _("Thank you. We are glad that this solved your problem."))
        return redirect(url_for("help.article", slug=article.slug), 303)
    version = request.form.get("version")
    return redirect(url_for("help.feedback_reason", slug=article.slug, version=version), 303)


@blueprint.get("/articles/<slug>/feedback")
@allow(Who.ANYONE)
def feedback_reason(slug: str) -> ResponseReturnValue:
    found = queries.find_article(db(), slug, reader=reader())
    if not isinstance(found, Article):
        return elsewhere(found, "help.feedback_reason")
    return _reason_page(found, ReasonForm())


@blueprint.post("/articles/<slug>/feedback/reason")
@allow(Who.ANYONE, csrf=Csrf.ORIGIN)
def give_reason(slug: str) -> ResponseReturnValue:
    article, form = _article(slug), ReasonForm()
    if not form.validate():
        return _reason_page(article, form), 422
    _give(article, helped=False, reason=NoReason(form.reason.data), comment=form.comment.data or "")
    tell("success", _("Thank you. Whoever looks after this article reads what you wrote."))
    return redirect(url_for("help.article", slug=article.slug), 303)


def _article(slug: str) -> Article:
    found = queries.find_article(db(), slug, reader=reader())
    return found if isinstance(found, Article) else abort(404)


def _give(
    article: Article, *, helped: bool, reason: NoReason | None = None, comment: str = ""
) -> None:
    version = _version_read(article)
    give_feedback(
        db(),
        version=version,
        visitor_hash=visitor_hash(),
        helped=helped,
        reason=reason,
        comment=comment,
        now=now(),
    )


def _solve(article: Article) -> None:
    """The attempt ends here, and the question that led here speaks for the article."""
    who = visitor()
    if who is None:
        return
    place = Place.RESULTS if request.form.get("place") == Place.RESULTS else Place.PAGE
    attempting.solve(db(), visitor=who, article_id=article.id, place=place, now=now())
    learn(db(), article, weight=learned.SOLVED_WEIGHT)


def _version_read(article: Article) -> Version:
    """The version that stood on the page when the visitor judged it."""
    told = request.form.get("version", "")
    published = article.published
    assert published is not None
    earlier = (one for one in article.versions if one.number <= published.number)
    return next((one for one in earlier if str(one.number) == told), published)


def _reason_page(article: Article, form: ReasonForm) -> str:
    related = similar(
        db(), parts().index, reader=reader(), article_id=article.id, limit=MOST_RELATED
    )
    return render_template(
        "help/feedback.html",
        article=article,
        form=form,
        related=related,
        version_number=request.form.get("version") or request.args.get("version", ""),
    )
