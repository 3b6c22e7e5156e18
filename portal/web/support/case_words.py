"""What the case page says before somebody reopens, follows up or asks for escalation."""

from portal.cases.case import Case
from portal.cases.clocks import escalation_contact
from portal.cases.escalating import HIGHEST_LEVEL, answered_by
from portal.clock import now
from portal.locale import gettext as _
from portal.web.filters import when
from portal.web.transaction import db


def reopens_words(case: Case) -> str:
    return "" if case.is_open else _("Your reply opens the case again.")


def closed_words(case: Case, days: int) -> str:
    if case.number is None:
        return _("This request was closed without a case number. Open a case if you need help.")
    return _(
        "A closed case can be opened again for %(days)s days, and those are over. "
        "A follow-up case is linked to this one, so nothing has to be told twice.",
        days=days,
    )


def escalation_words(case: Case) -> list[str]:
    """Who is told, by when they answer, and what comes of it."""
    return [_who_is_told(case), _what_comes_of_it(case)]


def _who_is_told(case: Case) -> str:
    to = escalation_contact(case)
    who = to or _("whoever takes escalations")
    by = case.escalation_answer_due_at or answered_by(db(), case, now=now())
    if by is None:
        return _(
            "We tell %(who)s at once, with your reason; no time is published for the answer.",
            who=who,
        )
    return _(
        "We tell %(who)s at once, with your reason, and you are answered by %(moment)s.",
        who=who,
        moment=when(by),
    )


def _what_comes_of_it(case: Case) -> str:
    if case.level < HIGHEST_LEVEL:
        return _(
            "The case is at level %(level)s; it goes up, or you read why it stays. Either way it "
            "stands on this page.",
            level=case.level,
        )
    return _("It goes up, or you read why it stays. Either way it stands on this page.")
