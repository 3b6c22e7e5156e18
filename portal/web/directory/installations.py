"""What a customer has installed: the fields that the policy keeps with it, a site each."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.locale import gettext as _
from portal.people import installing
from portal.people.naming import NameTakenError
from portal.people.organisation import Installation, Organisation
from portal.web.access import Who, allow
from portal.web.directory import blueprint
from portal.web.directory.loading import (
    keeper,
    load_installation,
    load_organisation,
)
from portal.web.directory.organisation import back_to, crumbs_of
from portal.web.editing import EditForm, Ending, edit_page
from portal.web.installation_form import TAKEN, installation_form, told_of, values_of
from portal.web.messages import tell
from portal.web.transaction import db


@blueprint.get("/desk/organisations/<slug>/installations/new")
@allow(Who.MANAGER)
def new_installation(slug: str) -> ResponseReturnValue:
    form = installation_form(formdata=None)
    return _page(load_organisation(slug), form)


@blueprint.post("/desk/organisations/<slug>/installations/new")
@allow(Who.MANAGER)
def add_installation(slug: str) -> ResponseReturnValue:
    found, form = load_organisation(slug), installation_form()
    if not form.validate():
        return _page(found, form)
    told = told_of(form)
    try:
        installing.add_installation(db(), organisation=found, **told, by=keeper(), now=now())
    except NameTakenError:
        form.name.errors = TAKEN
        return _page(found, form)
    tell("success", _("The installation %(name)s is added.", name=form.data["name"]))
    return back_to(found, "installations")


@blueprint.get("/desk/organisations/<slug>/installations/<int:installation_id>")
@allow(Who.MANAGER)
def installation(slug: str, installation_id: int) -> ResponseReturnValue:
    found = load_organisation(slug)
    one = load_installation(found, installation_id)
    form = installation_form(formdata=None, data=values_of(one))
    return _page(found, form, one)


@blueprint.post("/desk/organisations/<slug>/installations/<int:installation_id>")
@allow(Who.MANAGER)
def change_installation(slug: str, installation_id: int) -> ResponseReturnValue:
    found, form = load_organisation(slug), installation_form()
    one = load_installation(found, installation_id)
    if not form.validate():
        return _page(found, form, one)
    if form.is_overtaken(values_of(one)):
        return _page(found, form, one, is_overtaken=True)
    told = told_of(form)
    try:
        installing.change_installation(db(), installation=one, **told, by=keeper(), now=now())
    except NameTakenError:
        form.name.errors = TAKEN
        return _page(found, form, one)
    tell("success", _("The installation %(name)s is saved.", name=one.name))
    return back_to(found, "installations")


@blueprint.post("/desk/organisations/<slug>/installations/<int:installation_id>/end")
@allow(Who.MANAGER)
def retire_installation(slug: str, installation_id: int) -> ResponseReturnValue:
    found = load_organisation(slug)
    one = load_installation(found, installation_id)
    installing.retire_installation(db(), installation=one, by=keeper(), now=now())
    words = _("%(name)s is out of use and not offered any more. Open it to put it back.")
    tell("success", words % {"name": one.name})
    return back_to(found, "installations")


@blueprint.post("/desk/organisations/<slug>/installations/<int:installation_id>/resume")
@allow(Who.MANAGER)
def restore_installation(slug: str, installation_id: int) -> ResponseReturnValue:
    found = load_organisation(slug)
    one = load_installation(found, installation_id)
    installing.restore_installation(db(), installation=one, by=keeper(), now=now())
    tell("success", _("%(name)s is in use again.", name=one.name))
    return back_to(found, "installations")


def _page(
    found: Organisation,
    form: EditForm,
    one: Installation | None = None,
    *,
    is_overtaken: bool = False,
) -> ResponseReturnValue:
    title = _("Installation of %(name)s") if one else _("New installation of %(name)s")
    return edit_page(
        title % {"name": found.name},
        form,
        current=values_of(one) if one else {},
        crumbs=crumbs_of(found, one.name if one else _("New installation")),
        save=_("Save installation") if one else _("Add installation"),
        introduction=_("What stands here is filled in when somebody there opens a case."),
        is_overtaken=is_overtaken,
        ending=_ending(found, one) if one else None,
    )


def _ending(found: Organisation, one: Installation) -> Ending:
    address: dict[str, Any] = {"slug": found.slug, "installation_id": one.id}
    return Ending(
        url=url_for("directory.retire_installation", **address),
        button=_("Take it out of use"),
        question=_("Take %(name)s out of use?", name=one.name),
        consequence=_(
            "It is not offered in new cases any more. Cases about it keep it, and you can "
            "put it back."
        ),
        is_over=one.ended_at is not None,
        resume_url=url_for("directory.restore_installation", **address),
        resume_button=_("Put it back in use"),
    )
