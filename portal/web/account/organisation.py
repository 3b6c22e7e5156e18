"""Your organisation: who is there, what it is entitled to and what is installed, as we have it.

The technical contact and whoever looks after the details correct installations, or say that they
are right: then nobody has to type them into a case.
"""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.people import directory, installing
from portal.people.admitting import ask_for_account
from portal.people.naming import NameTakenError
from portal.people.organisation import Installation, Organisation
from portal.people.person import Person
from portal.people.queries import contacts_of, customers_of
from portal.web.access import Who, allow
from portal.web.account import blueprint
from portal.web.editing import EditForm, edit_page
from portal.web.forms import Email, Form, Line
from portal.web.identity import current_person
from portal.web.installation_form import (
    TAKEN,
    installation_fields,
    installation_form,
    told_of,
    values_of,
)
from portal.web.messages import tell
from portal.web.standing_of_contracts import standing
from portal.web.transaction import READING_METHODS, db


class ColleagueForm(Form):
    """For whom an account is asked."""

    name = Line(N_("Their name"), required=N_("Enter your colleague's name."), limit=120)
    email = Email(N_("Their email address"), required=N_("Enter your colleague's email address."))


@blueprint.get("/account/organisation")
@allow(Who.SIGNED_IN)
def own_organisation() -> ResponseReturnValue:
    return _page(*_mine(), ColleagueForm(formdata=None))


@blueprint.get("/account/organisation/installations/<int:installation_id>")
@allow(Who.SIGNED_IN)
def own_installation(installation_id: int) -> ResponseReturnValue:
    one = _load(installation_id)
    return _edit(one, installation_form(formdata=None, data=values_of(one)))


@blueprint.post("/account/organisation/installations/<int:installation_id>")
@allow(Who.SIGNED_IN)
def correct_installation(installation_id: int) -> ResponseReturnValue:
    """Correct it; whoever corrects it confirms it too."""
    one, form = _load(installation_id), installation_form()
    if not form.validate():
        return _edit(one, form)
    if form.is_overtaken(values_of(one)):
        return _edit(one, form, is_overtaken=True)
    person, at = _mine()[0], now()
    told = told_of(form)
    try:
        installing.change_installation(db(), installation=one, **told, by=person, now=at)
    except NameTakenError:
        form.name.errors = TAKEN
        return _edit(one, form)
    installing.confirm_installation(db(), installation=one, by=person, now=at)
    tell(
        "success",
        _("%(name)s is saved. It is filled in when one of you opens a case.", name=one.name),
    )
    return _back()


@blueprint.post("/account/organisation/installations/<int:installation_id>/confirmation")
@allow(Who.SIGNED_IN)
def confirm_installation(installation_id: int) -> ResponseReturnValue:
    one = _load(installation_id)
    installing.confirm_installation(db(), installation=one, by=_mine()[0], now=now())
    tell("success", _("Thank you. %(name)s is right as it stands.", name=one.name))
    return _back()


@blueprint.post("/account/organisation/colleagues")
@allow(Who.SIGNED_IN)
def ask_for_colleague() -> ResponseReturnValue:
    """Ask for a colleague's account; a manager at support approves it like any other."""
    person, organisation = _mine()
    if not person.is_organisation_manager:
        abort(404)
    form = ColleagueForm()
    if not form.validate():
        return _page(person, organisation, form)
    ask_for_account(db(), name=form.name.text, email=form.email.text, asked_by=person, now=now())
    name = form.name.text
    tell("success", _("We have your request. %(name)s gets a mail once it is approved.", name=name))
    return _back()


def _mine() -> tuple[Person, Organisation]:
    person = current_person()
    if person is None or person.is_staff or person.organisation is None:
        abort(404)
    return person, person.organisation


def _load(installation_id: int) -> Installation:
    person, organisation = _mine()
    if not person.may_correct_installations:
        abort(404)
    lock = request.method not in READING_METHODS
    found = directory.find_installation(db(), organisation, installation_id, lock=lock)
    return found if found is not None and found.ended_at is None else abort(404)


def _back() -> ResponseReturnValue:
    return redirect(url_for("account.own_organisation", _anchor="installations"), 303)


def _page(person: Person, mine: Organisation, form: ColleagueForm) -> ResponseReturnValue:
    values: dict[str, Any] = {
        "organisation": mine,
        "contacts": contacts_of(db(), mine),
        "contracts": [(each, *standing(each)) for each in mine.contracts if each.ended_at is None],
        "fields": installation_fields(),
        "partner": directory.partner_of(db(), mine),
        "customers": customers_of(db(), mine),
        "may_correct": person.may_correct_installations,
        "form": form,
    }
    return render_template("account/organisation.html", **values), 422 if form.errors else 200


def _edit(one: Installation, form: EditForm, *, is_overtaken: bool = False) -> ResponseReturnValue:
    crumbs = [(_("Your organisation"), url_for("account.own_organisation")), (one.name, None)]
    return edit_page(
        one.name,
        form,
        current=values_of(one),
        crumbs=crumbs,
        save=_("Save installation"),
        introduction=_("What stands here is filled in when one of you opens a case."),
        is_overtaken=is_overtaken,
        layout="layouts/base.html",
    )
