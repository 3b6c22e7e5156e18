"""Where the help keys of products lead, for writers, and how often each was asked for."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.insight.reviewing import settle_list
from portal.insight.searches import TREND
from portal.insight.work_item import WorkList
from portal.insight.work_queries import open_items
from portal.knowledge import helping, holdings
from portal.knowledge.helping import LONGEST_KEY, LONGEST_WORD, KeyRefusedError
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.forms import Form, Line
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.loading import writer


class KeyForm(Form):
    """A key and where it leads."""

    key = Line(
        N_("Help key"), required=N_("Enter the key that the product asks for."), limit=LONGEST_KEY
    )
    article = Line(
        N_("Article"), required=N_("Enter the address of the article that helps."), limit=200
    )
    anchor = Line(N_("Place in the article"), limit=120)
    product = Line(N_("Only for the product"), limit=LONGEST_WORD)
    version = Line(N_("Only for its version"), limit=LONGEST_WORD)


@blueprint.get("/writing/help-keys")
@allow(Who.STAFF)
def help_keys() -> str:
    """Every key with its article, and a form that may begin with a key that has none."""
    given = {name: request.args.get(name, "")[:200] for name in ("key", "product", "version")}
    return _page(KeyForm(formdata=None, data=given))


@blueprint.post("/writing/help-keys")
@allow(Who.WRITER)
def point_key() -> ResponseReturnValue:
    """Let a key lead to an article, from the next request on."""
    form = KeyForm()
    if not form.validate():
        return _page(form), 422
    slug = form.article.text.partition("#")[0].strip("/").rpartition("/")[2]
    article = holdings.by_slug(db(), slug)
    if article is None:
        form.article.errors = [
            _("There is no article at “%(slug)s”. Enter the last part of its address.", slug=slug)
        ]
        return _page(form), 422
    try:
        made = helping.point(
            db(),
            key=form.key.text,
            article=article,
            anchor=form.anchor.text or form.article.text.partition("#")[2],
            product=form.product.text,
            version=form.version.text,
            by=writer(),
            now=now(),
        )
    except KeyRefusedError as error:
        form.key.errors = [str(error)]
        return _page(form), 422
    settle_list(db(), parts().index, kind=WorkList.HELP_KEY, now=now())
    tell("success", _("/help/%(key)s leads to its article now.", key=made.key))
    return redirect(url_for("writing.help_keys"), 303)


@blueprint.post("/writing/help-keys/<int:help_key_id>/removal")
@allow(Who.WRITER)
def remove_key(help_key_id: int) -> ResponseReturnValue:
    """The key leads nowhere any more; products that still ask for it show up on the work list."""
    helping.unpoint(db(), help_key_id=help_key_id, by=writer(), now=now())
    tell("success", _("Removed. Products that ask for it are offered a search instead."))
    return redirect(url_for("writing.help_keys"), 303)


def _page(form: KeyForm) -> str:
    return render_template(
        "writing/help_keys.html",
        form=form,
        keys=helping.help_keys(db()),
        asked=helping.asked_since(db(), (now() - TREND).date()),
        missing=len(open_items(db(), WorkList.HELP_KEY)),
        sites=parts().settings.widget_sites,
    )
