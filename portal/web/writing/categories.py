"""Categories for writers: who may read what lies on each, and on all that lies within it."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, RadioField, SelectMultipleField, ValidationError

from portal.clock import now
from portal.knowledge import holdings
from portal.knowledge.article import Audience, Category
from portal.knowledge.categorising import categories_to_keep, find_category_to_keep, let_read
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.forms import Form
from portal.web.messages import tell
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.forms import AUDIENCE_WORDS
from portal.web.writing.loading import writer


class ReadersForm(Form):
    """Who may read on a category at most."""

    audience = RadioField(
        N_("Who may read here at most"),
        choices=[(who.value, said) for who, said in AUDIENCE_WORDS.items()],
    )
    organisations = SelectMultipleField(N_("Organisations"))

    def validate_organisations(self, field: Field) -> None:
        if self.audience.data == Audience.ORGANISATIONS.value and not field.data:
            raise ValidationError(_("Choose at least one organisation, or another audience."))


@blueprint.get("/writing/categories")
@allow(Who.STAFF)
def categories() -> str:
    """All categories, each with who may read there."""
    found = categories_to_keep(db())
    return render_template(
        "writing/categories.html",
        categories=found,
        titles={one.id: one.title for one in found},
        audience_words=AUDIENCE_WORDS,
    )


@blueprint.get("/writing/categories/<int:category_id>")
@allow(Who.WRITER)
def category(category_id: int) -> str:
    found = _load(category_id)
    named = [one.slug for one in found.organisations]
    values = {"audience": found.audience.value, "organisations": named}
    return _page(found, _offered(ReadersForm(formdata=None, data=values)))


@blueprint.post("/writing/categories/<int:category_id>")
@allow(Who.WRITER)
def change_category_readers(category_id: int) -> ResponseReturnValue:
    """Holds for the next request, on every page and in search."""
    found, form = _load(category_id), _offered(ReadersForm())
    if not form.validate():
        return _page(found, form), 422
    chosen = set(form.organisations.data or ())
    let_read(
        db(),
        category=found,
        audience=Audience(form.audience.data),
        organisations=[one for one in holdings.organisations(db()) if one.slug in chosen],
        by=writer(),
        now=now(),
    )
    said = _("Who may read on “%(category)s” is kept. It holds at once.", category=found.title)
    tell("success", said)
    return redirect(url_for("writing.categories"), 303)


def _offered(form: ReadersForm) -> ReadersForm:
    form.organisations.choices = [(one.slug, one.name) for one in holdings.organisations(db())]
    return form


def _page(found: Category, form: ReadersForm) -> str:
    return render_template("writing/category.html", category=found, form=form)


def _load(category_id: int) -> Category:
    return find_category_to_keep(db(), category_id) or abort(404)
