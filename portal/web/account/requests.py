"""Asking for an account. A manager approves or refuses; the answer comes by mail alone.

The page says the same whether the address is known or not, and mails nothing to anybody yet.
"""

from datetime import timedelta

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.locale import N_
from portal.people.admitting import ask_for_account
from portal.people.throttle import allow as not_too_often
from portal.web.access import Who, allow
from portal.web.account import blueprint
from portal.web.forms import Email, Form, Line, Telephone, Text
from portal.web.identity import address_hash
from portal.web.parts import parts
from portal.web.transaction import db

MOST_ASKED = 10
WINDOW = timedelta(hours=1)
TOO_OFTEN = N_("Many accounts were asked for from here. Wait an hour, or call us.")


class AccountForm(Form):
    """Who asks, and for whom they work."""

    name = Line(N_("Your name"), required=N_("Enter your name."), limit=120)
    email = Email(
        N_("Your email address at work"),
        required=N_("Enter your email address, so that we can answer."),
    )
    company = Line(
        N_("Organisation"), required=N_("Enter the organisation you work for."), limit=120
    )
    phone = Telephone(N_("Telephone number"))
    message = Text(N_("What we should know"), limit=1_000)


@blueprint.get("/account/request")
@allow(Who.ANYONE)
def ask_for_account_form() -> ResponseReturnValue:
    _refuse_where_closed()
    return render_template("account/request.html", form=AccountForm(formdata=None))


@blueprint.post("/account/request")
@allow(Who.ANYONE)
def send_account_request() -> ResponseReturnValue:
    _refuse_where_closed()
    form = AccountForm()
    if not form.validate():
        return render_template("account/request.html", form=form), 422
    key = f"account request {address_hash()}"
    if not not_too_often(db(), key, limit=MOST_ASKED, window=WINDOW, now=now()):
        form.email.errors = [TOO_OFTEN]
        return render_template("account/request.html", form=form), 429
    ask_for_account(
        db(),
        name=form.name.text,
        email=form.email.text,
        company=form.company.text,
        phone=form.phone.text,
        message=form.message.text,
        now=now(),
    )
    return redirect(url_for("account.account_requested"), 303)


@blueprint.get("/account/requested")
@allow(Who.ANYONE)
def account_requested() -> ResponseReturnValue:
    return render_template("account/requested.html")


def _refuse_where_closed() -> None:
    if not parts().settings.takes_account_requests:
        abort(404)
