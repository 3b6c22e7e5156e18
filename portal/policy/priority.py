"""How urgent is it: plain questions, one for each definition that the policy gives.

The rules: any yes is enough, and the highest level with a yes wins; where two definitions clash,
the question about the cause decides; without any yes the policy's usual level applies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.locale import gettext as _
from portal.policy.asking import Question
from portal.policy.model import Policy

Answers = Mapping[str, object]
_YES = ("yes", "true", "on", "1", "y")


@dataclass(frozen=True, slots=True)
class Step:
    """One question, what was answered, and what that meant."""

    question_id: str
    ask: str
    answer: bool | None
    priority_id: str
    counts: bool
    because: str


@dataclass(frozen=True, slots=True)
class PriorityDecision:
    """The level that the answers lead to, the definition that settled it, and the whole trace."""

    priority_id: str
    definition: str
    reason: str
    trace: tuple[Step, ...]

    @property
    def by_definition(self) -> bool:
        return bool(self.definition)


def questions(policy: Policy) -> tuple[Question, ...]:
    """Most urgent first; a question about the cause follows the one that yields to it."""
    asked = {question.id: question for level in policy.priorities for question in level.questions}
    ordered: dict[str, Question] = {}
    for question in asked.values():
        ordered.setdefault(question.id, question)
        if question.unless in asked:
            ordered.setdefault(question.unless, asked[question.unless])
    return tuple(ordered.values())


def settle_priority(policy: Policy, answers: Answers) -> PriorityDecision:
    """The highest level with a definition that holds; a pure function of the answers."""
    given = {question.id: said_yes(answers.get(question.id)) for question in questions(policy)}
    trace = tuple(_step(question, given) for question in questions(policy))
    holding = [step for step in trace if step.counts]
    if not holding:
        return _usual(policy, trace)
    best = min(holding, key=lambda step: policy.rank(step.priority_id))
    question = next(q for q in questions(policy) if q.id == best.question_id)
    reason = _reason(question, _overruled(trace, best))
    return PriorityDecision(best.priority_id, question.means or question.ask, reason, trace)


def _reason(question: Question, overruled: str) -> str:
    """In the language that is spoken; what the policy says against the other level comes last."""
    if overruled:
        return _(
            'You said yes to "%(statement)s" %(because)s',
            statement=question.statement,
            because=overruled,
        )
    return _('You said yes to "%(statement)s"', statement=question.statement)


def said_yes(answer: object) -> bool | None:
    """Forms send words, programs send true or false; nothing is no answer."""
    if answer is None or answer == "":
        return None
    if isinstance(answer, bool):
        return answer
    return str(answer).strip().lower() in _YES


def _step(question: Question, given: Mapping[str, bool | None]) -> Step:
    answer = given[question.id]
    yields = bool(answer) and question.unless is not None and bool(given.get(question.unless))
    return Step(
        question_id=question.id,
        ask=question.ask,
        answer=answer,
        priority_id=question.priority_id,
        counts=bool(answer) and not yields,
        because=question.because if yields else "",
    )


def _overruled(trace: Sequence[Step], best: Step) -> str:
    return next((step.because for step in trace if step.because and step is not best), "")


def _usual(policy: Policy, trace: tuple[Step, ...]) -> PriorityDecision:
    name = policy.priority(policy.default_priority).name
    reason = _(
        "None of these applies, so it is taken as %(priority)s, the usual priority.", priority=name
    )
    return PriorityDecision(policy.default_priority, "", reason, trace)
