"""Reasons to pause: whose turn it is, which clocks stop, and what a policy file may say of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.policy.evaluation import ClockEvent, Filing, evaluate
from portal.policy.filing import AGREED, THIRD_PARTY
from portal.policy.loading import load_policy, read_policy
from portal.policy.pausing import DEFAULTS
from portal.policy.profiles import profile, profile_names, profile_source

MONDAY = datetime(2026, 6, 8, 17, 0, tzinfo=UTC)  # 10:00 in Los Angeles
HOUR = timedelta(hours=1)
OWN = """
[pauses.third_party]
words = "the carrier"
stops = "marked clocks"
basis = "page"
[pauses.change_freeze]
words = "the end of our change freeze"
turn = "us"
"""


@pytest.mark.parametrize("name", profile_names())
def test_a_policy_that_says_nothing_has_the_portals_own_reasons(name: str) -> None:
    assert profile(name).pauses == DEFAULTS


def test_a_policy_changes_a_reason_and_adds_its_own() -> None:
    policy = load_policy(profile_source("cipplanner") + OWN)
    assert [each.id for each in policy.pauses] == [
        "customer", "third_party", "maintenance_window", "agreed", "change_freeze",
    ]  # fmt: skip
    carrier, freeze = policy.pause("third_party"), policy.pause("change_freeze")
    assert (carrier.words, carrier.turn, carrier.stops) == (
        "the carrier",
        "third party",
        "marked clocks",
    )
    assert (freeze.turn, freeze.stops, freeze.basis) == ("us", "no clock", "default")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ('[pauses.vendor]\nwords = "the vendor"\n', "pauses.vendor.turn"),
        ('[pauses.vendor]\nturn = "us"\n', "pauses.vendor.words"),
        ('[pauses.customer]\nturn = "us"\n', "pauses.customer.turn"),
        ('[pauses.agreed]\nstops = "some"\n', "pauses.agreed.stops"),
        ("[pauses.agreed]\nuntil = 3\n", "pauses.agreed.until"),
    ],
)
def test_a_reason_that_is_not_right_is_named_with_its_key(written: str, key: str) -> None:
    found = read_policy(profile_source("cipplanner") + written)
    assert [error.key for error in found.errors] == [key]


def test_an_agreement_stops_a_clock_that_waiting_for_the_customer_does_not() -> None:
    policy, filing = profile("civicplus"), Filing("normal", "web", MONDAY)
    waiting = [ClockEvent("pause", MONDAY + HOUR), ClockEvent("resume", MONDAY + 2 * HOUR)]
    agreed = [
        ClockEvent("pause", MONDAY + HOUR, reason=AGREED, stops_all=True),
        ClockEvent("resume", MONDAY + 2 * HOUR),
    ]
    plain = evaluate([policy], filing).first_response
    assert evaluate([policy], filing, waiting).first_response.due_at == plain.due_at
    stopped = evaluate([policy], filing, agreed[:1]).first_response
    assert (stopped.state, stopped.remaining_seconds) == ("paused", 3 * 3600)
    resumed = evaluate([policy], filing, agreed).first_response
    assert plain.due_at is not None
    assert resumed.due_at == plain.due_at + HOUR
    assert "paused by agreement" in [span.because for span in resumed.ledger]


def test_the_ledger_names_the_third_party_and_not_the_customer() -> None:
    pause = ClockEvent("pause", MONDAY + HOUR, reason=THIRD_PARTY)
    found = evaluate([profile("cipplanner")], Filing("minor", "web", MONDAY), [pause])
    assert found.escalation.ledger[-1].because == "waiting for a third party"


@given(
    st.lists(
        st.tuples(st.integers(0, 40 * 3600), st.integers(0, 40 * 3600), st.booleans()), max_size=6
    )
)
def test_counted_time_is_the_promised_time_whatever_stopped_the_clock(
    stretches: list[tuple[int, int, bool]],
) -> None:
    events, at = [], MONDAY
    for gap, length, stops_all in stretches:
        at += timedelta(seconds=gap)
        events.append(ClockEvent("pause", at, stops_all=stops_all))
        at += timedelta(seconds=length)
        events.append(ClockEvent("resume", at))
    found = evaluate([profile("civicplus")], Filing("normal", "web", MONDAY), events)
    spans = found.first_response.ledger
    counted = sum((s.end - s.start).total_seconds() for s in spans if s.counted and s.end)
    assert counted == 4 * 3600
    assert [s.end for s in spans[:-1]] == [s.start for s in spans[1:]]


def test_a_clock_that_begins_anew_while_all_stand_still_has_not_counted_yet() -> None:
    """An update while the case is paused: the next one's time begins when the pause is over."""
    events = [
        ClockEvent("pause", MONDAY + HOUR, reason=AGREED, stops_all=True),
        ClockEvent("update", MONDAY + 2 * HOUR),
    ]
    for priority in ("urgent", "minor"):
        found = evaluate([profile("cipplanner")], Filing(priority, "phone", MONDAY), events)
        clock = next(one for one in found.clocks if one.clock == "next_update")
        stretches = [(one.start, one.end, one.because) for one in clock.ledger]
        assert stretches == [(MONDAY + 2 * HOUR, None, "paused by agreement")]


def test_a_priority_that_is_raised_within_a_pause_leaves_the_pause_whole() -> None:
    events = [
        ClockEvent("pause", MONDAY + HOUR, reason=AGREED, stops_all=True),
        ClockEvent("priority", MONDAY + 3 * HOUR, priority="urgent"),
    ]
    found = evaluate([profile("cipplanner")], Filing("minor", "phone", MONDAY), events)
    stretches = [(one.start, one.end, one.because) for one in found.first_response.ledger]
    assert stretches == [
        (MONDAY, MONDAY + HOUR, "before the priority was raised"),
        (MONDAY + HOUR, None, "paused by agreement"),
    ]
