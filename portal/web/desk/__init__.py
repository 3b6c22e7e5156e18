"""Staff: the queue of cases by what is promised next, and the work on them."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__)

from portal.web.desk import (  # noqa: E402  (the views need the blueprint)
    assignment,
    bulk,
    case,
    contract,
    conversation,
    delivery,
    escalation,
    files,
    known_issues,
    merge,
    outbox,
    parts,
    policies,
    policies_rebasing,
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
    "case",
    "contract",
    "conversation",
    "delivery",
    "escalation",
    "files",
    "known_issues",
    "merge",
    "outbox",
    "parts",
    "policies",
    "policies_rebasing",
    "priority",
    "queue",
    "status",
    "together",
    "views",
]
