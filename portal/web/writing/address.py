"""Give an article another address; the old one leads there for ever."""

from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import addressing
from portal.knowledge.addressing import SlugRefusedError
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.messages import tell
from portal.web.transaction import abandon, db
from portal.web.writing import blueprint
from portal.web.writing.editor import form_of, page
from portal.web.writing.forms import AddressForm
from portal.web.writing.loading import load_holding, writer
from portal.web.writing.publication import back


@blueprint.post("/writing/articles/<int:article_id>/address")
@allow(Who.WRITER)
def address(article_id: int) -> ResponseReturnValue:
    """Give it another address; the old one redirects for ever."""
    holding, form = load_holding(article_id), AddressForm()
    try:
        if form.validate():
            addressing.change_slug(
                db(), article=holding.article, slug=form.slug.text, by=writer(), now=now()
            )
            tell("success", _("The address is changed. The old one leads to the new one."))
            return back(article_id)
    except SlugRefusedError as error:
        form.slug.errors = [str(error)]
    abandon()
    holding = load_holding(article_id)
    return page(holding, form_of(holding), address_form=form), 422
