"""The customer's five words for where a case stands, each explained; staff read the same ones,
told from their side.
"""

from portal.cases.case import Case, CaseStatus
from portal.cases.clocks import policy_of
from portal.cases.turns import Side

STATUS_WORDS = {
    CaseStatus.HELD: "Received",
    CaseStatus.RECEIVED: "Received",
    CaseStatus.IN_PROGRESS: "We're working on it",
    CaseStatus.WAITING: "Waiting for you",
    CaseStatus.PAUSED: "We're working on it",
    CaseStatus.SOLVED: "Solved - please confirm",
    CaseStatus.CLOSED: "Closed",
}

STATUS_MEANINGS = {
    "Received": "We have your request and will answer by the time shown.",
    "We're working on it": "You need to do nothing. The case says whether it's our turn or we wait "
    "for somebody else, and by when you hear from us.",
    "Waiting for you": "We asked you something; the case goes on when you answer.",
    "Solved - please confirm": "We believe it is solved. Tell us if it isn't.",
    "Closed": "It is over. For some days you can open it again.",
}

CHANNEL_WORDS = {"web": "Web form", "email": "E-mail", "phone": "Telephone"}

STAFF_STATUS_WORDS = {
    **STATUS_WORDS,
    CaseStatus.HELD: "Contract check",
    CaseStatus.WAITING: "Waiting for the customer",
    CaseStatus.PAUSED: "Paused",
    CaseStatus.SOLVED: "Solved",
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


def status_words(case: Case) -> str:
    return STATUS_WORDS[case.status]


def whose_turn(case: Case) -> Side:
    """Who has the ball now."""
    if case.status in {CaseStatus.WAITING, CaseStatus.SOLVED}:
        return Side.CUSTOMER
    if case.status is CaseStatus.PAUSED:
        return Side(policy_of(case).pause(case.pause_reason).turn)
    return Side.US if case.is_open else Side.OVER


TURN_WORDS = {
    Side.US: "Our turn",
    Side.CUSTOMER: "Your turn",
    Side.THIRD_PARTY: "A third party’s turn",
    Side.NOBODY: "Paused by agreement",
    Side.OVER: "Closed",
}
"""The customer's words; staff read theirs."""

STAFF_TURN_WORDS = {**TURN_WORDS, Side.CUSTOMER: "The customer’s turn"}


def waits_for(case: Case) -> str:
    """What a paused case waits for: "a third party: Mitel"; "" when it doesn't."""
    if case.status is not CaseStatus.PAUSED:
        return ""
    words = policy_of(case).pause(case.pause_reason).words
    return f"{words}: {case.paused_for}" if case.paused_for else words


def next_promise(case: Case) -> str:
    """Which promise falls due next, in a word or two; "" when none does."""
    if case.next_due_at is None:
        return ""
    if case.next_due_at == case.first_response_due_at and case.first_responded_at is None:
        return "First answer"
    if case.next_due_at == case.next_update_due_at:
        return "Update"
    return "Escalation" if case.next_due_at == case.escalation_due_at else "Solution"
