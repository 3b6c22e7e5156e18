"""When something goes wrong the visitor gets a page of the portal that says what happened and what
to do next, with an incident number; the log has the same number and the rest of the story.
"""

import json
import logging
import secrets
from typing import Any

from flask import Flask, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from portal import locale
from portal.locale import N_
from portal.locale import gettext as _
from portal.logs import without_secrets
from portal.web import transaction
from portal.web.resending import fields_to_offer, typed_fields

_log = logging.getLogger("portal.web")
_PAGES = {400, 403, 404, 405, 410, 413, 429, 500}
_RETRY_SECONDS = "60"


def prepare(app: Flask) -> None:
    """Answer every error with a page; never show a trace."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.extensions["plain_error"] = _plain_pages(app)
    app.register_error_handler(CSRFError, _on_forgery)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(OperationalError, _on_database_error)
    app.register_error_handler(Exception, _on_fault)


def _on_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    incident = _note(error.code, error)
    return _answer(error.code, incident, _extra_headers(error))


def _on_database_error(error: OperationalError) -> ResponseReturnValue:
    """The database is locked, full or away: nothing was done, what was typed can be sent again."""
    incident = _note(503, error)
    headers = {"Retry-After": _RETRY_SECONDS}
    return _answer(503, incident, headers, typed=fields_to_offer())


def _on_fault(error: Exception) -> ResponseReturnValue:
    return _answer(500, _note(500, error), {}, typed=fields_to_offer())


def _on_forgery(error: CSRFError) -> ResponseReturnValue:
    """An outdated form: nothing was done; what was typed is offered again, if it is our own."""
    incident = _note(400, error)
    typed = [] if _wants_json() else typed_fields()
    return _answer(
        400, incident, {}, template="errors/outdated.html", typed=typed, sign_in_url=None
    )


def _answer(
    code: int, incident: str, headers: dict[str, str], template: str | None = None, **values: Any
) -> Response:
    g.is_personal = True
    transaction.abandon()
    if _wants_json():
        response = Response(status=code, mimetype="application/json")
        response.set_data(json.dumps({"error": _title(code), "incident": incident}))
    else:
        body = _page(template or f"errors/{_page_code(code)}.html", code, incident, values)
        response = Response(body, status=code, mimetype="text/html")
    response.headers.update(headers)
    return response


def _page(template: str, code: int, incident: str, values: dict[str, Any]) -> str:
    """The error's page; a plain one when even that can't be made."""
    try:
        return render_template(template, incident=incident, code=code, **values)
    except Exception:
        _log.exception("error page failed incident=%s code=%s", incident, code)
        pages: dict[str, str] = current_app.extensions["plain_error"]
        return pages[locale.language()]


def _plain_pages(app: Flask) -> dict[str, str]:
    """The last error page by language, written at the start: afterwards it needs nothing."""
    template = app.jinja_env.get_template("errors/plain-500.html")
    pages = {}
    for tag in locale.interface_languages():
        with locale.speaking(tag):
            pages[tag] = template.render()
    return pages


def _page_code(code: int) -> int:
    if code in _PAGES:
        return code
    return 500 if code >= 500 else 400


def _note(code: int, error: Exception) -> str:
    incident = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()
    where = request.url_rule.rule if request.url_rule else without_secrets(request.path)
    log = _log.error if code >= 500 else _log.info
    log(
        "incident=%s status=%s method=%s route=%s error=%s",
        incident,
        code,
        request.method,
        where,
        type(error).__name__,
        exc_info=error if code >= 500 else None,
    )
    return incident


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def _title(code: int) -> str:
    kinds = {404: N_("Not found"), 413: N_("Too large"), 429: N_("Too many requests")}
    other = N_("Refused") if code < 500 else N_("Something went wrong on our side")
    return _(kinds.get(code, other))


def _extra_headers(error: HTTPException) -> dict[str, str]:
    keep = {"Allow", "Retry-After"}
    return {name: value for name, value in error.get_headers() if name in keep}
