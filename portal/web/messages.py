"""The one status line after an act: told on the next page, in a small cookie of its own.

It has its own cookie so that public pages stay the same bytes for everybody who has none.
"""

from typing import Literal

from flask import Response, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.web.parts import parts

Kind = Literal["success", "info", "warning", "error"]
COOKIE = "notice"
LONGEST_WAIT_SECONDS = 300


def tell(kind: Kind, text: str) -> None:
    """Say `text` on the next page that this visitor sees."""
    g.setdefault("told", []).append((kind, text))


def notices() -> list[tuple[str, str]]:
    """What the last act had to tell; once shown it is gone."""
    if "notices" not in g:
        g.notices = _read() if COOKIE in request.cookies else []
    found: list[tuple[str, str]] = g.notices
    return found


def send(response: Response) -> Response:
    """Put what was told into the cookie, or take the cookie back once it was shown."""
    if told := g.get("told"):
        value = _serializer().dumps(told)
        response.set_cookie(
            COOKIE,
            value,
            max_age=LONGEST_WAIT_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=parts().settings.is_https,
        )
    elif g.get("notices"):
        response.delete_cookie(COOKIE)
    return response


def _read() -> list[tuple[str, str]]:
    try:
        told = _serializer().loads(request.cookies[COOKIE], max_age=LONGEST_WAIT_SECONDS)
    except BadSignature:
        return []
    return [(kind, text) for kind, text in told]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(parts().settings.secret, salt="notice")
