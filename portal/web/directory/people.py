"""Everybody who may sign in, and taking up somebody new, who is invited by mail."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.people import directory, registering
from portal.people.organisation import Organisation
from portal.people.person import Role
from portal.people.queries import find_organisation, organisations
from portal.people.roles import roles_given_by
from portal.web.access import Who, allow
from portal.web.directory import blueprint
from portal.web.directory.forms import (
    ROLE_NAMES,
    ROLE_WORDS,
    NewPersonForm,
    PersonForm,
    SearchForm,
    capital,
)
from portal.web.directory.loading import keeper, page_number
from portal.web.directory.organisations import PageOf
from portal.web.editing import edit_page
from portal.web.inviting import invite
from portal.web.messages import tell
from portal.web.transaction import db
from portal.web.zones import zone_choices

KINDS = {
    "": N_("Everybody"),
    "contacts": N_("Contacts"),
    "staff": N_("Staff"),
    "ended": N_("Shut out"),
}


@blueprint.get("/desk/people")
@allow(Who.AGENT)
def people_list() -> str:
    filters, kind = SearchForm(request.args), request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    words = (filters.q.data or "")[:100]
    wanted = directory.Wanted(words=words, kind=kind)
    found = directory.list_people(db(), wanted=wanted, page=page_number())
    values = {key: value for key, value in (("q", words), ("kind", kind)) if value}
    return render_template(
        "directory/people.html",
        found=found,
        filters=filters,
        words=words,
        kind=kind,
        kinds=[
            (_(text), url_for("directory.people_list", kind=each or None), each == kind)
            for each, text in KINDS.items()
        ],
        role_names=ROLE_NAMES,
        capital=capital,
        waiting=len(directory.pending_requests(db())),
        page=PageOf(found.number, found.count, "directory.people_list", values),
    )


@blueprint.get("/desk/people/new")
@allow(Who.MANAGER)
def new_person() -> ResponseReturnValue:
    chosen = find_organisation(db(), request.args.get("organisation", ""))
    values = {
        "organisation": chosen.slug if chosen else "",
        "role": Role.CONTACT.value,
        "sees_organisation_cases": True,
    }
    return _page(_offering(NewPersonForm(formdata=None, data=values)))


@blueprint.post("/desk/people/new")
@allow(Who.MANAGER)
def add_person() -> ResponseReturnValue:
    form = _offering(NewPersonForm())
    if not form.validate():
        return _page(form)
    try:
        made = registering.add_person(
            db(), **told_of(form), role=Role(form.role.data), by=keeper(), now=now()
        )
    except registering.EmailTakenError:
        form.email.errors = [_("Somebody has this address already. Search for it in the list.")]
        return _page(form)
    invite(made)
    words = _("%(name)s is taken up, and a link to sign in is on its way by mail.")
    tell("success", words % {"name": made.name})
    return redirect(url_for("directory.person", person_id=made.id), 303)


def offer_choices(form: PersonForm, *, own: Organisation | None = None) -> None:
    """Every customer, with the person's own even where it has ended, and every zone."""
    offered = [(each.slug, each.name) for each in organisations(db())]
    if own is not None and own.ended_at is not None:
        offered.append((own.slug, _("%(name)s (ended)", name=own.name)))
    form.organisation.choices = [("", N_("None")), *offered]
    form.time_zone.choices = zone_choices(_("Support’s time zone"), universal=True)


def told_of(form: PersonForm) -> dict[str, Any]:
    """What was filled in, as the acts take it."""
    return {
        "name": form.name.text,
        "email": form.email.text,
        "phone": form.phone.text,
        "time_zone": form.time_zone.data or None,
        "organisation": find_organisation(db(), form.organisation.data or ""),
        "is_emergency_contact": form.is_emergency_contact.data,
        "is_technical_contact": form.is_technical_contact.data,
        "is_organisation_manager": form.is_organisation_manager.data,
        "sees_organisation_cases": form.sees_organisation_cases.data,
    }


def role_choices(*, now_held: Role | None = None) -> list[tuple[str, str]]:
    """The roles that the reader may give."""
    given = roles_given_by(keeper())
    return [(role.value, ROLE_WORDS[role]) for role in Role if role in given or role is now_held]


def _offering(form: NewPersonForm) -> NewPersonForm:
    offer_choices(form)
    form.role.choices = role_choices()
    return form


def _page(form: NewPersonForm) -> ResponseReturnValue:
    crumbs = [(_("People"), url_for("directory.people_list")), (_("New person"), None)]
    return edit_page(
        _("Take up a person"),
        form,
        current={},
        crumbs=crumbs,
        save=_("Take up and invite"),
        introduction=_(
            "They get a link by mail to sign in and choose a password. It works for 72 "
            "hours; send another from their page."
        ),
    )
