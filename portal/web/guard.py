"""Load, allow, act, answer: this is the "allow" of every request, before any view runs."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.web import csrf
from portal.web.access import Access, current_access
from portal.web.areas import needs_account
from portal.web.identity import current_person
from portal.web.resending import page_to_send_again, typed_fields
from portal.web.transaction import READING_METHODS


def admit() -> ResponseReturnValue | None:
    """Let the request through, send it to sign-in, or refuse it."""
    access = current_access()
    if access is None:
        return None
    if "\0" in request.path:  # no address has it, and PostgreSQL can't be asked with it
        abort(404)
    if access.limit_bytes is not None:
        request.max_content_length = access.limit_bytes
    csrf.check(access)
    is_open = access.who.admits(None) and not needs_account()
    return None if is_open else _admit_person(access)


def _admit_person(access: Access) -> ResponseReturnValue | None:
    person = current_person()
    if person is None:
        return _ask_to_sign_in()
    return None if access.who.admits(person) else abort(404)


def _ask_to_sign_in() -> ResponseReturnValue:
    """Lead to sign-in and back again; what was typed meanwhile waits on a page of its own."""
    if request.method in READING_METHODS:
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")), 303)
    sign_in_url = url_for("account.sign_in")
    if typed := typed_fields():
        return page_to_send_again(typed, sign_in_url=sign_in_url), 403
    return redirect(sign_in_url, 303)
