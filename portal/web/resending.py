"""What somebody typed is not lost when a form can't be taken: it is shown ready to be sent again.

Only what our own page sent is offered again, so that nobody can put words into another's mouth.
"""

from flask import render_template, request
from werkzeug.exceptions import HTTPException

from portal.web import csrf
from portal.web.transaction import READING_METHODS

NEVER_KEPT = frozenset({"csrf_token"})


def typed_fields() -> list[tuple[str, str]]:
    """The fields of this request that can be sent again: not passwords, not files."""
    if not csrf.is_same_origin():
        return []
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in NEVER_KEPT and "password" not in name and name != "current"
    ]


def fields_to_offer() -> list[tuple[str, str]]:
    """The same after a fault, when even reading what was sent may fail."""
    if request.method in READING_METHODS:
        return []
    try:
        return typed_fields()
    except (OSError, HTTPException):
        return []


def page_to_send_again(fields: list[tuple[str, str]], *, sign_in_url: str | None = None) -> str:
    """A page that holds what was typed; `sign_in_url` when the sender has to sign in first."""
    return render_template("errors/outdated.html", typed=fields, sign_in_url=sign_in_url)
