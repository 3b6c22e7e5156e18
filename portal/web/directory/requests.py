"""Requests for an account: a manager approves or refuses, and the person is told by mail."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.mail.notices import account_refusal
from portal.people import admitting, directory
from portal.people.account_request import AccountRequest, DecidedAlreadyError
from portal.people.queries import find_by_email, find_organisation, organisations
from portal.web.access import Who, allow
from portal.web.directory import blueprint
from portal.web.directory.loading import keeper
from portal.web.forms import Form, Text
from portal.web.inviting import invite
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db


class ApprovalForm(Form):
    """For whom the new contact works: the manager says it, not the stranger."""

    organisation = SelectField(N_("Organisation"), validate_choice=False)


class RefusalForm(Form):
    """Why not."""

    reason = Text(
        N_("Why not"), required=N_("Say why, in words for the person who asked."), limit=1_000
    )


@blueprint.get("/desk/people/requests")
@allow(Who.MANAGER)
def account_requests() -> str:
    return render_template(
        "directory/requests.html",
        pending=directory.pending_requests(db()),
        decided=directory.decided_requests(db()),
    )


@blueprint.get("/desk/people/requests/<int:request_id>")
@allow(Who.MANAGER)
def account_request(request_id: int) -> ResponseReturnValue:
    return _page(_load(request_id))


@blueprint.post("/desk/people/requests/<int:request_id>/approval")
@allow(Who.MANAGER)
def approve_account(request_id: int) -> ResponseReturnValue:
    found, form = _load(request_id, lock=True), ApprovalForm()
    organisation = find_organisation(db(), form.organisation.data or "")
    try:
        person = admitting.approve(
            db(), request=found, organisation=organisation, by=keeper(), now=now()
        )
    except DecidedAlreadyError:
        return _decided(found)
    if person.may_sign_in:
        invite(person)
        words = _("%(name)s is let in, and a link to sign in is on its way.")
        tell("success", words % {"name": person.name})
    else:
        words = _("%(name)s was known already, and is shut out. See below.")
        tell("warning", words % {"name": person.name})
    return redirect(url_for("directory.person", person_id=person.id), 303)


@blueprint.post("/desk/people/requests/<int:request_id>/refusal")
@allow(Who.MANAGER)
def refuse_account(request_id: int) -> ResponseReturnValue:
    found, form = _load(request_id, lock=True), RefusalForm()
    if not form.validate():
        return _page(found, refusal=form)
    try:
        admitting.refuse(db(), request=found, reason=form.reason.text, by=keeper(), now=now())
    except DecidedAlreadyError:
        return _decided(found)
    account_refusal(
        db(), email=found.email, reason=found.reason, settings=parts().settings, now=now()
    )
    tell("success", _("Refused. %(name)s is told why by mail.", name=found.name))
    return redirect(url_for("directory.account_requests"), 303)


def _load(request_id: int, *, lock: bool = False) -> AccountRequest:
    return directory.find_request(db(), request_id, lock=lock) or abort(404)


def _decided(found: AccountRequest) -> ResponseReturnValue:
    by = found.decided_by.name if found.decided_by else _("Somebody")
    if found.outcome == "approved":
        tell("error", _("%(name)s was faster: the request is approved already.", name=by))
    else:
        tell("error", _("%(name)s was faster: the request is refused already.", name=by))
    return redirect(url_for("directory.account_requests"), 303)


def _approval_form(found: AccountRequest) -> ApprovalForm:
    known = found.organisation.slug if found.organisation else _guess(found)
    form = ApprovalForm(formdata=None, data={"organisation": known})
    offered = [(each.slug, each.name) for each in organisations(db())]
    form.organisation.choices = [("", N_("None")), *offered]
    return form


def _guess(found: AccountRequest) -> str:
    """The organisation that is called just what was typed; the manager looks at it anyway."""
    typed = found.company.casefold().strip()
    return next((o.slug for o in organisations(db()) if o.name.casefold() == typed), "")


def _page(found: AccountRequest, *, refusal: RefusalForm | None = None) -> ResponseReturnValue:
    page = render_template(
        "directory/request.html",
        request_=found,
        known=find_by_email(db(), found.email),
        form=refusal or Form(formdata=None),
        approval=_approval_form(found),
        refusal=refusal or RefusalForm(formdata=None),
    )
    return page, 422 if refusal else 200
