"""One customer: its people, contracts, installations and record; changing and ending it."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.locale import gettext as _
from portal.people import directory, enrolling
from portal.people.organisation import Organisation
from portal.people.queries import customers_of, find_organisation
from portal.people.roles import LastAdministratorError
from portal.web.access import Who, allow
from portal.web.directory import blueprint
from portal.web.directory.forms import OrganisationForm
from portal.web.directory.loading import (
    keeper,
    load_organisation,
    page_number,
)
from portal.web.directory.organisations import PageOf, offer_partners
from portal.web.directory.words import told
from portal.web.editing import Ending, edit_page
from portal.web.installation_form import installation_fields
from portal.web.messages import tell
from portal.web.standing_of_contracts import standing, today
from portal.web.transaction import db


@blueprint.get("/desk/organisations/<slug>")
@allow(Who.AGENT)
def organisation(slug: str) -> str:
    found = load_organisation(slug)
    record = directory.history_of_organisation(db(), found, page=page_number())
    return render_template(
        "directory/organisation.html",
        organisation=found,
        partner=directory.partner_of(db(), found),
        people=directory.everybody_of(db(), found),
        contracts=[(each, *standing(each)) for each in found.contracts],
        covered=found.contract_on(today()) is not None,
        fields=installation_fields(),
        customers=customers_of(db(), found),
        record=told(list(record.rows)),
        page=PageOf(record.number, record.count, "directory.organisation", {"slug": slug}),
    )


@blueprint.get("/desk/organisations/<slug>/change")
@allow(Who.MANAGER)
def change_form(slug: str) -> ResponseReturnValue:
    found = load_organisation(slug)
    form = OrganisationForm(formdata=None, data=_values(found))
    offer_partners(form, but=found)
    return _page(found, form)


@blueprint.post("/desk/organisations/<slug>/change")
@allow(Who.MANAGER)
def change(slug: str) -> ResponseReturnValue:
    found, form = load_organisation(slug), OrganisationForm()
    offer_partners(form, but=found)
    if not form.validate():
        return _page(found, form)
    if form.is_overtaken(_values(found)):
        return _page(found, form, is_overtaken=True)
    try:
        enrolling.change_organisation(
            db(),
            organisation=found,
            name=form.name.text,
            partner=find_organisation(db(), form.partner.data),
            liaison_name=form.liaison_name.text,
            by=keeper(),
            now=now(),
        )
    except enrolling.OwnPartnerError:
        form.partner.errors = [_("Choose another partner: this one names it as its own partner.")]
        return _page(found, form)
    tell("success", _("Saved."))
    return back_to(found)


@blueprint.post("/desk/organisations/<slug>/end")
@allow(Who.MANAGER)
def end(slug: str) -> ResponseReturnValue:
    found = load_organisation(slug)
    try:
        enrolling.end_organisation(db(), organisation=found, by=keeper(), now=now())
    except LastAdministratorError as error:
        tell("error", _("%(problem)s. Make somebody else one first.", problem=error))
        return back_to(found)
    words = _("%(name)s has ended. Nobody there can sign in. You can resume it here.")
    tell("success", words % {"name": found.name})
    return back_to(found)


@blueprint.post("/desk/organisations/<slug>/resume")
@allow(Who.MANAGER)
def resume(slug: str) -> ResponseReturnValue:
    found = load_organisation(slug)
    enrolling.resume_organisation(db(), organisation=found, by=keeper(), now=now())
    words = _("%(name)s is a customer again. Its people can sign in.")
    tell("success", words % {"name": found.name})
    return back_to(found)


def back_to(organisation: Organisation, anchor: str | None = None) -> ResponseReturnValue:
    """The organisation's page, after an act."""
    address = url_for("directory.organisation", slug=organisation.slug, _anchor=anchor)
    return redirect(address, 303)


def crumbs_of(organisation: Organisation, last: str) -> list[tuple[str, str | None]]:
    """The way to a page below an organisation's."""
    return [
        (_("Organisations"), url_for("directory.organisation_list")),
        (organisation.name, url_for("directory.organisation", slug=organisation.slug)),
        (last, None),
    ]


def _values(organisation: Organisation) -> dict[str, Any]:
    partner = directory.partner_of(db(), organisation)
    return {
        "name": organisation.name,
        "liaison_name": organisation.liaison_name,
        "partner": partner.slug if partner else "",
    }


def _page(
    found: Organisation, form: OrganisationForm, *, is_overtaken: bool = False
) -> ResponseReturnValue:
    return edit_page(
        _("Change %(name)s", name=found.name),
        form,
        current=_values(found),
        crumbs=crumbs_of(found, _("Change")),
        save=_("Save organisation"),
        is_overtaken=is_overtaken,
        ending=Ending(
            url=url_for("directory.end", slug=found.slug),
            button=_("End the organisation"),
            question=_("End %(name)s?", name=found.name),
            consequence=_(
                "Its people are signed out at once and can’t sign in. Its cases, contracts "
                "and everything else stay, and you can resume it at any time."
            ),
            is_over=found.ended_at is not None,
            resume_url=url_for("directory.resume", slug=found.slug),
            resume_button=_("Resume the organisation"),
        ),
    )
