"""Why this date, in one sentence, and what would change it.

The rule: the reason names the cause (after hours, a holiday by name, emergency cover), when the
clock starts, and the target; nobody has to know the policy to understand it.
"""

from datetime import timedelta

from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.closures import AFTER, BEFORE, BREAK, CLOSED_DAY, HOLIDAY, SPECIAL, WEEKEND
from portal.policy.evaluation import ClockState, Evaluation
from portal.policy.model import Policy
from portal.policy.moments import moment, short_moment, short_weekday
from portal.policy.reasons import (
    COVER,
    INSIDE,
    LOWERED,
    NOT_A_NAMED_CONTACT,
    PAID,
    RAISED,
    Reason,
)
from portal.policy.spoken import called, within, word

_CAUSES = {
    BEFORE: N_("it is before opening"),
    AFTER: N_("it is after hours"),
    WEEKEND: N_("it is the weekend"),
    CLOSED_DAY: N_("support is closed that day"),
    BREAK: N_("support is on its midday break"),
}


def why_sentence(evaluation: Evaluation) -> str:
    """One sentence from the reason codes."""
    start = _start(evaluation) if evaluation.first_response.has_promise else []
    parts = [*start, target_sentence(evaluation), *_on_the_way(evaluation)]
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _start(evaluation: Evaluation) -> list[str]:
    """As which level it is handled, where that isn't the one asked for; when the clock starts."""
    codes = {reason.code for reason in evaluation.reasons}
    starts = _starts(evaluation, codes)
    if NOT_A_NAMED_CONTACT not in codes:
        return [starts]
    level = called(evaluation.policy.priority(evaluation.first_response.priority_id))
    named = _("emergency help is for named contacts, so this is handled as %(level)s", level=level)
    return [named, starts]


def _starts(evaluation: Evaluation, codes: set[str]) -> str:
    if PAID in codes:
        return _("you agreed to paid help outside hours, so the clock starts at once")
    if COVER in codes:
        return _("emergencies are covered day and night, so the clock starts at once")
    if INSIDE in codes:
        return _("support is open, so the clock starts at once")
    return _waiting(evaluation)


def _waiting(evaluation: Evaluation) -> str:
    first = evaluation.first_response
    cause = _cause(evaluation, evaluation.reasons[0])
    if first.begins_at == first.received_at:
        return _("%(cause)s, but the clock runs day and night", cause=cause)
    starts = short_moment(first.begins_at, evaluation.policy.zone)
    return _("because %(cause)s, the clock starts %(moment)s", cause=cause, moment=starts)


def _cause(evaluation: Evaluation, reason: Reason) -> str:
    if reason.code == HOLIDAY:
        return _("it is %(holiday)s", holiday=reason.name)
    if reason.code == SPECIAL:
        return _("of special hours (%(day)s)", day=reason.name)
    local = evaluation.first_response.received_at.astimezone(evaluation.policy.zone)
    cause = _(_CAUSES[reason.code])
    return _("%(cause)s (%(weekday)s)", cause=cause, weekday=short_weekday(local))


def target_sentence(evaluation: Evaluation) -> str:
    """Priority "Minor" is answered by close of the same business day."""
    state = evaluation.first_response
    level = called(evaluation.policy.priority(state.priority_id))
    if not state.has_promise:
        return _without_target(level, state.response_kind or state.words)
    if _is_past_cutoff(state):
        return _(
            "%(level)s is answered by close of the next business day when it is reported so "
            "shortly before closing",
            level=level,
        )
    return _("%(level)s is answered %(target)s", level=level, target=within(state.target))


def _without_target(level: str, instead: str) -> str:
    if instead:
        return _("%(level)s is answered %(target)s", level=level, target=word(instead))
    return _("%(level)s has no published time for a first answer", level=level)


def _is_past_cutoff(state: ClockState) -> bool:
    """Reported on a business day, but after the time up to which that day's close is promised."""
    promise = state.account.standing.promise
    if not promise.target.cutoff_minutes or state.due_at is None:
        return False
    last = state.due_at - timedelta(seconds=1)
    reported = promise.calendar.business_date(promise.received_at)
    return promise.calendar.business_date(last) > reported


def _on_the_way(evaluation: Evaluation) -> list[str]:
    """Holidays between filing and due, and changes of the priority."""
    said = []
    for reason in evaluation.reasons[1:]:
        if reason.code == HOLIDAY:
            said.append(_("%(holiday)s does not count", holiday=reason.name))
        elif reason.code == SPECIAL:
            said.append(_("%(day)s has special hours", day=reason.name))
        elif reason.code in (RAISED, LOWERED) and reason.at:
            at = moment(reason.at, evaluation.policy.zone).text
            raised = reason.code == RAISED
            said.append(
                _("the priority was raised on %(moment)s", moment=at)
                if raised
                else _("the priority was lowered on %(moment)s", moment=at)
            )
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
    examples = policy.emergency.true_emergencies if policy.emergency else ()
    example = examples[0] if examples else _("An emergency")
    line = _line(policy)
    if policy.emergency is not None and policy.emergency.named_contacts_only:
        return _(
            "%(example)s? A named contact can call %(line)s now, day or night.",
            example=example,
            line=line,
        )
    return _("%(example)s? You can call %(line)s now, day or night.", example=example, line=line)


def _emergency_levels(policy: Policy) -> tuple[str, ...]:
    if policy.emergency:
        return policy.emergency.priorities
    levels = policy.priorities
    return tuple(level.id for level in levels if policy.calendar(level.hours).never_closes)


def _line(policy: Policy) -> str:
    number = policy.desk.phone
    return _("the emergency line %(number)s", number=number) if number else _("the emergency line")


def _paid_help(evaluation: Evaluation) -> str:
    paid, first = evaluation.policy.paid, evaluation.first_response
    if paid is None or first.priority_id not in paid.applies_to:
        return ""
    if first.rule.endswith(("inside_hours", "paid_after_hours")):
        return ""
    if paid.named_contacts_only:
        return _(
            "For a named contact, help before opening costs %(rate)s; nothing starts before you "
            "agree.",
            rate=paid.rate,
        )
    return _("Help before opening costs %(rate)s; nothing starts before you agree.", rate=paid.rate)
