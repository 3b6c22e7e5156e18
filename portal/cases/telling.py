"""What happened, in one sentence, and its reason: the same words on page and in mail."""

from collections.abc import Callable
from typing import Any

from portal.cases.case import Case, CaseStatus
from portal.cases.happenings import Happening
from portal.cases.policies import load
from portal.cases.words import STAFF_STATUS_WORDS, STATUS_WORDS
from portal.events import Event

Detail = dict[str, Any]


def tell(event: Event, *, case: Case, for_staff: bool) -> tuple[str, str]:
    """The sentence and the reason (each may be ""); kinds that nobody needs to read give ""."""
    sentence = _SENTENCES.get(event.kind)
    if sentence is None:
        return "", ""
    title = sentence(event.detail, case, for_staff)
    return title, str(event.detail.get("reason") or event.detail.get("resolution") or "")


def priority_name(case: Case, priority_id: str) -> str:
    """The policy's own name for a priority; its id where it has none."""
    policy = load(case.policy_version)
    known = policy.has_priority(priority_id)
    return policy.priority(priority_id).name if known else priority_id


def _opened(detail: Detail, _case: Case, _for_staff: bool) -> str:
    if not detail.get("is_held"):
        return "Case opened"
    return "Request received; the contract is being checked before a case number is given"


def _number_given(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"Contract confirmed; the case number is {detail['number']}"


def _status(detail: Detail, _case: Case, for_staff: bool) -> str:
    words = STAFF_STATUS_WORDS if for_staff else STATUS_WORDS
    before, after = CaseStatus(detail["before"]), CaseStatus(detail["after"])
    return f"Status changed from “{words[before]}” to “{words[after]}”"


def _closed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return "Closed by the customer" if detail.get("by_customer") else "Case closed"


def _priority(detail: Detail, case: Case, _for_staff: bool) -> str:
    before, after = (priority_name(case, detail[key]) for key in ("before", "after"))
    verb = "lowered" if detail["is_lowered"] else "raised"
    return f"Priority {verb} from “{before}” to “{after}”"


def _assigned(detail: Detail, _case: Case, _for_staff: bool) -> str:
    before, after = detail["before"], detail["after"]
    if not after:
        return f"No longer assigned to {before}"
    return f"Assigned to {after} (before: {before})" if before else f"Assigned to {after}"


def _escalation_requested(detail: Detail, _case: Case, _for_staff: bool) -> str:
    to = detail.get("to") or ""
    return f"Escalation asked for, to {to}" if to else "Escalation asked for"


def _escalated(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"Escalated from level {detail['before']} to level {detail['after']}"


def _rated(detail: Detail, _case: Case, for_staff: bool) -> str:
    return f"Rated {detail['score']} of 5" if for_staff else ""


def _constant(words: str) -> Callable[[Detail, Case, bool], str]:
    return lambda _detail, _case, _for_staff: words


_SENTENCES: dict[str, Callable[[Detail, Case, bool], str]] = {
    Happening.OPENED: _opened,
    Happening.NUMBER_GIVEN: _number_given,
    Happening.CONTRACT_REFUSED: _constant("Closed: no contract was found"),
    Happening.WORK_STARTED: _status,
    Happening.WAITING_STARTED: _status,
    Happening.WAITING_ENDED: _status,
    Happening.SOLVED: _status,
    Happening.CLOSED: _closed,
    Happening.REOPENED: _constant("Case opened again"),
    Happening.PRIORITY_CHANGED: _priority,
    Happening.ASSIGNED: _assigned,
    Happening.ESCALATION_REQUESTED: _escalation_requested,
    Happening.ESCALATED: _escalated,
    Happening.RATED: _rated,
}
