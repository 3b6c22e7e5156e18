"""The life of every clock against the oracle: waiting, priority changes, answers, solving and
reopening, new versions, emergencies, named contacts and paid help, at random."""

from itertools import pairwise

from hypothesis import given

from portal.policy.evaluation import evaluate
from tests.policy.histories import AIMS, Story, stories
from tests.policy.retelling import Retelling, served


@given(stories())
def test_every_clock_stands_where_the_oracle_says(story: Story) -> None:
    found = evaluate(story.policies, story.filing, story.events)
    states = {
        clock.clock: (clock.state, clock.due_at, clock.remaining_seconds) for clock in found.clocks
    }
    assert states == Retelling(story).told()


@given(stories())
def test_a_report_falls_under_the_rule_that_the_oracle_names(story: Story) -> None:
    found = evaluate(story.policies, story.filing)
    story.events.clear()
    told = Retelling(story)
    rule = served(story, told.rules, story.level, story.opened_at)
    assert found.rule == rule.rule_name
    begins = told.promised("first_response", story.opened_at).begins_at()
    assert found.clock_starts_at == begins


@given(stories())
def test_the_ledger_covers_every_instant_once(story: Story) -> None:
    for clock in evaluate(story.policies, story.filing, story.events).clocks:
        spans = clock.ledger
        assert all(one.end == other.start for one, other in pairwise(spans))
        if clock.due_at is not None:
            assert spans[0].start == clock.account.since
            assert spans[-1].end == clock.due_at


@given(stories())
def test_counted_spans_sum_to_the_target(story: Story) -> None:
    for clock in evaluate(story.policies, story.filing, story.events).clocks:
        aim = AIMS[clock.target]
        if aim.kind in ("business", "clock"):
            counted = sum(
                (span.end - span.start).total_seconds()
                for span in clock.ledger
                if span.counted and span.end
            )
            assert counted + (clock.remaining_seconds or 0) == aim.minutes * 60


@given(stories())
def test_nobody_becomes_late_at_the_moment_of_a_change(story: Story) -> None:
    policies = story.policies
    for number, event in enumerate(story.events):
        if event.type not in ("priority", "rebase"):
            continue
        before = evaluate(policies, story.filing, story.events[:number])
        after = evaluate(policies, story.filing, story.events[: number + 1])
        for one, other in zip(before.clocks, after.clocks, strict=True):
            was_late = one.due_at is not None and one.due_at <= event.at
            if other.due_at is not None and other.state == "running" and not was_late:
                assert other.due_at > event.at
