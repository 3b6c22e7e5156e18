"""A known issue for everybody, and "tell me when it is fixed": at once for who signed in, for a
guest after the reader of the address has confirmed it. Opening a mailed link changes nothing.
"""

from datetime import timedelta

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import subscribing
from portal.knowledge.known_issue import KnownIssue, find_known_issue
from portal.knowledge.subscribing import NothingToWaitForError
from portal.knowledge.subscription import Subscription
from portal.locale import N_
from portal.locale import gettext as _
from portal.mail.issue_news import ask_to_confirm
from portal.people import throttle
from portal.web.access import Cache, Csrf, Who, allow
from portal.web.addresses import absolute
from portal.web.forms import Email, Form
from portal.web.help import blueprint
from portal.web.identity import address_hash, current_person
from portal.web.known_issues import shown_issues
from portal.web.messages import tell
from portal.web.pages import Page, public_page
from portal.web.parts import parts
from portal.web.transaction import db

MOST_ASKED = 20
TOLD = N_("You are told once, by mail, when it is fixed.")


class SubscriptionForm(Form):
    """Which address is to be told."""

    email = Email(
        N_("Your e-mail address"),
        required=N_("Enter the address to which we should write."),
    )


@blueprint.get("/known-issues/<int:issue_id>")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
@public_page
def known_issue(issue_id: int) -> Page:
    issue = _load(issue_id)
    tags = {f"article:{issue.article_id}"} if issue.article_id else set()
    return Page(_page(issue, SubscriptionForm(formdata=None)), tags=frozenset(tags))


@blueprint.post("/known-issues/<int:issue_id>/subscriptions")
@allow(Who.ANYONE, csrf=Csrf.ORIGIN)
def subscribe(issue_id: int) -> ResponseReturnValue:
    """Whoever signed in is told; a guest is asked by mail whether they really want it."""
    issue, person = _load(issue_id), current_person()
    try:
        if person is not None:
            subscribing.subscribe(db(), issue=issue, person=person, now=now())
            tell("success", _(TOLD))
            return redirect(url_for("help.known_issue", issue_id=issue.id), 303)
        form = SubscriptionForm()
        if not form.validate():
            return _page(issue, form), 422
        _ask(issue, form.email.text)
    except NothingToWaitForError:
        tell("info", _("It is over already: there is no news to wait for."))
        return redirect(url_for("help.known_issue", issue_id=issue.id), 303)
    return redirect(url_for("help.subscription_asked", issue_id=issue.id), 303)


@blueprint.get("/known-issues/<int:issue_id>/subscriptions")
@allow(Who.ANYONE)
def subscription_asked(issue_id: int) -> str:
    """The same words for every address."""
    return render_template("help/subscription_asked.html", issue=_load(issue_id))


@blueprint.get("/known-issues/subscriptions/<token>")
@allow(Who.HOLDER)
def subscription(token: str) -> str:
    """What the mailed link opens: one press confirms, one press ends; opening it does neither."""
    found = _by_token(token)
    return render_template(
        "help/subscription.html", subscription=found, issue=found.known_issue, token=token
    )


@blueprint.post("/known-issues/subscriptions/<token>")
@allow(Who.HOLDER, csrf=Csrf.SEAL)
def stop_subscription(token: str) -> ResponseReturnValue:
    """One press in a mail program (RFC 8058): no more mail about this issue."""
    subscribing.end(db(), subscription=_by_token(token), now=now())
    return "", 204


@blueprint.post("/known-issues/subscriptions/<token>/confirmation")
@allow(Who.HOLDER)
def confirm_subscription(token: str) -> ResponseReturnValue:
    subscribing.confirm(db(), subscription=_by_token(token), now=now())
    tell("success", _(TOLD))
    return redirect(url_for("help.subscription", token=token), 303)


@blueprint.post("/known-issues/subscriptions/<token>/end")
@allow(Who.HOLDER)
def end_subscription(token: str) -> ResponseReturnValue:
    subscribing.end(db(), subscription=_by_token(token), now=now())
    tell("success", _("You get no more mail about this."))
    return redirect(url_for("help.subscription", token=token), 303)


@blueprint.post("/known-issues/<int:issue_id>/subscriptions/end")
@allow(Who.SIGNED_IN)
def stop_waiting(issue_id: int) -> ResponseReturnValue:
    """Whoever signed in does not want to be told after all."""
    issue, person = _load(issue_id), current_person() or abort(404)
    found = subscribing.subscription_of(db(), issue=issue, person=person)
    if found is not None:
        subscribing.end(db(), subscription=found, now=now())
    tell("success", _("You get no mail about this."))
    return redirect(url_for("help.known_issue", issue_id=issue.id), 303)


def _load(issue_id: int) -> KnownIssue:
    """An issue that was withdrawn is not there any more."""
    issue = find_known_issue(db(), issue_id)
    if issue is None or (issue.ended_at is not None and issue.fixed_at is None):
        abort(404)
    return issue


def _by_token(token: str) -> Subscription:
    found = subscribing.find_by_token(db(), token, secret=parts().settings.secret)
    return found or abort(404)


def _ask(issue: KnownIssue, email: str) -> None:
    """Not too often from one network; who asks too often reads the same answer."""
    key = f"issue-from-{address_hash()}"
    at = now()
    if throttle.allow(db(), key, limit=MOST_ASKED, window=timedelta(hours=1), now=at):
        asked = subscribing.ask(db(), issue=issue, email=email, now=at)
        ask_to_confirm(db(), subscription=asked, settings=parts().settings, now=at)


def _page(issue: KnownIssue, form: SubscriptionForm) -> str:
    person = current_person()
    waits = person and subscribing.subscription_of(db(), issue=issue, person=person)
    return render_template(
        "help/known_issue.html",
        issue=shown_issues([issue])[0],
        fixed_at=issue.fixed_at,
        form=form,
        is_waiting=bool(waits),
        canonical=absolute("help.known_issue", issue_id=issue.id),
    )
