"""What the case page says before somebody reopens, follows up or asks for escalation."""

from portal.cases.case import Case
from portal.cases.clocks import escalation_contact
from portal.cases.escalating import HIGHEST_LEVEL, answered_by
from portal.clock import now
from portal.web.filters import when
from portal.web.transaction import db


def reopens_words(case: Case) -> str:
    return "" if case.is_open else "Your reply opens the case again."


def closed_words(case: Case, days: int) -> str:
    if case.number is None:
        return "This request was closed without a case number. Open a case if you need help."
    return (
        f"A closed case can be opened again for {days} days, and those are over. "
        "A follow-up case is linked to this one, so nothing has to be told twice."
    )


def escalation_words(case: Case) -> list[str]:
    to = escalation_contact(case)
    who = f"{to[0].upper()}{to[1:]} is told" if to else "Whoever takes escalations is told"
    by = case.escalation_answer_due_at or answered_by(db(), case, now=now())
    answer = f"you are answered by {when(by)}" if by else "no time is published for the answer"
    level = f"The case is at level {case.level}; " if case.level < HIGHEST_LEVEL else ""
    said = f"{level}it goes up, or you read why it stays. Either way it stands on this page."
    return [f"{who} at once, with your reason, and {answer}.", said[0].upper() + said[1:]]
