"""Signing in by password, and signing out.

Unknown addresses, wrong passwords and people who were shut out get the same answer after the same
work.
"""

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.people import guessing, registering, signing_in
from portal.people.person import Person
from portal.people.queries import normal_email
from portal.web.access import Who, allow
from portal.web.account import blueprint
from portal.web.account.forms import SignInForm
from portal.web.account.going_on import go_on, wanted
from portal.web.identity import (
    address_hash,
    current_person,
    current_sign_in,
    forget,
    keyed_hash,
    remember,
)
from portal.web.languages import told_language
from portal.web.messages import tell
from portal.web.parts import parts
from portal.web.transaction import db

WRONG = N_(
    "That address and password don't belong together. Try again, or have a link mailed to you."
)
TOO_OFTEN = N_("Too many tries. Have a sign-in link mailed to you, or wait 15 minutes.")


@blueprint.get("/sign-in")
@allow(Who.ANYONE)
def sign_in() -> ResponseReturnValue:
    """The page with both ways to sign in."""
    person = current_person()
    if person is not None:
        return go_on(person, wanted())
    return _page(SignInForm(formdata=None))


@blueprint.post("/sign-in")
@allow(Who.ANYONE)
def sign_in_now() -> ResponseReturnValue:
    """Sign in by password."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form)
    guess = guessing.Guess(keyed_hash(normal_email(form.email.text)), address_hash())
    if not guessing.may_try(db(), guess, now=now()):
        form.password.errors = [TOO_OFTEN]
        return _page(form, 429)
    email, password = form.email.text, form.password.text
    person = signing_in.authenticate(db(), email=email, password=password)
    if person is None:
        form.password.errors = [WRONG]
        return _page(form)
    guessing.succeeded(db(), guess, now=now())
    return start(person, by="password")


@blueprint.post("/sign-out")
@allow(Who.ANYONE)
def sign_out() -> ResponseReturnValue:
    """End the sign-in, here and on the server."""
    current = current_sign_in()
    if current is not None:
        signing_in.sign_out(db(), sign_in=current, now=now())
    session.clear()
    tell("success", _("You are signed out."))
    return forget(redirect(url_for("help.home"), 303))


def start(person: Person, *, by: str) -> Response:
    """Begin a new sign-in, with a new form token, and go on. The language of the first is kept."""
    target = wanted()
    earlier = current_sign_in()
    if earlier is not None:
        signing_in.sign_out(db(), sign_in=earlier, now=now())
    session.clear()
    if person.language is None and (told := told_language()):
        registering.choose_language(db(), person=person, language=told, now=now())
    token = signing_in.sign_in(db(), person=person, by=by, now=now())
    return remember(go_on(person, target), token, person)


def _page(form: SignInForm, status: int | None = None) -> ResponseReturnValue:
    code = status or (422 if form.errors else 200)
    page = render_template(
        "account/sign_in.html", form=form, next=wanted(), settings=parts().settings
    )
    return page, code
