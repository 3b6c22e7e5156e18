"""A visit: what ties a search, an article and a case together without knowing who it is.

The cookie that holds it is a random name of nobody, given only to those who search or open the
form, and gone after four days. Public pages neither set nor read it. Staff, crawlers and pages
fetched ahead are not counted; for those there is no visit.
"""

import logging
import re
import secrets
from collections.abc import Callable

from flask import Response, g, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.insight.attempting import Visitor
from portal.search.log import is_crawler
from portal.web.identity import address_hash, current_person, keyed_hash
from portal.web.parts import parts

MAX_AGE_SECONDS = 4 * 24 * 3600
_FETCHED_AHEAD = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)
_SHAPE = re.compile(r"[\w-]{22}", re.ASCII)
_log = logging.getLogger("portal.web")


def cookie_name() -> str:
    return "__Host-visit" if parts().settings.is_https else "visit"


def is_counted() -> bool:
    """Whether a person is probably looking, and one whom the figures are about."""
    ahead = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    if request.method == "HEAD" or is_crawler(request.user_agent.string):
        return False
    if any(_FETCHED_AHEAD.search(told) for told in ahead):
        return False
    person = current_person()
    return person is None or not person.is_staff


def visitor(*, begins: bool = False) -> Visitor | None:
    """Who makes this attempt; None when nothing is counted. `begins`: give out the cookie."""
    if not is_counted():
        return None
    name = request.cookies.get(cookie_name(), "")
    if begins:
        g.visit = name if _SHAPE.fullmatch(name) else secrets.token_urlsafe(16)
    name = g.get("visit") or name
    if not _SHAPE.fullmatch(name):
        return None
    return Visitor(keyed_hash(f"visit {name}"), **_known())


def filer(email: str) -> Visitor:
    """Who files a case, by everything that can tie it to an earlier attempt."""
    name = request.cookies.get(cookie_name(), "")
    known = _known()
    known["address"] = hashed_address(email)
    return Visitor(keyed_hash(f"visit {name}") if _SHAPE.fullmatch(name) else "", **known)


def voter() -> str:
    """By whom a question's evidence is counted: an account, else a network, never a cookie that
    can be thrown away to vote again.
    """
    person = current_person()
    return keyed_hash(f"voter {person.id}") if person else keyed_hash(f"voter {address_hash()}")


def hashed_address(email: str) -> str:
    return keyed_hash(f"mail {email.strip().lower()}") if email.strip() else ""


def keep_after(response: Response, act: Callable[[Session], None]) -> Response:
    """Write something once the answer is on its way; a failure to do so harms nobody."""
    database = parts().database

    def keep() -> None:
        try:
            with database.writing() as session:
                act(session)
        except SQLAlchemyError:
            _log.exception("could not keep what was shown")

    response.call_on_close(keep)
    return response


def send(response: Response) -> Response:
    """Give out the cookie of a visit that has begun."""
    if name := g.get("visit"):
        response.set_cookie(
            cookie_name(),
            name,
            max_age=MAX_AGE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=parts().settings.is_https,
            path="/",
        )
    return response


def _known() -> dict[str, str]:
    person = current_person()
    browser = request.headers.get("User-Agent", "")[:300]
    return {
        "account": keyed_hash(f"account {person.id}") if person else "",
        "address": hashed_address(person.email) if person else "",
        "machine": keyed_hash(f"machine {address_hash()} {browser}"),
    }
