"""Customers: opening a case and following it."""

from flask import Blueprint

blueprint = Blueprint("support", __name__)

from portal.web.support import (  # noqa: E402  (the views need the blueprint)
    check,
    contact,
    deflection,
    details,
    effect,
    question,
    uploads,
)

__all__ = [
    "blueprint",
    "check",
    "contact",
    "deflection",
    "details",
    "effect",
    "question",
    "uploads",
]
