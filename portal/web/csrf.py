"""A state changes only when our own page asked for it: by its token, and by the browser's word on
where the request comes from.
"""

from urllib.parse import urlsplit

from flask import Flask, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf

from portal.web.access import Access, Csrf
from portal.web.parts import parts
from portal.web.transaction import READING_METHODS

_protection = CSRFProtect()


class ForeignOriginError(CSRFError):  # type: ignore[misc]
    """The browser says that another site made this request."""


def prepare(app: Flask) -> None:
    """Tokens last as long as the browser's session; the check itself is `check`."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False
    )
    _protection.init_app(app)
    app.jinja_env.globals["csrf_token"] = token


def token() -> str:
    """What every form of this page carries."""
    if "form_token" not in g:
        g.form_token = generate_csrf()
    found: str = g.form_token
    return found


def check(access: Access) -> None:
    """Refuse a forged request. Raises CSRFError."""
    if request.method in READING_METHODS:
        return
    origin_is_proven = _check_origin()
    if access.csrf is Csrf.TOKEN:
        _protection.protect()
    elif access.csrf is Csrf.ORIGIN and not origin_is_proven:
        raise ForeignOriginError("The browser did not say where the request comes from.")


def is_same_origin() -> bool:
    """Whether the browser vouches that our own page made this request."""
    try:
        return _check_origin()
    except ForeignOriginError:
        return False


def _check_origin() -> bool:
    """True when the origin is proven ours, False when unknown. Raises when it is another's."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in {"same-origin", "none"}:
        raise ForeignOriginError("The request comes from another site.")
    if origin is not None and origin not in _own_origins():
        raise ForeignOriginError("The request comes from another origin.")
    return origin is not None or site == "same-origin"


def _own_origins() -> set[str]:
    settings = parts().settings
    own = {settings.base_url}
    if urlsplit(settings.base_url).hostname in {"127.0.0.1", "localhost", "::1"}:
        own.add(f"http://{request.host}")
    return own
