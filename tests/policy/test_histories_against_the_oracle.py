"""The life of a clock against the oracle: pauses, priority changes and answers at random."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from hypothesis import given

from portal.policy.evaluation import evaluate
from tests.policy.histories import LEVELS, Story, stops_of, stories
from tests.policy.oracle import Stop, due

Due = datetime | int | None


@dataclass
class Held:
    """The promises that hold for one clock, as the rules put them."""

    promises: list[tuple[str, datetime]]
    answered: datetime | None = None
    at_answer: Due = None

    def first_due(self, story: Story, stops: list[Stop]) -> Due:
        found = [due(story.desk, story.aim(level), at, stops) for level, at in self.promises]
        dates = [one for one in found if isinstance(one, datetime)]
        left = [one for one in found if isinstance(one, int)]
        if dates:
            return min(dates)
        return min(left) if left else None


def retell(story: Story) -> Held:
    """The rules of a priority change and an answer, told once more."""
    held = Held([(story.level, story.opened_at)])
    level = story.level
    for number, event in enumerate(story.events):
        stops = stops_of(story.events[:number])
        known = held.first_due(story, stops)
        is_over = held.answered is not None or (isinstance(known, datetime) and known <= event.at)
        if event.type == "priority" and event.priority != level:
            raised = LEVELS.index(str(event.priority)) < LEVELS.index(level)
            level = str(event.priority)
            if not is_over:
                rest = [(level, event.at)]
                held.promises = (
                    held.promises + rest if raised else lowered(story, level, event.at, stops)
                )
        if event.type == "response" and held.answered is None:
            held.at_answer = held.first_due(story, ended(stops, event.at))
            held.answered = event.at
    return held


def lowered(
    story: Story, level: str, at: datetime, stops: list[Stop]
) -> list[tuple[str, datetime]]:
    """Counted from the start, unless that would be late at once."""
    from_start = due(story.desk, story.aim(level), story.opened_at, stops)
    late_at_once = isinstance(from_start, datetime) and from_start <= at
    return [(level, at if late_at_once else story.opened_at)]


def ended(stops: list[Stop], at: datetime) -> list[Stop]:
    return [stop if stop.end else Stop(stop.start, at) for stop in stops]


@given(stories())
def test_the_first_response_is_due_when_the_oracle_says(story: Story) -> None:
    state = evaluate([story.policy], story.filing, story.events).first_response
    held = retell(story)
    expected = held.at_answer if held.answered else held.first_due(story, stops_of(story.events))
    if isinstance(expected, int):
        assert (state.state, state.due_at) == ("paused", None)
        assert state.remaining_seconds == expected * 60
    elif expected is None:
        assert (state.state, state.due_at) == ("no_promise", None)
    else:
        assert state.due_at == expected
        assert state.state == word(held, expected)


def word(held: Held, expected: datetime) -> str:
    if held.answered is None:
        return "running"
    return "met" if held.answered <= expected else "missed"


@given(stories())
def test_the_ledger_covers_every_instant_once(story: Story) -> None:
    state = evaluate([story.policy], story.filing, story.events).first_response
    spans = state.ledger
    if state.due_at is None:
        return
    assert spans[0].start == story.opened_at
    assert spans[-1].end == state.due_at
    assert all(one.end == other.start for one, other in pairwise(spans))


@given(stories())
def test_counted_spans_sum_to_the_target(story: Story) -> None:
    state = evaluate([story.policy], story.filing, story.events).first_response
    aim = story.aim(state.priority_id)
    if aim.kind not in ("business", "clock") or state.state == "no_promise":
        return
    counted = sum(
        (span.end - span.start).total_seconds()
        for span in state.ledger
        if span.counted and span.end
    )
    assert counted + (state.remaining_seconds or 0) == aim.minutes * 60


@given(stories())
def test_nobody_becomes_late_at_the_moment_of_a_change(story: Story) -> None:
    for number, event in enumerate(story.events):
        before = evaluate([story.policy], story.filing, story.events[:number]).first_response
        after = evaluate([story.policy], story.filing, story.events[: number + 1]).first_response
        was_late = before.due_at is not None and before.due_at <= event.at
        if event.type == "priority" and after.due_at is not None and not was_late:
            assert after.due_at > event.at or after.state in ("met", "missed")
