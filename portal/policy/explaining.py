"""Why this date, in one sentence, and what would change it.

The rule: the reason names the cause (after hours, a holiday by name, emergency cover), when the
clock starts, and the target; nobody has to know the policy to understand it.
"""

from datetime import timedelta

from portal.policy.closures import AFTER, BEFORE, BREAK, CLOSED_DAY, HOLIDAY, SPECIAL, WEEKEND
from portal.policy.evaluation import ClockState, Evaluation
from portal.policy.model import Policy, Priority
from portal.policy.moments import day_text, short_moment
from portal.policy.reasons import (
    COVER,
    INSIDE,
    LOWERED,
    NOT_A_NAMED_CONTACT,
    PAID,
    RAISED,
    Reason,
)

_CAUSES = {
    BEFORE: "it is before opening",
    AFTER: "it is after hours",
    WEEKEND: "it is the weekend",
    CLOSED_DAY: "support is closed that day",
    BREAK: "support is on its midday break",
}


def why_sentence(evaluation: Evaluation) -> str:
    """One sentence from the reason codes."""
    codes = {reason.code for reason in evaluation.reasons}
    start = [_start(evaluation, codes)] if evaluation.first_response.has_promise else []
    parts = [*start, target_sentence(evaluation), *_on_the_way(evaluation)]
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _start(evaluation: Evaluation, codes: set[str]) -> str:
    level = evaluation.policy.priority(evaluation.first_response.priority_id)
    named = f"emergency help is for named contacts, so this is handled as {called(level)}; "
    prefix = named if NOT_A_NAMED_CONTACT in codes else ""
    if PAID in codes:
        return f"{prefix}you agreed to paid help outside hours, so the clock starts at once"
    if COVER in codes:
        return f"{prefix}emergencies are covered day and night, so the clock starts at once"
    if INSIDE in codes:
        return f"{prefix}support is open, so the clock starts at once"
    return f"{prefix}{_waiting(evaluation)}"


def _waiting(evaluation: Evaluation) -> str:
    first = evaluation.first_response
    cause = _cause(evaluation, evaluation.reasons[0])
    if first.begins_at == first.received_at:
        return f"{cause}, but the clock runs day and night"
    starts = short_moment(first.begins_at, evaluation.policy.zone)
    return f"because {cause}, the clock starts {starts}"


def _cause(evaluation: Evaluation, reason: Reason) -> str:
    if reason.code == HOLIDAY:
        return f"it is {reason.name}"
    if reason.code == SPECIAL:
        return f"of special hours ({reason.name})"
    local = evaluation.first_response.received_at.astimezone(evaluation.policy.zone)
    return f"{_CAUSES[reason.code]} ({local:%a})"


def target_sentence(evaluation: Evaluation) -> str:
    """Priority "Minor" is answered by close of the same business day."""
    state = evaluation.first_response
    level = evaluation.policy.priority(state.priority_id)
    if not state.has_promise:
        word = state.response_kind or state.words
        return f"{called(level)} is answered {word}" if word else f"{called(level)} {_NO_TIME}"
    if _is_past_cutoff(state):
        return f"{called(level)} is answered by close of the next business day {_LATE_IN_THE_DAY}"
    return f"{called(level)} is answered {spoken(state)}"


_LATE_IN_THE_DAY = "when it is reported so shortly before closing"


def _is_past_cutoff(state: ClockState) -> bool:
    """Reported on a business day, but after the time up to which that day's close is promised."""
    promise = state.account.standing.promise
    if not promise.target.cutoff_minutes or state.due_at is None:
        return False
    last = state.due_at - timedelta(seconds=1)
    reported = promise.calendar.business_date(promise.received_at)
    return promise.calendar.business_date(last) > reported


_NO_TIME = "has no published time for a first answer"


def called(level: Priority) -> str:
    """Priority "Minor", or priority 2: the name without what stands in brackets."""
    name = level.name.split(" (")[0]
    if name.lower().startswith("priority"):
        return name[0].lower() + name[1:]
    return f'priority "{name}"'


def spoken(state: ClockState) -> str:
    """ "4 business hours" is within, "by close of ..." stands for itself."""
    return state.target if state.target.startswith("by ") else f"within {state.target}"


def _on_the_way(evaluation: Evaluation) -> list[str]:
    """Holidays between filing and due, and changes of the priority."""
    said = []
    for reason in evaluation.reasons[1:]:
        if reason.code == HOLIDAY:
            said.append(f"{reason.name} does not count")
        elif reason.code == SPECIAL:
            said.append(f"{reason.name} has special hours")
        elif reason.code in (RAISED, LOWERED) and reason.at:
            day = day_text(reason.at.astimezone(evaluation.policy.zone).date())
            said.append(f"the {reason.code.replace('priority ', 'priority was ')} on {day}")
    return said


def what_would_change_it(evaluation: Evaluation) -> tuple[str, ...]:
    """An emergency line to call, or help for a fee that needs consent first."""
    found = (_emergency_line(evaluation), _paid_help(evaluation))
    return tuple(sentence for sentence in found if sentence)


def _emergency_line(evaluation: Evaluation) -> str:
    policy = evaluation.policy
    urgent = _emergency_levels(policy)
    if not urgent or evaluation.first_response.priority_id in urgent:
        return ""
    named = policy.emergency is not None and policy.emergency.named_contacts_only
    who = "A named contact" if named else "You"
    examples = policy.emergency.true_emergencies if policy.emergency else ()
    question = f"{examples[0]}? " if examples else "An emergency? "
    return f"{question}{who} can call the emergency line{_number(policy)} now, day or night."


def _emergency_levels(policy: Policy) -> tuple[str, ...]:
    if policy.emergency:
        return policy.emergency.priorities
    levels = policy.priorities
    return tuple(level.id for level in levels if policy.calendar(level.hours).never_closes)


def _number(policy: Policy) -> str:
    return f" {policy.desk.phone}" if policy.desk.phone else ""


def _paid_help(evaluation: Evaluation) -> str:
    paid, first = evaluation.policy.paid, evaluation.first_response
    if paid is None or first.priority_id not in paid.applies_to:
        return ""
    if first.rule.endswith(("inside_hours", "paid_after_hours")):
        return ""
    who = "For a named contact, help" if paid.named_contacts_only else "Help"
    return f"{who} before opening costs {paid.rate}; nothing starts before you agree."
