"""What every answer says about itself, errors and static files included: run nothing that isn't
ours, be framed by nobody but whom the operator named, tell other sites nothing, and store nothing
that is private.
"""

from flask import Response, g

from portal.settings import Settings
from portal.web.access import Cache, current_access

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
FRAME_POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self'",
        "style-src 'self'",
        "script-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
FRAME_REFUSAL = "X-Frame-Options"
ALWAYS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (FRAME_REFUSAL, "DENY"),
)
STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
PUBLIC = "public, max-age=0, must-revalidate"
PRIVATE = "no-store"


def security_headers(settings: Settings) -> tuple[tuple[str, str], ...]:
    """The headers that stand on every answer of this installation."""
    return (*ALWAYS, STRICT_TRANSPORT) if settings.is_https else ALWAYS


def framed_by(response: Response, sites: tuple[str, ...]) -> Response:
    """Let these sites show the answer in a frame of theirs; it may do even less than others."""
    ancestors = " ".join(sites) or "'none'"
    response.headers["Content-Security-Policy"] = f"{FRAME_POLICY}; frame-ancestors {ancestors}"
    g.is_framed = bool(sites)
    return response


def protect(response: Response, always: tuple[tuple[str, str], ...]) -> Response:
    """Put the headers on; a view's own stricter policy (for files) stays."""
    headers = response.headers
    own = {name.lower() for name, _value in headers}
    if g.get("is_framed"):
        own.add(FRAME_REFUSAL.lower())
    for name, value in always:
        if name.lower() not in own:
            headers.add(name, value)
    if "Cache-Control" not in headers or g.get("is_personal"):
        headers["Cache-Control"] = PUBLIC if _is_public(response) else PRIVATE
    if headers["Cache-Control"] == PRIVATE and response.mimetype == "text/html":
        headers.setdefault("X-Robots-Tag", "noindex")
    return response


def _is_public(response: Response) -> bool:
    access = current_access()
    if access is None or access.cache is not Cache.PUBLIC or g.get("is_personal"):
        return False
    return response.status_code < 400 and "Set-Cookie" not in response.headers
