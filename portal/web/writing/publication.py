"""Publish an article, withdraw it, give it another address. Each holds for the next request."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import holdings, publishing
from portal.knowledge.article import Article
from portal.knowledge.publishing import RetirementRefusedError, SlugRefusedError
from portal.web.access import Who, allow
from portal.web.messages import tell
from portal.web.transaction import abandon, db
from portal.web.writing import blueprint
from portal.web.writing.article import form_of, page
from portal.web.writing.forms import AddressForm, RetirementForm
from portal.web.writing.loading import load_holding, writer


@blueprint.post("/writing/articles/<int:article_id>/publication")
@allow(Who.WRITER)
def publication(article_id: int) -> ResponseReturnValue:
    """Publish the version saved last."""
    holding = load_holding(article_id)
    publishing.publish(db(), article=holding.article, by=writer(), now=now())
    tell("success", f"Published. Readers see version {holding.latest.number} now.")
    return _back(article_id)


@blueprint.post("/writing/articles/<int:article_id>/withdrawal")
@allow(Who.WRITER)
def withdrawal(article_id: int) -> ResponseReturnValue:
    """Make it a draft again, to be published later."""
    publishing.unpublish(db(), article=load_holding(article_id).article, by=writer(), now=now())
    tell("success", "It is a draft again. Readers no longer see it.")
    return _back(article_id)


@blueprint.post("/writing/articles/<int:article_id>/retirement")
@allow(Who.WRITER)
def retirement(article_id: int) -> ResponseReturnValue:
    """Withdraw it for good: its address leads to an heir, or says that it is gone."""
    holding, form = load_holding(article_id), RetirementForm()
    try:
        if form.validate():
            heir = _heir(form)
            publishing.retire(db(), article=holding.article, by=writer(), now=now(), heir=heir)
            tell("success", "Retired. Its address now leads to its heir." if heir else "Retired.")
            return _back(article_id)
    except RetirementRefusedError as error:
        form.heir.errors = [str(error)]
    abandon()
    holding = load_holding(article_id)
    return page(holding, form_of(holding), retirement_form=form), 422


@blueprint.post("/writing/articles/<int:article_id>/address")
@allow(Who.WRITER)
def address(article_id: int) -> ResponseReturnValue:
    """Give it another address; the old one redirects for ever."""
    holding, form = load_holding(article_id), AddressForm()
    try:
        if form.validate():
            publishing.change_slug(
                db(), article=holding.article, slug=form.slug.text, by=writer(), now=now()
            )
            tell("success", "The address is changed. The old one leads to the new one.")
            return _back(article_id)
    except SlugRefusedError as error:
        form.slug.errors = [str(error)]
    abandon()
    holding = load_holding(article_id)
    return page(holding, form_of(holding), address_form=form), 422


def _heir(form: RetirementForm) -> Article | None:
    """The article that takes over, by its address or the last part of it."""
    slug = form.heir.text.strip("/").rpartition("/")[2]
    heir = holdings.by_slug(db(), slug) if slug else None
    if slug and heir is None:
        raise RetirementRefusedError(
            f"There is no article at “{slug}”. Enter the last part of its address."
        )
    return heir


def _back(article_id: int) -> ResponseReturnValue:
    return redirect(url_for("writing.article", article_id=article_id), 303)
