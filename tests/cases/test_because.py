"""The reason of a priority, told again in the language of whoever reads it."""

from portal import locale
from portal.cases.because import because
from portal.policy.loading import load_policy
from portal.policy.priority import questions, settle_priority
from portal.policy.profiles import profile_source

POLICY = load_policy(profile_source("communicado"))


def trace_of(answers: dict[str, str]) -> dict[str, object]:
    """What a case keeps, as it is recorded when it is opened."""
    decision = settle_priority(POLICY, answers)
    steps = [
        {"ask": s.ask, "answer": s.answer, "priority": s.priority_id, "counts": s.counts}
        for s in decision.trace
        if s.answer is not None
    ]
    return {"settled": decision.priority_id, "reason": decision.reason, "steps": steps}


def test_every_answer_is_told_again_in_german_and_stays_as_recorded_in_english() -> None:
    for question in questions(POLICY):
        trace = trace_of({question.id: "yes"})
        assert because(POLICY, trace) == trace["reason"]
        with locale.speaking("de"):
            assert because(POLICY, trace).startswith(("Sie haben", "Nichts davon"))


def test_what_the_policy_asks_no_more_is_told_as_it_was_recorded() -> None:
    trace = trace_of({questions(POLICY)[0].id: "yes"})
    asked_then = {**trace, "steps": [{"ask": "Does it rain?", "answer": True}]}
    settled_then = {**trace, "settled": "9"}
    with locale.speaking("de"):
        assert because(POLICY, asked_then) == because(POLICY, settled_then) == trace["reason"]
        assert because(POLICY, {}) == ""
