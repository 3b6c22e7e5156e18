"""Which statements to put to the customer, and when to stop.

The rule: few at a time, most urgent levels first, and nothing that could no longer change the
result: once something is true, less urgent levels are not asked for, and a cause is asked for
only where it decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.policy.asking import Question
from portal.policy.model import Policy
from portal.policy.priority import Answers, said_yes, settle_priority

MOST_AT_ONCE = 8
_EITHER = (True, False)


@dataclass(frozen=True, slots=True)
class Round:
    """What is asked at once: statements to tick, or the one question about a cause."""

    number: int
    questions: tuple[Question, ...]
    is_about_cause: bool = False

    def is_answered(self, answers: Answers) -> bool:
        return all(said_yes(answers.get(question.id)) is not None for question in self.questions)


def rounds(policy: Policy) -> tuple[Round, ...]:
    """Whole levels together while they are few; after them the causes that they yield to."""
    ordered: list[Round] = []
    for asked in _few_at_once(policy):
        ordered.append(Round(len(ordered) + 1, asked))
        for cause in _causes(policy, asked):
            ordered.append(Round(len(ordered) + 1, (cause,), is_about_cause=True))
    return tuple(ordered)


def needed_rounds(policy: Policy, answers: Answers) -> tuple[Round, ...]:
    """Those that can change the result, answered or not, in the order in which they are asked."""
    before: list[Question] = []
    needed = []
    for each in rounds(policy):
        if _can_change(policy, each, answers, before):
            needed.append(each)
        before.extend(each.questions)
    return tuple(needed)


def _few_at_once(policy: Policy) -> list[tuple[Question, ...]]:
    found: list[tuple[Question, ...]] = []
    for level in policy.priorities:
        if found and len(found[-1]) + len(level.questions) <= MOST_AT_ONCE:
            found[-1] += level.questions
        elif level.questions:
            found.append(level.questions)
    return found


def _causes(policy: Policy, asked: tuple[Question, ...]) -> list[Question]:
    every = {question.id: question for level in policy.priorities for question in level.questions}
    yielded = dict.fromkeys(question.unless for question in asked if question.unless)
    together = {question.id for question in asked}
    return [every[each] for each in yielded if each not in together]


def _can_change(policy: Policy, asked: Round, answers: Answers, before: Iterable[Question]) -> bool:
    said = {question.id: answers.get(question.id) for question in before}
    if asked.is_about_cause:
        cause = asked.questions[0].id
        return any(each.unless == cause and said_yes(said[each.id]) for each in before) and (
            len({settle_priority(policy, {**said, cause: is_}).priority_id for is_ in _EITHER}) > 1
        )
    so_far = settle_priority(policy, said)
    most_urgent = min(policy.rank(question.priority_id) for question in asked.questions)
    return not so_far.by_definition or policy.rank(so_far.priority_id) > most_urgent
