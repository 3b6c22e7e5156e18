"""Golden queries: what people ask, and the article that should answer it."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import holdings
from portal.knowledge.reader import Reader
from portal.locale import N_
from portal.locale import gettext as _
from portal.search.golden import (
    LONGEST_QUERY,
    EmptyQueryError,
    GoldenQuery,
    add_pair,
    golden_queries,
    remove_pair,
)
from portal.search.searching import search
from portal.web.access import Who, allow
from portal.web.forms import Form, Line
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.loading import writer

_CUSTOMER = Reader("contact")
_PAGE = 100


class PairForm(Form):
    """One pair."""

    query = Line(N_("What people ask"), limit=LONGEST_QUERY, required=N_("Enter what people ask."))
    article = Line(
        N_("Address of the article that answers it"),
        limit=200,
        required=N_("Enter the last part of the article’s address."),
    )


@dataclass(frozen=True)
class Placed:
    """A pair, and where its article stands among the answers now; None below the first ten."""

    pair: GoldenQuery
    place: int | None


@blueprint.get("/writing/golden-queries")
@allow(Who.STAFF)
def golden() -> str:
    """All pairs with their place now."""
    values = {"query": request.args.get("query", "")[:LONGEST_QUERY]}
    values["article"] = request.args.get("article", "")[:200]
    return _page(PairForm(formdata=None, data=values))


@blueprint.post("/writing/golden-queries")
@allow(Who.WRITER)
def add_golden() -> ResponseReturnValue:
    """Keep a pair."""
    form = PairForm()
    if form.validate():
        slug = form.article.text.strip("/").rpartition("/")[2]
        article = holdings.by_slug(db(), slug)
        if article is None:
            form.article.errors = [
                _("There is no article at “%(slug)s”. Correct its address.", slug=slug)
            ]
        else:
            try:
                add_pair(db(), text=form.query.text, article=article, by=writer(), now=now())
            except EmptyQueryError:
                form.query.errors = [_("Enter at least one word that can be searched for.")]
            else:
                tell("success", _("Kept. Publishing shows from now on what it does to this query."))
                return redirect(url_for("writing.golden"), 303)
    return _page(form), 422


@blueprint.post("/writing/golden-queries/<int:pair_id>/removal")
@allow(Who.WRITER)
def remove_golden(pair_id: int) -> ResponseReturnValue:
    """Forget a pair."""
    if not remove_pair(db(), pair_id=pair_id, by=writer(), now=now()):
        abort(404)
    tell("success", _("Removed."))
    return redirect(url_for("writing.golden"), 303)


def _page(form: PairForm) -> str:
    pairs = golden_queries(db())
    return render_template(
        "writing/golden.html",
        form=form,
        placed=[Placed(pair, _place(pair)) for pair in pairs[:_PAGE]],
        total=len(pairs),
        drop_blocks=parts().settings.golden_drop == "block",
    )


def _place(pair: GoldenQuery) -> int | None:
    found = search(db(), parts().index, text=pair.text, reader=_CUSTOMER)
    ids = [item.article_id for item in found.items]
    return ids.index(pair.article_id) + 1 if pair.article_id in ids else None
