"""Load, allow, act, answer: this is the "allow" of every request, before any view runs."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.web import csrf
from portal.web.access import Access, current_access
from portal.web.identity import current_person
from portal.web.transaction import READING_METHODS


def admit() -> ResponseReturnValue | None:
    """Let the request through, send it to sign-in, or refuse it."""
    access = current_access()
    if access is None:
        return None
    if access.limit_bytes is not None:
        request.max_content_length = access.limit_bytes
    csrf.check(access)
    return None if access.who.admits(None) else _admit_person(access)


def _admit_person(access: Access) -> ResponseReturnValue | None:
    person = current_person()
    if person is None:
        return redirect(url_for("account.sign_in", next=_wanted()), 303)
    return None if access.who.admits(person) else abort(404)


def _wanted() -> str:
    """Where to return to: this page, or the page of the form that was sent."""
    if request.method in READING_METHODS:
        return request.full_path.rstrip("?")
    return request.referrer.removeprefix(request.host_url.rstrip("/")) if request.referrer else "/"
