"""What happened, in one sentence, and its reason: the same words on page and in mail."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from portal.cases.case import Case, CaseStatus
from portal.cases.happenings import Happening
from portal.cases.policies import load
from portal.cases.words import STAFF_STATUS_WORDS, STATUS_WORDS
from portal.events import Event
from portal.policy.moments import full_day, moment

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
    to = f" ({detail['to']})" if detail.get("to") else ""
    return f"Escalated from level {detail['before']} to level {detail['after']}{to}"


CLOCK_WORDS = {
    "first_response": "First answer",
    "next_update": "Next update",
    "escalation": "Escalation",
    "resolution": "Solution",
}


def _promise_near(detail: Detail, case: Case, _for_staff: bool) -> str:
    name, due = CLOCK_WORDS[detail["clock"]], _desk_time(detail["due_at"], case)
    return f"{name} is overdue since {due}" if detail["is_late"] else f"{name} is due by {due}"


def _delivery_date_set(detail: Detail, _case: Case, _for_staff: bool) -> str:
    after = full_day(date.fromisoformat(detail["after"]))
    if not detail["before"]:
        return f"The fix will be delivered on {after}"
    before = full_day(date.fromisoformat(detail["before"]))
    return f"Delivery of the fix moved from {before} to {after}"


def _rebased(detail: Detail, case: Case, _for_staff: bool) -> str:
    return (
        f"Now under version {detail['after']} of our support policy. {rebased_dates(detail, case)}"
    )


def rebased_dates(detail: Detail, case: Case) -> str:
    """Which dates moved, from when to when."""
    said = []
    for change in detail["changes"]:
        name = CLOCK_WORDS[change["clock"]]
        before, after = (
            _desk_time(change[key], case) if change[key] else "no fixed time"
            for key in ("before", "after")
        )
        if change["before"] or change["after"]:
            said.append(f"{name}: {after} instead of {before}.")
        else:
            said.append(f"{name}: {change['difference']}.")
    return " ".join(said) or "No date moved."


def _desk_time(instant: str, case: Case) -> str:
    return moment(datetime.fromisoformat(instant), load(case.policy_version).zone).desk


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
    Happening.PROMISE_NEAR: _promise_near,
    Happening.DELIVERY_DATE_SET: _delivery_date_set,
    Happening.DELIVERY_DATE_MISSING: _constant("No delivery date for the fix has been set yet"),
    Happening.REBASED: _rebased,
}
