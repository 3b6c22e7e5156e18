"""The customer's five words for where a case stands, each explained; staff read the same ones,
told from their side.
"""

from datetime import datetime

from portal.cases.case import Case, CaseStatus
from portal.cases.clocks import policy_of
from portal.cases.turns import Side
from portal.locale import N_, pgettext
from portal.locale import gettext as _

STATUS_WORDS = {
    CaseStatus.HELD: N_("Received"),
    CaseStatus.RECEIVED: N_("Received"),
    CaseStatus.IN_PROGRESS: N_("We're working on it"),
    CaseStatus.WAITING: N_("Waiting for you"),
    CaseStatus.PAUSED: N_("We're working on it"),
    CaseStatus.SOLVED: N_("Solved - please confirm"),
    CaseStatus.CLOSED: N_("Closed"),
}

STATUS_MEANINGS = {
    N_("Received"): N_("We have your request and will answer by the time shown."),
    N_("We're working on it"): N_(
        "You need to do nothing. The case says whether it's our turn or we wait for somebody else, "
        "and by when you hear from us."
    ),
    N_("Waiting for you"): N_("We asked you something; the case goes on when you answer."),
    N_("Solved - please confirm"): N_("We believe it is solved. Tell us if it isn't."),
    N_("Closed"): N_("It is over. For some days you can open it again."),
}

CHANNEL_WORDS = {"web": N_("Web form"), "email": N_("E-mail"), "phone": N_("Telephone")}

STAFF_STATUS_WORDS = {
    **STATUS_WORDS,
    CaseStatus.HELD: N_("Contract check"),
    CaseStatus.WAITING: N_("Waiting for the customer"),
    CaseStatus.PAUSED: N_("Paused"),
    CaseStatus.SOLVED: N_("Solved"),
}

STATUS_TONES = {
    CaseStatus.HELD: "info",
    CaseStatus.RECEIVED: "neutral",
    CaseStatus.IN_PROGRESS: "info",
    CaseStatus.WAITING: "attention",
    CaseStatus.PAUSED: "neutral",
    CaseStatus.SOLVED: "good",
    CaseStatus.CLOSED: "neutral",
}

_YES_OR_NO = {"yes": N_("Yes"), "no": N_("No")}


def spoken_answer(value: str) -> str:
    """Yes or no as people say it; any other answer as it was given."""
    return _(_YES_OR_NO[value]) if value in _YES_OR_NO else value


def shown_status(case: Case) -> CaseStatus:
    """What the customer reads: while a day that we proposed is unanswered, it's their turn."""
    return CaseStatus.WAITING if case.asks_about_day else case.status


def whose_turn(case: Case) -> Side:
    """Who has the ball now; a proposed day is the other side's to answer, whatever else waits."""
    if case.status in {CaseStatus.WAITING, CaseStatus.SOLVED}:
        return Side.CUSTOMER
    if case.is_open and case.proposed_on is not None:
        return Side.US if case.is_customers_proposal else Side.CUSTOMER
    if case.status is CaseStatus.PAUSED:
        return Side(policy_of(case).pause(case.pause_reason).turn)
    return Side.US if case.is_open else Side.OVER


TURN_WORDS = {
    Side.US: N_("Our turn"),
    Side.CUSTOMER: N_("Your turn"),
    Side.THIRD_PARTY: N_("A third party’s turn"),
    Side.NOBODY: N_("Paused by agreement"),
    Side.OVER: N_("Closed"),
}
"""The customer's words; staff read theirs."""

STAFF_TURN_WORDS = {**TURN_WORDS, Side.CUSTOMER: N_("The customer’s turn")}


def waits_for(case: Case) -> str:
    """What a paused case waits for: "a third party: Mitel"; "" when it doesn't."""
    if case.status is not CaseStatus.PAUSED:
        return ""
    return waited_for(_(policy_of(case).pause(case.pause_reason).words), case.paused_for)


def waited_for(words: str, party: str) -> str:
    """Both in one, and whoever the reason itself names once: "the carrier: Puget Line"."""
    if not party or words.casefold() == party.casefold():
        return words
    return party if party.casefold().startswith(words.casefold()) else f"{words}: {party}"


def next_promise(case: Case) -> str:
    """Which promise falls due next, in a word or two; "" when none does."""
    if case.next_due_at is None:
        return ""
    if case.next_due_at == case.first_response_due_at and case.first_responded_at is None:
        return _("First answer")
    if case.next_due_at == case.next_update_due_at:
        return pgettext("promise", "Update")
    if case.next_due_at == case.escalation_answer_due_at:
        return _("Word on the escalation")
    is_escalation = case.next_due_at == case.escalation_due_at
    return _("Escalation") if is_escalation else _("Solution")


def owed_to_customer(case: Case) -> datetime | None:
    """By when the customer hears from us next, where a time is promised: word on an escalation is
    owed even while they have something to answer.
    """
    if not case.is_open or case.status is CaseStatus.WAITING:
        return case.escalation_answer_due_at
    first = None if case.first_responded_at else case.first_response_due_at
    due = (first, case.next_update_due_at, case.escalation_answer_due_at)
    return min((at for at in due if at is not None), default=None)
