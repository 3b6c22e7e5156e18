"""Take an article away from readers, after saying which others lead to it; both can be undone."""

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import holdings, withdrawing
from portal.knowledge.article import Article, RetirementRefusedError
from portal.knowledge.helping import keys_of
from portal.knowledge.holdings import Holding
from portal.knowledge.links import linking_to
from portal.locale import gettext as _
from portal.search.golden import questions_of
from portal.web.access import Who, allow
from portal.web.messages import tell
from portal.web.transaction import abandon, db
from portal.web.writing import blueprint
from portal.web.writing.forms import RetirementForm
from portal.web.writing.loading import load_holding, writer
from portal.web.writing.publication import back


@blueprint.get("/writing/articles/<int:article_id>/retirement")
@allow(Who.WRITER)
def taking_away(article_id: int) -> str:
    """What leads here, and what becomes of the address."""
    return _page(load_holding(article_id), RetirementForm(formdata=None))


@blueprint.post("/writing/articles/<int:article_id>/withdrawal")
@allow(Who.WRITER)
def withdrawal(article_id: int) -> ResponseReturnValue:
    """Make it a draft again, to be published later."""
    withdrawing.unpublish(db(), article=load_holding(article_id).article, by=writer(), now=now())
    tell("success", _("It is a draft again. Readers no longer see it."))
    return back(article_id)


@blueprint.post("/writing/articles/<int:article_id>/retirement")
@allow(Who.WRITER)
def retirement(article_id: int) -> ResponseReturnValue:
    """Withdraw it for good: its address leads to an heir, or says that it is gone."""
    holding, form = load_holding(article_id), RetirementForm()
    try:
        if form.validate():
            heir = _heir(form)
            withdrawing.retire(db(), article=holding.article, by=writer(), now=now(), heir=heir)
            said = _("Retired. Its address now leads to its heir.") if heir else _("Retired.")
            tell("success", said)
            return back(article_id)
    except RetirementRefusedError as error:
        form.heir.errors = [str(error)]
    abandon()
    return _page(load_holding(article_id), form), 422


def _page(holding: Holding, form: RetirementForm) -> str:
    return render_template(
        "writing/taking_away.html",
        holding=holding,
        article=holding.article,
        linking=linking_to(db(), holding.article),
        keys=keys_of(db(), holding.article),
        questions=questions_of(db(), holding.article),
        form=form,
    )


def _heir(form: RetirementForm) -> Article | None:
    """The article that takes over, by its address or the last part of it."""
    slug = form.heir.text.strip("/").rpartition("/")[2]
    heir = holdings.by_slug(db(), slug) if slug else None
    if slug and heir is None:
        raise RetirementRefusedError(
            _("There is no article at “%(slug)s”. Enter the last part of its address.", slug=slug)
        )
    return heir
