"""A second person looks at the next version: ask, approve, or send it back with remarks."""

from collections.abc import Callable

from flask import abort
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import reviewing
from portal.knowledge.holdings import Holding
from portal.knowledge.next_version import StageError
from portal.knowledge.versioning import ChangedMeanwhileError
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.messages import tell
from portal.web.transaction import abandon, db
from portal.web.writing import blueprint
from portal.web.writing.forms import RemarkForm, ReturnForm
from portal.web.writing.loading import load_holding, writer
from portal.web.writing.publication import back, publishing_page_of


@blueprint.post("/writing/articles/<int:article_id>/review")
@allow(Who.WRITER)
def review(article_id: int) -> ResponseReturnValue:
    """Ask another writer to read the version saved last."""
    holding = load_holding(article_id)
    return _tried(
        holding,
        lambda: reviewing.ask_for_review(db(), article=holding.article, by=writer(), now=now()),
        _("It is in review. Other writers see it under Articles, In review."),
    )


@blueprint.post("/writing/articles/<int:article_id>/review-withdrawal")
@allow(Who.WRITER)
def review_withdrawal(article_id: int) -> ResponseReturnValue:
    """Take the question back."""
    holding = load_holding(article_id)
    return _tried(
        holding,
        lambda: reviewing.take_review_back(db(), article=holding.article, by=writer(), now=now()),
        _("It is no longer in review."),
    )


@blueprint.post("/writing/articles/<int:article_id>/approval")
@allow(Who.WRITER)
def approval(article_id: int) -> ResponseReturnValue:
    """Stand for the version that was shown."""
    holding, form = load_holding(article_id), ReturnForm()
    return _tried(
        holding,
        lambda: reviewing.approve(
            db(), article=holding.article, shown=form.shown_number, by=writer(), now=now()
        ),
        _("Approved. It can be published now."),
    )


@blueprint.post("/writing/articles/<int:article_id>/return")
@allow(Who.WRITER)
def send_back(article_id: int) -> ResponseReturnValue:
    """Ask for changes, in words."""
    holding, form = load_holding(article_id), ReturnForm()
    if not form.validate():
        return publishing_page_of(holding, return_form=form), 422
    return _tried(
        holding,
        lambda: reviewing.send_back(
            db(),
            article=holding.article,
            shown=form.shown_number,
            text=form.text.text,
            by=writer(),
            now=now(),
        ),
        _("Sent back. Your remark stands on the article’s page."),
        return_form=form,
    )


@blueprint.post("/writing/articles/<int:article_id>/remarks")
@allow(Who.WRITER)
def add_remark(article_id: int) -> ResponseReturnValue:
    """Say something about the version, or about a passage of it."""
    holding, form = load_holding(article_id), RemarkForm()
    if not form.validate():
        return publishing_page_of(holding, remark_form=form), 422
    reviewing.remark(
        db(),
        article=holding.article,
        version=holding.latest,
        quote=form.quote.text,
        text=form.remark.text,
        by=writer(),
        now=now(),
    )
    tell("success", _("Your remark stands on the article’s page."))
    return back(article_id, to_publishing=True)


@blueprint.post("/writing/articles/<int:article_id>/remarks/<int:remark_id>/settlement")
@allow(Who.WRITER)
def settle_remark(article_id: int, remark_id: int) -> ResponseReturnValue:
    """A remark is dealt with."""
    article = load_holding(article_id).article
    if not reviewing.settle(db(), article=article, remark_id=remark_id, by=writer(), now=now()):
        abort(404)
    tell("success", _("Done: the remark is put aside."))
    return back(article_id)


def _tried(
    holding: Holding, act: Callable[[], object], said: str, **forms: object
) -> ResponseReturnValue:
    """Do it, or show the page with the reason; nothing is lost of what was typed."""
    try:
        act()
    except (StageError, ChangedMeanwhileError) as error:
        abandon()
        reason = str(error)
        if isinstance(error, ChangedMeanwhileError):
            reason = _(
                "Version %(number)s was saved meanwhile. Read it, then decide again.",
                number=error.latest.number,
            )
        return publishing_page_of(load_holding(holding.article.id), refusal=reason, **forms), 409
    tell("success", said)
    return back(holding.article.id, to_publishing=True)
