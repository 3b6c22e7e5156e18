"""Customers: opening a case and following it."""

from flask import Blueprint

blueprint = Blueprint("support", __name__)

from portal.web.support import (  # noqa: E402  (the views need the blueprint)
    acts,
    agreement,
    case_files,
    case_list,
    case_page,
    check,
    contact,
    contract,
    deflection,
    details,
    effect,
    follow,
    followers,
    information,
    mail_wishes,
    priority_change,
    question,
    sent,
    uploads,
)

__all__ = [
    "acts",
    "agreement",
    "blueprint",
    "case_files",
    "case_list",
    "case_page",
    "check",
    "contact",
    "contract",
    "deflection",
    "details",
    "effect",
    "follow",
    "followers",
    "information",
    "mail_wishes",
    "priority_change",
    "question",
    "sent",
    "uploads",
]
