"""What happened, in one sentence, and its reason: the same words on page and in mail."""

from portal.cases import telling_days, telling_together
from portal.cases.case import Case, CaseStatus
from portal.cases.happenings import Happening
from portal.cases.policies import load
from portal.cases.telling_days import desk_time
from portal.cases.telling_words import Detail, Sentence
from portal.cases.words import STAFF_STATUS_WORDS, STATUS_WORDS
from portal.events import Event


def tell(event: Event, *, case: Case, for_staff: bool, names: bool = True) -> tuple[str, str]:
    """The sentence and the reason (each may be ""); kinds that nobody needs to read give "".

    Without `names` nobody of the staff is named.
    """
    sentence = _SENTENCES.get(event.kind)
    if sentence is None:
        return "", ""
    detail = event.detail if names else _without_names(event)
    title = sentence(detail, case, for_staff)
    return title, str(event.detail.get("reason") or event.detail.get("resolution") or "")


def priority_name(case: Case, priority_id: str) -> str:
    """The policy's own name for a priority; its id where it has none."""
    policy = load(case.policy_version)
    known = policy.has_priority(priority_id)
    return policy.priority(priority_id).name if known else priority_id


def _opened(detail: Detail, case: Case, _for_staff: bool) -> str:
    if detail.get("split_from"):
        return f"Split off from {detail['split_from']}; the times count from here"
    if detail.get("is_written_down"):
        how = "a telephone call" if detail["channel"] == "phone" else "an e-mail"
        return f"Case opened for {case.contact_name} from {how}"
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


def _waiting(detail: Detail, case: Case, for_staff: bool) -> str:
    """The customer's turn is one of the five states; every other pause says what for."""
    if detail.get("turn", "customer") == "customer":
        return _status(detail, case, for_staff)
    party = f": {detail['party']}" if detail["party"] else ""
    until = f", until {desk_time(detail['until'], case)}" if detail["until"] else ""
    return f"Waiting for {detail['words']}{party}{until}"


def _routed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    before = f" (before: {detail['before']})" if detail["before"] else ""
    return f"In the queue of {detail['after']}{before}"


def _kind_changed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    if not detail["before"]:
        return f"Taken as “{detail['after']}”"
    return f"Taken as “{detail['after']}”, not as “{detail['before']}”"


def _without_names(event: Event) -> Detail:
    """What is told where customers don't read who of the staff works for them."""
    if event.kind == Happening.ASSIGNED:
        somebody = {name: _ANYBODY if event.detail[name] else "" for name in ("before", "after")}
        return event.detail | somebody
    return event.detail | {"person": ""} if "person" in event.detail else event.detail


_ANYBODY = "a member of our team"


def _assigned(detail: Detail, _case: Case, _for_staff: bool) -> str:
    before, after = detail["before"], detail["after"]
    if not after:
        return f"No longer assigned to {before}"
    if before == after:
        return f"Handed over to another {after.removeprefix('a ')}"
    return f"Assigned to {after} (before: {before})" if before else f"Assigned to {after}"


def _escalation_requested(detail: Detail, _case: Case, _for_staff: bool) -> str:
    to = detail.get("to") or ""
    return f"Escalation asked for, to {to}" if to else "Escalation asked for"


def _escalated(detail: Detail, _case: Case, _for_staff: bool) -> str:
    whom = [str(detail[key]) for key in ("team", "person") if detail.get(key)]
    to = ", ".join(whom) or detail.get("to") or ""
    return f"Escalated from level {detail['before']} to level {detail['after']}" + (
        f" ({to})" if to else ""
    )


def _rated(detail: Detail, _case: Case, for_staff: bool) -> str:
    return f"Rated {detail['score']} of 5" if for_staff else ""


def _files_refused(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"Not kept from the e-mail: {' '.join(detail['refused'])}"


def _mail_returned(detail: Detail, _case: Case, _for_staff: bool) -> str:
    if detail["is_final"]:
        return f"Our e-mail to {detail['recipient']} did not arrive"
    return f"Our e-mail to {detail['recipient']} is delayed"


def _mail_set_aside(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return (
        f"A mail in the name of {detail['sender']} names this case, but nothing proves who "
        "sent it; it waits under “Mail in”"
    )


def _completed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"Information added: {', '.join(detail['fields'])}"


def _article_started(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"Article started from this case: “{detail['title']}”"


def _constant(words: str) -> Sentence:
    return lambda _detail, _case, _for_staff: words


_SENTENCES: dict[str, Sentence] = {
    **telling_days.SENTENCES,
    **telling_together.SENTENCES,
    Happening.OPENED: _opened,
    Happening.NUMBER_GIVEN: _number_given,
    Happening.CONTRACT_REFUSED: _constant("Closed: no contract was found"),
    Happening.WORK_STARTED: _status,
    Happening.WAITING_STARTED: _waiting,
    Happening.WAITING_ENDED: _status,
    Happening.SOLVED: _status,
    Happening.CLOSED: _closed,
    Happening.REOPENED: _constant("Case opened again"),
    Happening.PRIORITY_CHANGED: _priority,
    Happening.ASSIGNED: _assigned,
    Happening.ROUTED: _routed,
    Happening.KIND_CHANGED: _kind_changed,
    Happening.ESCALATION_REQUESTED: _escalation_requested,
    Happening.ESCALATED: _escalated,
    Happening.ESCALATION_ANSWERED: _constant(
        "Escalation was asked for; the case stays at its level"
    ),
    Happening.RATED: _rated,
    Happening.ARTICLE_STARTED: _article_started,
    Happening.FILES_REFUSED: _files_refused,
    Happening.MAIL_RETURNED: _mail_returned,
    Happening.MAIL_SET_ASIDE: _mail_set_aside,
    Happening.COMPLETED: _completed,
    Happening.DELIVERY_DATE_MISSING: _constant("No delivery date for the fix has been set yet"),
}
