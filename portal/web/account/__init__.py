"""Everybody who has an account: signing in and out, and the own profile."""

from flask import Blueprint

blueprint = Blueprint("account", __name__)

from portal.web.account import (  # noqa: E402, F401  (they add their routes)
    links,
    mail,
    news,
    organisation,
    profile,
    requests,
    shortcuts,
    sign_in,
)
