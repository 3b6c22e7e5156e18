"""One person: what is known, what they may, whether they can sign in, and the record."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.people import directory, registering
from portal.people.person import Person, Role
from portal.people.roles import LastAdministratorError, NotTheirsError, may_keep
from portal.web.access import Who, allow
from portal.web.directory import blueprint
from portal.web.directory.forms import ROLE_NAMES, ROLE_WORDS, PersonForm, RoleForm
from portal.web.directory.loading import keeper, load_person, page_number
from portal.web.directory.organisations import PageOf
from portal.web.directory.people import offer_choices, role_choices, told_of
from portal.web.directory.words import told
from portal.web.editing import edit_page
from portal.web.inviting import invite
from portal.web.messages import tell
from portal.web.transaction import db

KEPT_BY_ADMINISTRATORS = N_("Managers and administrators are kept by administrators alone.")
LAST = N_("This is the last administrator. Make somebody else one first.")


@blueprint.get("/desk/people/<int:person_id>")
@allow(Who.AGENT)
def person(person_id: int) -> str:
    found = load_person(person_id)
    form = RoleForm(formdata=None, data={"role": found.role.value})
    form.role.choices = role_choices(now_held=found.role)
    record = directory.history_of_person(db(), found, page=page_number())
    return render_template(
        "directory/person.html",
        found=found,
        role_words=ROLE_WORDS,
        role_form=form,
        may_keep=keeper().may_manage and may_keep(keeper(), found),
        record=told(list(record.rows)),
        page=PageOf(record.number, record.count, "directory.person", {"person_id": found.id}),
    )


@blueprint.get("/desk/people/<int:person_id>/change")
@allow(Who.MANAGER)
def change_person_form(person_id: int) -> ResponseReturnValue:
    found = load_person(person_id)
    return _page(found, _offering(found, PersonForm(formdata=None, data=_values(found))))


@blueprint.post("/desk/people/<int:person_id>/change")
@allow(Who.MANAGER)
def change_person(person_id: int) -> ResponseReturnValue:
    found = load_person(person_id)
    form = _offering(found, PersonForm())
    if not form.validate():
        return _page(found, form)
    if form.is_overtaken(_values(found)):
        return _page(found, form, is_overtaken=True)
    try:
        registering.change_person(db(), person=found, **told_of(form), by=keeper(), now=now())
    except registering.EmailTakenError:
        form.email.errors = [_("Somebody else has this address already.")]
        return _page(found, form)
    except NotTheirsError:
        return _not_theirs(found)
    tell("success", _("Saved."))
    return _back_to(found)


@blueprint.post("/desk/people/<int:person_id>/role")
@allow(Who.MANAGER)
def change_role(person_id: int) -> ResponseReturnValue:
    found, form = load_person(person_id), RoleForm()
    form.role.choices = role_choices(now_held=found.role)
    if not form.validate():
        tell("error", _("Choose one of the roles of the list."))
        return _back_to(found)
    try:
        registering.change_role(
            db(), person=found, role=Role(form.role.data), by=keeper(), now=now()
        )
    except NotTheirsError:
        return _not_theirs(found)
    except LastAdministratorError:
        tell("error", _(LAST))
        return _back_to(found)
    words = _("%(name)s is %(role)s now, and has to sign in again.")
    tell("success", words % {"name": found.name, "role": _(ROLE_NAMES[found.role])})
    return _back_to(found)


@blueprint.post("/desk/people/<int:person_id>/invitation")
@allow(Who.MANAGER)
def send_invitation(person_id: int) -> ResponseReturnValue:
    found = load_person(person_id)
    if not may_keep(keeper(), found):
        return _not_theirs(found)
    if not found.may_sign_in:
        tell("error", _("%(name)s can’t sign in. Let them in first.", name=found.name))
        return _back_to(found)
    invite(found)
    tell("success", _("A link to sign in is on its way to %(email)s.", email=found.email))
    return _back_to(found)


@blueprint.post("/desk/people/<int:person_id>/end")
@allow(Who.MANAGER)
def shut_out(person_id: int) -> ResponseReturnValue:
    found = load_person(person_id)
    try:
        registering.disable(db(), person=found, by=keeper(), now=now())
    except NotTheirsError:
        return _not_theirs(found)
    except LastAdministratorError:
        tell("error", _(LAST))
        return _back_to(found)
    tell("success", _("%(name)s is signed out everywhere and can’t sign in.", name=found.name))
    return _back_to(found)


@blueprint.post("/desk/people/<int:person_id>/resume")
@allow(Who.MANAGER)
def let_in(person_id: int) -> ResponseReturnValue:
    found = load_person(person_id)
    try:
        registering.enable(db(), person=found, by=keeper(), now=now())
    except NotTheirsError:
        return _not_theirs(found)
    tell("success", _("%(name)s can sign in again.", name=found.name))
    return _back_to(found)


def _back_to(found: Person) -> ResponseReturnValue:
    return redirect(url_for("directory.person", person_id=found.id), 303)


def _not_theirs(found: Person) -> ResponseReturnValue:
    tell("error", _(KEPT_BY_ADMINISTRATORS))
    return _back_to(found)


def _offering(found: Person, form: PersonForm) -> PersonForm:
    offer_choices(form, own=found.organisation)
    return form


def _values(found: Person) -> dict[str, Any]:
    return {
        "name": found.name,
        "email": found.email,
        "phone": found.phone,
        "time_zone": found.time_zone or "",
        "organisation": found.organisation.slug if found.organisation else "",
        "is_emergency_contact": found.is_emergency_contact,
        "is_technical_contact": found.is_technical_contact,
        "is_organisation_manager": found.is_organisation_manager,
        "sees_organisation_cases": found.sees_organisation_cases,
    }


def _page(found: Person, form: PersonForm, *, is_overtaken: bool = False) -> ResponseReturnValue:
    crumbs = [
        (_("People"), url_for("directory.people_list")),
        (found.name, url_for("directory.person", person_id=found.id)),
        (_("Change"), None),
    ]
    return edit_page(
        _("Change %(name)s", name=found.name),
        form,
        current=_values(found),
        crumbs=crumbs,
        save=_("Save person"),
        is_overtaken=is_overtaken,
    )
