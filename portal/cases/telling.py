"""What happened, in one sentence, and its reason: the same words on page and in mail."""

from portal.cases import given_reasons, telling_days, telling_together
from portal.cases.case import Case, CaseStatus
from portal.cases.happenings import Happening
from portal.cases.policies import load
from portal.cases.telling_days import time_told
from portal.cases.telling_words import Detail, Sentence
from portal.cases.words import STAFF_STATUS_WORDS, STATUS_WORDS, waited_for
from portal.events import Event
from portal.locale import N_
from portal.locale import gettext as _


def tell(event: Event, *, case: Case, for_staff: bool, names: bool = True) -> tuple[str, str]:
    """The sentence and the reason (each may be ""); kinds that nobody needs to read give "".

    Without `names` nobody of the staff is named.
    """
    sentence = _SENTENCES.get(event.kind)
    if sentence is None:
        return "", ""
    detail = event.detail if names else _without_names(event)
    title = sentence(detail, case, for_staff)
    return title, _reason(event, case, for_staff)


def _reason(event: Event, case: Case, for_staff: bool) -> str:
    """What somebody gave as the reason; what the portal itself gave, in the reader's language."""
    if event.kind == Happening.ESCALATED and event.detail.get("due_at"):
        due = time_told(event.detail["due_at"], case, for_staff)
        return _("It was not solved by %(moment)s.", moment=due)
    return given_reasons.told(
        str(event.detail.get("reason") or event.detail.get("resolution") or "")
    )


def priority_name(case: Case, priority_id: str) -> str:
    """The policy's own name for a priority; its id where it has none."""
    policy = load(case.policy_version)
    known = policy.has_priority(priority_id)
    return policy.priority(priority_id).name if known else priority_id


def _opened(detail: Detail, case: Case, _for_staff: bool) -> str:
    if detail.get("split_from"):
        return _("Split off from %(case)s; the times count from here", case=detail["split_from"])
    if detail.get("is_written_down"):
        name = case.contact_name
        if detail["channel"] == "phone":
            return _("Case opened for %(name)s from a telephone call", name=name)
        return _("Case opened for %(name)s from an e-mail", name=name)
    if not detail.get("is_held"):
        return _("Case opened")
    return _("Request received; the contract is being checked before a case number is given")


def _number_given(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("Contract confirmed; the case number is %(case)s", case=detail["number"])


def _status(detail: Detail, _case: Case, for_staff: bool) -> str:
    words = STAFF_STATUS_WORDS if for_staff else STATUS_WORDS
    before, after = CaseStatus(detail["before"]), CaseStatus(detail["after"])
    return _(
        "Status changed from “%(before)s” to “%(after)s”",
        before=_(words[before]),
        after=_(words[after]),
    )


def _closed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("Closed by the customer") if detail.get("by_customer") else _("Case closed")


def _priority(detail: Detail, case: Case, _for_staff: bool) -> str:
    before, after = (priority_name(case, detail[key]) for key in ("before", "after"))
    if detail["is_lowered"]:
        changed = N_("Priority lowered from “%(before)s” to “%(after)s”")
    else:
        changed = N_("Priority raised from “%(before)s” to “%(after)s”")
    return _(changed, before=before, after=after)


def _waiting(detail: Detail, case: Case, for_staff: bool) -> str:
    """The customer's turn is one of the five states; every other pause says what for."""
    if detail.get("turn", "customer") == "customer":
        return _status(detail, case, for_staff)
    what = waited_for(_(detail["words"]), detail["party"])
    if detail["until"]:
        until = time_told(detail["until"], case, for_staff)
        return _("Waiting for %(what)s, until %(moment)s", what=what, moment=until)
    return _("Waiting for %(what)s", what=what)


def _routed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    before, after = detail["before"], detail["after"]
    if before:
        return _("In the queue of %(team)s (before: %(before)s)", team=after, before=before)
    return _("In the queue of %(team)s", team=after)


def _kind_changed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    before, after = detail["before"], detail["after"]
    if before:
        return _("Taken as “%(after)s”, not as “%(before)s”", after=after, before=before)
    return _("Taken as “%(after)s”", after=after)


def _without_names(event: Event) -> Detail:
    """What is told where customers don't read who of the staff works for them."""
    if event.kind == Happening.ASSIGNED:
        anybody = _(_ANYBODY)
        somebody = {name: anybody if event.detail[name] else "" for name in ("before", "after")}
        return event.detail | somebody
    return event.detail | {"person": ""} if "person" in event.detail else event.detail


_ANYBODY = N_("a member of our team")


def _assigned(detail: Detail, _case: Case, _for_staff: bool) -> str:
    before, after = detail["before"], detail["after"]
    if not after:
        return _("No longer assigned to %(name)s", name=before)
    if before == after:
        return _("Handed over to another member of our team")
    if before:
        return _("Assigned to %(name)s (before: %(before)s)", name=after, before=before)
    return _("Assigned to %(name)s", name=after)


def _escalation_requested(detail: Detail, _case: Case, _for_staff: bool) -> str:
    to = detail.get("to") or ""
    return _("Escalation asked for, to %(to)s", to=to) if to else _("Escalation asked for")


def _escalated(detail: Detail, _case: Case, _for_staff: bool) -> str:
    whom = [str(detail[key]) for key in ("team", "person") if detail.get(key)]
    to = ", ".join(whom) or detail.get("to") or ""
    levels = _(
        "Escalated from level %(before)s to level %(after)s",
        before=detail["before"],
        after=detail["after"],
    )
    return f"{levels} ({to})" if to else levels


def _rated(detail: Detail, _case: Case, for_staff: bool) -> str:
    return _("Rated %(score)s of 5", score=detail["score"]) if for_staff else ""


def _files_refused(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("Not kept from the e-mail: %(files)s", files=" ".join(detail["refused"]))


def _mail_returned(detail: Detail, _case: Case, _for_staff: bool) -> str:
    if detail["is_final"]:
        return _("Our e-mail to %(recipient)s did not arrive", recipient=detail["recipient"])
    return _("Our e-mail to %(recipient)s is delayed", recipient=detail["recipient"])


def _mail_set_aside(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _(
        "A mail in the name of %(sender)s names this case, but nothing proves who sent it; it "
        "waits under “Mail in”",
        sender=detail["sender"],
    )


def _completed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("Information added: %(fields)s", fields=", ".join(detail["fields"]))


def _article_started(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return _("Article started from this case: “%(title)s”", title=detail["title"])


def _constant(words: str) -> Sentence:
    return lambda _detail, _case, _for_staff: _(words)


_SENTENCES: dict[str, Sentence] = {
    **telling_days.SENTENCES,
    **telling_together.SENTENCES,
    Happening.OPENED: _opened,
    Happening.NUMBER_GIVEN: _number_given,
    Happening.CONTRACT_REFUSED: _constant(N_("Closed: no contract was found")),
    Happening.WORK_STARTED: _status,
    Happening.WAITING_STARTED: _waiting,
    Happening.WAITING_ENDED: _status,
    Happening.SOLVED: _status,
    Happening.CLOSED: _closed,
    Happening.REOPENED: _constant(N_("Case opened again")),
    Happening.PRIORITY_CHANGED: _priority,
    Happening.ASSIGNED: _assigned,
    Happening.ROUTED: _routed,
    Happening.KIND_CHANGED: _kind_changed,
    Happening.ESCALATION_REQUESTED: _escalation_requested,
    Happening.ESCALATED: _escalated,
    Happening.ESCALATION_ANSWERED: _constant(
        N_("Escalation was asked for; the case stays at its level")
    ),
    Happening.RATED: _rated,
    Happening.ARTICLE_STARTED: _article_started,
    Happening.FILES_REFUSED: _files_refused,
    Happening.MAIL_RETURNED: _mail_returned,
    Happening.MAIL_SET_ASIDE: _mail_set_aside,
    Happening.COMPLETED: _completed,
    Happening.DELIVERY_DATE_MISSING: _constant(N_("No delivery date for the fix has been set yet")),
}
