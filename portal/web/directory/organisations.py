"""The list of customers, and taking up a new one."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.locale import gettext as _
from portal.locale import pgettext
from portal.people import directory, enrolling
from portal.people.organisation import Organisation
from portal.people.queries import find_organisation, organisations
from portal.web.access import Who, allow
from portal.web.directory import blueprint
from portal.web.directory.forms import NewOrganisationForm, OrganisationForm, SearchForm
from portal.web.directory.loading import keeper, page_number
from portal.web.editing import edit_page
from portal.web.messages import tell
from portal.web.transaction import db


@dataclass(frozen=True)
class PageOf:
    """Where one is in a long list; `values` stand in its addresses."""

    number: int
    count: int
    endpoint: str
    values: dict[str, Any]

    def url(self, number: int) -> str:
        return url_for(self.endpoint, **self.values, page=number)


@blueprint.get("/desk/organisations")
@allow(Who.AGENT)
def organisation_list() -> str:
    """Customers by name, or those that ended."""
    filters, ended = SearchForm(request.args), request.args.get("ended") == "yes"
    words = (filters.q.data or "")[:100]
    found = directory.list_organisations(db(), words=words, ended=ended, page=page_number())
    values = {key: value for key, value in (("q", words), ("ended", ended and "yes")) if value}
    return render_template(
        "directory/organisations.html",
        found=found,
        filters=filters,
        words=words,
        is_ended=ended,
        page=PageOf(found.number, found.count, "directory.organisation_list", values),
    )


@blueprint.get("/desk/organisations/new")
@allow(Who.MANAGER)
def new_organisation() -> ResponseReturnValue:
    form = NewOrganisationForm(formdata=None)
    offer_partners(form)
    return _page(form)


@blueprint.post("/desk/organisations/new")
@allow(Who.MANAGER)
def add_organisation() -> ResponseReturnValue:
    form = NewOrganisationForm()
    offer_partners(form)
    if not form.slug.text and form.name.text:
        form.slug.data = enrolling.slug_for(form.name.text)
    if not _is_valid(form):
        return _page(form)
    try:
        made = enrolling.add_organisation(
            db(),
            slug=form.slug.text,
            name=form.name.text,
            partner=find_organisation(db(), form.partner.data),
            liaison_name=form.liaison_name.text,
            by=keeper(),
            now=now(),
        )
    except enrolling.SlugTakenError:
        form.slug.errors = [_("Another organisation has this short name. Choose another one.")]
        return _page(form)
    words = _("%(name)s is taken up. Add its contract, contacts and installations.")
    tell("success", words % {"name": made.name})
    return redirect(url_for("directory.organisation", slug=made.slug), 303)


def offer_partners(form: OrganisationForm, *, but: Organisation | None = None) -> None:
    """Let every other customer be chosen as the partner."""
    others = [each for each in organisations(db()) if each is not but]
    form.partner.choices = [
        ("", pgettext("partner", "None")),
        *((each.slug, each.name) for each in others),
    ]


def _is_valid(form: NewOrganisationForm) -> bool:
    is_valid = bool(form.validate())
    if form.name.text and not form.slug.text:
        form.slug.errors = [_("No short name can be made of this name. Enter one.")]
    return is_valid and not form.errors


def _page(form: NewOrganisationForm) -> ResponseReturnValue:
    crumbs = [
        (_("Organisations"), url_for("directory.organisation_list")),
        (_("New organisation"), None),
    ]
    title = _("Take up an organisation")
    return edit_page(title, form, current={}, crumbs=crumbs, save=_("Take up"))
