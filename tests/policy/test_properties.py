"""What must hold for every desk and every history."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.policy.evaluation import ClockEvent, evaluate, first_response_due
from portal.policy.loading import load_policy
from portal.policy.problems import PolicyRefusal
from tests.policy.calendars import Case, cases
from tests.policy.histories import LEVELS, Story, source, stories

seconds = st.integers(0, 400_000)
offsets = st.integers(0, 4 * 86_400)


@given(cases(), st.lists(st.tuples(offsets, seconds, seconds), min_size=5, max_size=15))
def test_adding_and_measuring_agree(case: Case, chosen: list[tuple[int, int, int]]) -> None:
    calendar = case.calendar
    for offset, some, more in chosen:
        start = case.begins + timedelta(seconds=offset)
        try:
            near, far = calendar.add(start, some), calendar.add(start, some + more)
        except PolicyRefusal:
            continue
        assert calendar.between(start, near) == some
        assert start <= near <= far
        assert calendar.between(start, near) + calendar.between(near, far) == some + more
        assert calendar.add(start + timedelta(seconds=60), some) >= near


@given(stories())
def test_nothing_is_due_before_it_was_reported(story: Story) -> None:
    for clock in evaluate([story.policy], story.filing, story.events).clocks:
        assert clock.due_at is None or clock.due_at >= clock.received_at >= story.opened_at


@given(stories())
def test_the_first_response_alone_falls_due_as_with_all_other_clocks(story: Story) -> None:
    whole = evaluate([story.policy], story.filing).first_response
    assert first_response_due(story.policy, story.filing) == whole.due_at


@given(stories(), st.integers(0, 6), st.integers(0, 2_000))
def test_raising_the_priority_never_moves_a_date_later(
    story: Story, number: int, minutes: int
) -> None:
    events = story.events[:number]
    at = max([story.opened_at, *(event.at for event in events)]) + timedelta(minutes=minutes)
    before = evaluate([story.policy], story.filing, events)
    if before.priority_id == LEVELS[0] or before.first_response.due_at is None:
        return
    raised = [*events, ClockEvent("priority", at, LEVELS[LEVELS.index(before.priority_id) - 1])]
    after = evaluate([story.policy], story.filing, raised).first_response
    assert after.due_at is not None
    assert after.due_at <= before.first_response.due_at


@given(stories(), stories())
def test_a_later_version_never_moves_what_was_promised(story: Story, other: Story) -> None:
    later = load_policy(source(other.desk, other.rules, 2, date(2026, 4, 20)))
    events = [event for event in story.events if event.type != "priority"]
    alone = evaluate([story.policy], story.filing, events)
    assert evaluate([later, story.policy], story.filing, events) == alone


@given(stories(), stories(), st.integers(0, 4_000))
def test_rebasing_leaves_a_clock_that_is_over_and_makes_nobody_late(
    story: Story, other: Story, minutes: int
) -> None:
    at = last_instant(story) + timedelta(minutes=minutes)
    second = load_policy(source(other.desk, other.rules, 2, date(2026, 1, 1)))
    versions = [story.policy, replace(second, in_force_from=at)]
    before = evaluate(versions, story.filing, story.events)
    after = evaluate(versions, story.filing, [*story.events, ClockEvent("rebase", at)])
    assert after.runs_under.version == 2
    for was, stands in zip(before.clocks, after.clocks, strict=True):
        is_due = was.state == "running" and was.due_at is not None and was.due_at <= at
        if is_due or was.state in ("met", "missed", "stopped"):
            assert stands == was
        elif stands.state == "running":
            assert stands.due_at is not None
            assert stands.due_at >= at


@given(stories(), st.integers(0, 4_000))
def test_rebasing_under_the_only_version_moves_nothing(story: Story, minutes: int) -> None:
    at = last_instant(story) + timedelta(minutes=minutes)
    alone = evaluate([story.policy], story.filing, story.events)
    rebased = [*story.events, ClockEvent("rebase", at)]
    assert evaluate([story.policy], story.filing, rebased) == alone


def last_instant(story: Story) -> datetime:
    return max([story.opened_at, *(event.at for event in story.events)])


@given(stories())
def test_the_offset_in_which_an_instant_is_written_does_not_matter(story: Story) -> None:
    zone = story.policy.zone
    moved = [replace(event, at=event.at.astimezone(zone)) for event in story.events]
    here = evaluate([story.policy], story.filing, story.events)
    assert evaluate([story.policy], story.filing, moved).clocks == here.clocks
