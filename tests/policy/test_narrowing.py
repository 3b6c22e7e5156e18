"""Which statements are put to the customer: few at a time, and none that can change nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.policy.model import Policy
from portal.policy.narrowing import MOST_AT_ONCE, needed_rounds, rounds
from portal.policy.priority import questions, settle_priority
from portal.policy.profiles import profile

NAMES = ("communicado", "cipplanner", "civicplus", "cts")
POLICIES = {name: profile(name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_every_definition_can_be_reached_and_few_stand_together(name: str) -> None:
    policy = POLICIES[name]
    asked = {question.id for each in rounds(policy) for question in each.questions}
    assert asked == {question.id for question in questions(policy)}
    assert all(len(each.questions) <= MOST_AT_ONCE for each in rounds(policy))
    assert all(question.statement for question in questions(policy))


def walked(policy: Policy, truth: dict[str, bool]) -> dict[str, object]:
    """What a customer answers who is asked round by round and tells the truth."""
    told: dict[str, object] = {}
    while open_now := [each for each in needed_rounds(policy, told) if not each.is_answered(told)]:
        told |= {question.id: truth[question.id] for question in open_now[0].questions}
    return told


@given(data=st.data(), name=st.sampled_from(NAMES))
def test_asking_less_never_leads_to_another_priority(data: st.DataObject, name: str) -> None:
    policy = POLICIES[name]
    truth = {question.id: data.draw(st.booleans(), question.id) for question in questions(policy)}
    told = walked(policy, truth)
    assert settle_priority(policy, told).priority_id == settle_priority(policy, truth).priority_id
