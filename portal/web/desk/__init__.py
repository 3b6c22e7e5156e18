"""Staff: the queue of cases by what is promised next, and the work on them."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__)

from portal.web.desk import (  # noqa: E402  (the views need the blueprint)
    assignment,
    bulk,
    canned,
    case,
    contract,
    conversation,
    delivery,
    escalation,
    files,
    inserting,
    known_issues,
    mail_in,
    merge,
    outbox,
    parts,
    policies,
    policies_rebasing,
    presence,
    priority,
    queue,
    status,
    together,
    views,
)

__all__ = [
    "assignment",
    "blueprint",
    "bulk",
    "canned",
    "case",
    "contract",
    "conversation",
    "delivery",
    "escalation",
    "files",
    "inserting",
    "known_issues",
    "mail_in",
    "merge",
    "outbox",
    "parts",
    "policies",
    "policies_rebasing",
    "presence",
    "priority",
    "queue",
    "status",
    "together",
    "views",
]
