"""Open case pages ask every half minute whether there is something new. Mostly there isn't, and
that answer is given before Flask sees the request: one seal is checked and one row looked at.

The page gets a mark that says up to which event it was made. The seal of the mark names the
reader's own cookies, so a mark is of use to nobody else; and all that it ever gets is "nothing
new". As soon as there is something, the request goes the whole way, access rule and all.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, current_app, request

from portal.cases.case import Case
from portal.cases.newest import Newest, newest_of
from portal.database import Database
from portal.events import Event
from portal.quick_reads import UnansweredError
from portal.web.parts import parts

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

_MARK = re.compile(r'"(\d{1,18})\.([cs])\.(\d{1,18})\.([0-9a-f]{32})"', re.ASCII)
_OWN_COOKIES = re.compile(r"(?:^|;)\s*((?:(?:__Host-)?sign-in|case-[\w-]+)=[^;]*)")


class NothingNew:
    """Stands in front of the framework and answers the looks that find nothing."""

    def __init__(
        self, wsgi: Wsgi, *, database: Database, secret: str, always: Iterable[tuple[str, str]]
    ) -> None:
        self._wsgi = wsgi
        self._newest = Newest(database)
        self._key = _key(secret)
        self._always = [("Cache-Control", "no-store"), *always]

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        mark = environ.get("HTTP_IF_NONE_MATCH", "")
        if not mark or not self._is_still_true(mark, environ):
            return self._wsgi(environ, start_response)
        start_response("304 NOT MODIFIED", [("ETag", mark), *self._always])
        return ()

    def _is_still_true(self, mark: str, environ: Environ) -> bool:
        found = _MARK.fullmatch(mark)
        if found is None or environ["REQUEST_METHOD"] != "GET":
            return False
        if not environ["PATH_INFO"].endswith("/entries"):
            return False
        case_id, side, event_id = int(found[1]), found[2], int(found[3])
        told = _mark(self._key, case_id, side, event_id, environ.get("HTTP_COOKIE", ""))
        if not hmac.compare_digest(told, mark):
            return False
        try:
            return self._newest.event_of(case_id, for_staff=side == "s") == event_id
        except UnansweredError:
            return False


def mark_of(case: Case, events: Iterable[Event], *, for_staff: bool) -> str:
    """Up to where this page tells of the case; `events` were read before its messages."""
    event_id = newest_of(case, events)
    key = _key(parts().settings.secret)
    cookies = request.headers.get("Cookie", "")
    return _mark(key, case.id, "s" if for_staff else "c", event_id, cookies)


def marked(page: str, mark: str) -> Response:
    """The entries alone, with the mark that the next look sends back."""
    response: Response = current_app.make_response(page)
    response.headers["ETag"] = mark
    return response


def _mark(key: bytes, case_id: int, side: str, event_id: int, cookies: str) -> str:
    plain = f"{case_id}.{side}.{event_id}"
    own = "; ".join(sorted(_OWN_COOKIES.findall(cookies)))
    seal = hmac.digest(key, f"{plain} {own}".encode("utf-8", "surrogateescape"), "sha256")[:16]
    return f'"{plain}.{seal.hex()}"'


def _key(secret: str) -> bytes:
    return hashlib.sha256(f"live page {secret}".encode()).digest()
