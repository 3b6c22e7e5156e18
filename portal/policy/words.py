"""The few words that stand beside every figure.

`page` stands on the organisation's published page, `reading` is one reading of an ambiguous
sentence, `default` is this portal's own figure until the manager overrides it.
"""

from typing import Literal

Basis = Literal["page", "reading", "default"]
Strength = Literal["expected", "usual"]
ClockName = Literal["first_response", "next_update", "escalation", "resolution"]
State = Literal["running", "paused", "met", "missed", "stopped", "no_promise"]
EventType = Literal[
    "pause", "resume", "priority", "response", "update", "resolve", "reopen", "rebase"
]
Rule = Literal["inside_hours", "after_hours", "after_hours_rule", "paid_after_hours"]

BASES: tuple[Basis, ...] = ("page", "reading", "default")
CLOCKS: tuple[ClockName, ...] = ("first_response", "next_update", "escalation", "resolution")
NOT_NAMED = "not_a_named_contact:"
