"""Signing in by a mailed link. Whether an address is known, only its owner learns, by mail."""

from datetime import timedelta

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.locale import N_
from portal.mail.notices import sign_in_link
from portal.people import sign_in_links
from portal.people.person import Person
from portal.people.queries import find_by_email, normal_email
from portal.people.signing_in import new_token
from portal.people.throttle import allow as not_too_often
from portal.web.access import Who, allow
from portal.web.account import blueprint
from portal.web.account.forms import LinkForm
from portal.web.account.going_on import remember_way, wanted
from portal.web.account.sign_in import start
from portal.web.identity import address_hash, keyed_hash
from portal.web.parts import parts
from portal.web.transaction import db

PER_ACCOUNT, PER_ADDRESS = 3, 20
WINDOW = timedelta(minutes=15)
TOO_OFTEN = N_("Too many links were asked for from here. Wait 15 minutes, then try again.")


@blueprint.get("/sign-in/link")
@allow(Who.ANYONE)
def ask_for_link() -> ResponseReturnValue:
    """Ask for a link by mail."""
    return render_template("account/ask_for_link.html", form=LinkForm(formdata=None), next=wanted())


@blueprint.post("/sign-in/link")
@allow(Who.ANYONE)
def mail_link() -> ResponseReturnValue:
    """Mail a link if the address is known; the answer is the same if it isn't."""
    form = LinkForm()
    if not form.validate_on_submit():
        return render_template("account/ask_for_link.html", form=form, next=wanted()), 422
    if not _may_ask(f"link address {address_hash()}", PER_ADDRESS):
        form.email.errors = [TOO_OFTEN]
        return render_template("account/ask_for_link.html", form=form, next=wanted()), 429
    _mail(form.email.text)
    page = make_response(render_template("account/link_sent.html", email=form.email.text))
    return remember_way(page, wanted(), seconds=int(sign_in_links.LASTS.total_seconds()))


@blueprint.get("/sign-in/link/<token>")
@allow(Who.HOLDER)
def link(token: str) -> ResponseReturnValue:
    """Where the mailed link leads: a page with the button that signs in."""
    found = sign_in_links.find(db(), token, now=now())
    if found is None:
        return render_template("account/link_used.html"), 410
    return render_template("account/link.html", token=token, name=found.person.name)


@blueprint.post("/sign-in/link/<token>")
@allow(Who.HOLDER)
def use_link(token: str) -> ResponseReturnValue:
    """The button: sign in, and use the link up."""
    person = sign_in_links.use(db(), token, now=now())
    if person is None:
        return render_template("account/link_used.html"), 410
    return start(person, by="link")


def _mail(email: str) -> None:
    if not _may_ask(f"link account {keyed_hash(normal_email(email))}", PER_ACCOUNT):
        return
    person = find_by_email(db(), email)
    if person is None or not person.may_sign_in:
        _do_the_same_work()
        return
    _write(person, sign_in_links.issue(db(), person=person, now=now()))


def _do_the_same_work() -> None:
    """Write a mail to nobody and take it back, so that the time taken tells nothing."""
    nobody = Person(email="nobody@example.invalid", name="Nobody")
    trial = db().begin_nested()
    _write(nobody, new_token())
    trial.rollback()


def _write(person: Person, token: str) -> None:
    minutes = int(sign_in_links.LASTS.total_seconds()) // 60
    settings = parts().settings
    sign_in_link(db(), person=person, token=token, settings=settings, now=now(), minutes=minutes)


def _may_ask(key: str, limit: int) -> bool:
    return not_too_often(db(), key, limit=limit, window=WINDOW, now=now())
