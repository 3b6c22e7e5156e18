"""What is told of promised and agreed days and times, in one sentence each."""

from datetime import date, datetime

from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.policies import load
from portal.cases.telling_words import Detail, Sentence
from portal.policy.moments import full_day, moment

CLOCK_WORDS = {
    "first_response": "First answer",
    "next_update": "Next update",
    "escalation": "Escalation",
    "resolution": "Solution",
}


def desk_time(instant: str, case: Case) -> str:
    """An instant of the record as the desk's clock shows it."""
    return moment(datetime.fromisoformat(instant), load(case.policy_version).zone).desk


def _day_near(detail: Detail, _case: Case, _for_staff: bool) -> str:
    on = full_day(date.fromisoformat(detail["on"]))
    if detail["what"] == "schedule":
        return f"The agreed work begins on {on}"
    if detail["is_late"]:
        return f"The fix was promised for {on} and the case is still open"
    return f"The fix is promised for {on}"


def _schedule_proposed(detail: Detail, _case: Case, for_staff: bool) -> str:
    on = full_day(date.fromisoformat(detail["on"]))
    if detail["by_customer"]:
        return f"{'The customer proposes' if for_staff else 'You proposed'} {on}"
    return f"We propose to do this on {on}"


def _schedule_agreed(detail: Detail, _case: Case, _for_staff: bool) -> str:
    on = full_day(date.fromisoformat(detail["on"]))
    if not detail["before"]:
        return f"Agreed: this is done on {on}"
    return f"Agreed: this is done on {on}, not on {full_day(date.fromisoformat(detail['before']))}"


def _schedule_withdrawn(detail: Detail, _case: Case, _for_staff: bool) -> str:
    return f"The proposal of {full_day(date.fromisoformat(detail['on']))} is off"


def _promise_near(detail: Detail, case: Case, _for_staff: bool) -> str:
    name, due = CLOCK_WORDS[detail["clock"]], desk_time(detail["due_at"], case)
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
            desk_time(change[key], case) if change[key] else "no fixed time"
            for key in ("before", "after")
        )
        if change["before"] or change["after"]:
            said.append(f"{name}: {after} instead of {before}.")
        else:
            said.append(f"{name}: {change['difference']}.")
    return " ".join(said) or "No date moved."


def _escalation_unanswered(detail: Detail, case: Case, _for_staff: bool) -> str:
    due = desk_time(detail["due_at"], case)
    return f"The customer who asked for escalation expects an answer by {due}"


def _close_near(detail: Detail, case: Case, for_staff: bool) -> str:
    whom = "the customer" if for_staff else "you"
    closes_at = desk_time(detail["closes_at"], case)
    return f"The case closes by itself on {closes_at} unless we hear from {whom}"


SENTENCES: dict[str, Sentence] = {
    Happening.DAY_NEAR: _day_near,
    Happening.SCHEDULE_PROPOSED: _schedule_proposed,
    Happening.SCHEDULE_AGREED: _schedule_agreed,
    Happening.SCHEDULE_WITHDRAWN: _schedule_withdrawn,
    Happening.PROMISE_NEAR: _promise_near,
    Happening.DELIVERY_DATE_SET: _delivery_date_set,
    Happening.REBASED: _rebased,
    Happening.ESCALATION_UNANSWERED: _escalation_unanswered,
    Happening.CLOSE_NEAR: _close_near,
}
