"""Why a case got its priority, said again from what the customer answered.

The record of it is kept as it was made, in English. Readers of another language are told the same
from the stored answers, as long as the policy of the case still asks these questions.
"""

from collections.abc import Mapping
from typing import Any

from portal.locale import SPOKEN_IN_CODE, language
from portal.policy.model import Policy
from portal.policy.priority import questions, settle_priority


def because(policy: Policy, trace: Mapping[str, Any]) -> str:
    """The reason in the language that is spoken; as it was recorded where that can't be told."""
    recorded = str(trace.get("reason") or "")
    if not recorded or language() == SPOKEN_IN_CODE:
        return recorded
    asked = {question.ask: question.id for question in questions(policy)}
    steps = trace.get("steps") or ()
    if not all(step["ask"] in asked for step in steps):
        return recorded
    decision = settle_priority(policy, {asked[step["ask"]]: step["answer"] for step in steps})
    return decision.reason if decision.priority_id == trace.get("settled") else recorded
