"""Who is asking: a signed-in person by the cookie that names a sign-in row, or an unknown visitor.

The cookie carries only a random name; everything else stands in the database and can end there.
"""

import hashlib
import hmac
from contextlib import suppress
from dataclasses import replace
from ipaddress import IPv6Network
from typing import Literal

from flask import Flask, Request, g, request
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from portal.clock import now
from portal.knowledge.reader import ANYONE, NOBODY, Reader
from portal.people import signing_in
from portal.people.person import Person
from portal.people.sign_in import SignIn
from portal.web.access import current_access
from portal.web.languages import reading_languages
from portal.web.parts import parts
from portal.web.transaction import READING_METHODS, db


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login holds: a person together with the sign-in that proves it."""

    def __init__(self, sign_in: SignIn) -> None:
        self.sign_in = sign_in
        self.person = sign_in.person

    def get_id(self) -> str:
        return str(self.person.id)


def prepare(app: Flask) -> None:
    """Let Flask-Login find the person of each request by the sign-in cookie alone."""
    manager = LoginManager()
    manager.session_protection = None
    manager.request_loader(_load)
    app.login_manager = manager  # type: ignore[attr-defined]


def cookie_name() -> str:
    return "__Host-sign-in" if parts().settings.is_https else "sign-in"


def current_person() -> Person | None:
    """The signed-in person of this request, if any."""
    sign_in = current_sign_in()
    return sign_in.person if sign_in else None


def own_language() -> str | None:
    """The tag of the language that the signed-in person chose, if any."""
    person = current_person()
    return person.language if person else None


def current_sign_in() -> SignIn | None:
    """The sign-in that this request rests on, if any."""
    known: SignIn | Literal["unknown"] | None = g.get("sign_in", "unknown")
    if known != "unknown":
        return known
    is_told = cookie_name() in request.cookies
    found: SignIn | None = (
        current_user.sign_in if is_told and current_user.is_authenticated else None
    )
    g.sign_in = found
    return found


def reader() -> Reader:
    """Who reads, in the words of the visibility rule."""
    person = current_person()
    if person is None:
        return stranger()
    if person.is_staff:
        return Reader("staff", person.organisation_id, reading_languages())
    return Reader("contact", person.organisation_id, reading_languages())


def stranger() -> Reader:
    """Somebody without an account."""
    who = ANYONE if parts().settings.opens_articles else NOBODY
    languages = reading_languages()
    return replace(who, languages=languages) if languages else who


def visitor_hash() -> str:
    """A stand-in for the visitor: the same for a day or a sign-in, and never traced back."""
    person = current_person()
    told = f"person {person.id}" if person else f"{now():%Y-%m-%d} {_address_and_browser()}"
    return keyed_hash(told)


def address_hash() -> str:
    """A stand-in for the network address, for counting attempts without storing the address.

    IPv6 addresses count by their network, since one customer has a whole network of them.
    """
    address = request.remote_addr or ""
    if ":" in address:
        with suppress(ValueError):
            address = str(IPv6Network(f"{address}/64", strict=False))
    return keyed_hash(f"address {address}")


def keyed_hash(text: str) -> str:
    secret = parts().settings.secret.encode()
    return hmac.new(secret, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def remember(response: Response, token: str, person: Person) -> Response:
    """Give the browser the cookie of a new sign-in."""
    longest = signing_in.LONGEST_STAFF if person.is_staff else signing_in.LONGEST_CONTACT
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(longest.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=parts().settings.is_https,
        path="/",
    )
    return response


def tidy(response: Response) -> Response:
    """Take back a cookie whose sign-in has ended, so that public pages are quick again."""
    return forget(response) if g.get("is_stale") and not _sets_sign_in(response) else response


def forget(response: Response) -> Response:
    """Take the cookie back."""
    response.delete_cookie(
        cookie_name(), path="/", httponly=True, samesite="Lax", secure=parts().settings.is_https
    )
    return response


def _sets_sign_in(response: Response) -> bool:
    return any(c.startswith(cookie_name()) for c in response.headers.getlist("Set-Cookie"))


def _address_and_browser() -> str:
    return f"{request.remote_addr or ''} {request.headers.get('User-Agent', '')[:300]}"


def _load(incoming: Request) -> SignedIn | None:
    token = incoming.cookies.get(cookie_name())
    if not token:
        return None
    g.is_personal = True
    sign_in = signing_in.find_sign_in(db(), token, now=now())
    if sign_in is None:
        g.is_stale = True
        return None
    _note_use(sign_in)
    return SignedIn(sign_in)


def _note_use(sign_in: SignIn) -> None:
    access = current_access()
    if access is None or not access.is_use or not signing_in.is_use_due(sign_in, now=now()):
        return
    if request.method not in READING_METHODS:
        signing_in.note_use(db(), sign_in_id=sign_in.id, now=now())
        return
    try:
        with parts().database.writing() as session:
            signing_in.note_use(session, sign_in_id=sign_in.id, now=now())
    except OperationalError:
        g.could_not_note_use = True
