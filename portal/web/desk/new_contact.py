"""Somebody calls for a customer and has no account: whoever answers takes them up, and goes on."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.people import registering
from portal.people.queries import find_organisation, organisations
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import worker
from portal.web.editing import EditForm, edit_page
from portal.web.forms import Email, Line, Required, Telephone
from portal.web.inviting import invite
from portal.web.messages import tell
from portal.web.transaction import db


class NewContactForm(EditForm):
    """What is asked of a caller."""

    name = Line(N_("Name"), required=N_("Enter the name of whoever asks."))
    email = Email(
        N_("E-mail address"), required=N_("Enter an address: the link to sign in goes there.")
    )
    phone = Telephone(N_("Telephone number"))
    organisation = SelectField(
        N_("Organisation"), [Required(N_("Choose the organisation that they work for."))]
    )


@blueprint.get("/desk/cases/new/contact")
@allow(Who.AGENT)
def new_contact() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()
    typed = {"email" if "@" in words else "name": words[:100]}
    return _page(_offering(NewContactForm(formdata=None, data=typed)))


@blueprint.post("/desk/cases/new/contact")
@allow(Who.AGENT)
def take_up_contact() -> ResponseReturnValue:
    """Take them up and invite them, then write down their case."""
    form = _offering(NewContactForm())
    organisation = find_organisation(db(), form.organisation.data or "")
    if not form.validate() or organisation is None:
        return _page(form)
    try:
        made = registering.take_up_caller(
            db(),
            email=form.email.text,
            name=form.name.text,
            phone=form.phone.text,
            organisation=organisation,
            by=worker(),
            now=now(),
        )
    except registering.EmailTakenError:
        form.email.errors = [_("Somebody has this address already. Go back and search for it.")]
        return _page(form)
    invite(made)
    words = _("%(name)s is taken up and gets a link to sign in. Write down the case.")
    tell("success", words % {"name": made.name})
    return redirect(url_for("desk.new_case", contact=made.id), 303)


def _offering(form: NewContactForm) -> NewContactForm:
    offered = [(each.slug, each.name) for each in organisations(db())]
    form.organisation.choices = [("", N_("Choose")), *offered]
    return form


def _page(form: NewContactForm) -> ResponseReturnValue:
    return edit_page(
        _("New contact"),
        form,
        current={},
        crumbs=[
            (_("Queue"), url_for("desk.queue")),
            (_("New case"), url_for("desk.new_case")),
            (_("New contact"), None),
        ],
        save=_("Take up and write down the case"),
        introduction=_(
            "They see their own cases only. A manager can let them see those of their "
            "organisation and make them a named contact."
        ),
    )
