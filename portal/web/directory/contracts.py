"""A customer's contracts: added, changed, and withdrawn when they were entered by mistake."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.people import contracting
from portal.people.naming import NameTakenError
from portal.people.organisation import Contract, Organisation
from portal.web.access import Who, allow
from portal.web.directory import blueprint
from portal.web.directory.forms import ContractForm
from portal.web.directory.loading import keeper, load_contract, load_organisation
from portal.web.directory.organisation import back_to, crumbs_of
from portal.web.editing import Ending, edit_page
from portal.web.messages import tell
from portal.web.transaction import db

TAKEN = [
    N_(
        "Another contract of this organisation has this name. Open that one, or add the year to "
        "this name."
    )
]
REVERSED = [N_("Choose a last day that isn't before the first.")]


@blueprint.get("/desk/organisations/<slug>/contracts/new")
@allow(Who.MANAGER)
def new_contract(slug: str) -> ResponseReturnValue:
    return _page(load_organisation(slug), ContractForm(formdata=None))


@blueprint.post("/desk/organisations/<slug>/contracts/new")
@allow(Who.MANAGER)
def add_contract(slug: str) -> ResponseReturnValue:
    found, form = load_organisation(slug), ContractForm()
    if not _is_valid(form):
        return _page(found, form)
    try:
        contracting.add_contract(db(), organisation=found, **_told(form), by=keeper(), now=now())
    except NameTakenError:
        form.name.errors = TAKEN
        return _page(found, form)
    tell("success", _("The contract %(name)s is added.", name=form.name.text))
    return back_to(found, "contracts")


@blueprint.get("/desk/organisations/<slug>/contracts/<int:contract_id>")
@allow(Who.MANAGER)
def contract(slug: str, contract_id: int) -> ResponseReturnValue:
    found = load_organisation(slug)
    one = load_contract(found, contract_id)
    return _page(found, ContractForm(formdata=None, data=_values(one)), one)


@blueprint.post("/desk/organisations/<slug>/contracts/<int:contract_id>")
@allow(Who.MANAGER)
def change_contract(slug: str, contract_id: int) -> ResponseReturnValue:
    found, form = load_organisation(slug), ContractForm()
    one = load_contract(found, contract_id)
    if not _is_valid(form):
        return _page(found, form, one)
    if form.is_overtaken(_values(one)):
        return _page(found, form, one, is_overtaken=True)
    try:
        contracting.change_contract(db(), contract=one, **_told(form), by=keeper(), now=now())
    except NameTakenError:
        form.name.errors = TAKEN
        return _page(found, form, one)
    tell("success", _("The contract %(name)s is saved.", name=one.name))
    return back_to(found, "contracts")


@blueprint.post("/desk/organisations/<slug>/contracts/<int:contract_id>/end")
@allow(Who.MANAGER)
def withdraw_contract(slug: str, contract_id: int) -> ResponseReturnValue:
    found = load_organisation(slug)
    one = load_contract(found, contract_id)
    contracting.withdraw_contract(db(), contract=one, by=keeper(), now=now())
    tell("success", _("The contract %(name)s is withdrawn. Open it to put it back.", name=one.name))
    return back_to(found, "contracts")


@blueprint.post("/desk/organisations/<slug>/contracts/<int:contract_id>/resume")
@allow(Who.MANAGER)
def restore_contract(slug: str, contract_id: int) -> ResponseReturnValue:
    found = load_organisation(slug)
    one = load_contract(found, contract_id)
    contracting.restore_contract(db(), contract=one, by=keeper(), now=now())
    tell("success", _("The contract %(name)s is back.", name=one.name))
    return back_to(found, "contracts")


def _is_valid(form: ContractForm) -> bool:
    if not form.validate():
        return False
    starts_on, ends_on = form.days
    if ends_on < starts_on:
        form.ends_on.errors = REVERSED
    return not form.errors


def _told(form: ContractForm) -> dict[str, Any]:
    starts_on, ends_on = form.days
    return {
        "name": form.name.text,
        "plan": form.plan.text,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "entitlements": form.lines,
    }


def _values(one: Contract) -> dict[str, Any]:
    return {
        "name": one.name,
        "plan": one.plan,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "entitlements": "\n".join(one.entitlements),
    }


def _page(
    found: Organisation,
    form: ContractForm,
    one: Contract | None = None,
    *,
    is_overtaken: bool = False,
) -> ResponseReturnValue:
    title = _("Contract of %(name)s") if one else _("New contract of %(name)s")
    return edit_page(
        title % {"name": found.name},
        form,
        current=_values(one) if one else {},
        crumbs=crumbs_of(found, one.name if one else _("New contract")),
        save=_("Save contract") if one else _("Add contract"),
        is_overtaken=is_overtaken,
        ending=_ending(found, one) if one else None,
    )


def _ending(found: Organisation, one: Contract) -> Ending:
    address: dict[str, Any] = {"slug": found.slug, "contract_id": one.id}
    return Ending(
        url=url_for("directory.withdraw_contract", **address),
        button=_("Withdraw the contract"),
        question=_("Withdraw the contract %(name)s?", name=one.name),
        consequence=_(
            "It covers no day any more, as if it had never been entered. For a contract "
            "that ends early, change its last day instead. You can put it back."
        ),
        is_over=one.ended_at is not None,
        resume_url=url_for("directory.restore_contract", **address),
        resume_button=_("Put the contract back"),
    )
