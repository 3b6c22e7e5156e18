"""The life of a clock: pauses, priority changes, answers, resolving, reopening, new versions."""

from datetime import UTC, date, datetime
from typing import Literal

import pytest

from portal.policy.evaluation import ClockEvent, Filing, evaluate
from portal.policy.loading import load_policy
from portal.policy.problems import PolicyRefusal
from portal.policy.profiles import profile, profile_source
from tests.policy.at_the_desk import ask, due, local, state

CIP, CIVIC, CTS, COM = "cipplanner", "civicplus", "cts", "communicado"
MONDAY = "2026-06-08 10:00"


def test_a_pause_takes_away_only_open_time() -> None:
    over_a_weekend = ask(
        CIP, "minor", "2026-06-12 10:00",
        ("pause", "2026-06-12 16:00"), ("resume", "2026-06-15 09:00"),
    )  # fmt: skip
    assert due(over_a_weekend, "escalation") == "2026-06-15 12:00"


def test_while_paused_there_is_no_date_only_what_is_left() -> None:
    paused = ask(CIP, "minor", "2026-06-12 10:00", ("pause", "2026-06-12 16:00")).escalation
    assert (paused.state, paused.due_at, paused.remaining_seconds) == ("paused", None, 3 * 3600)
    assert paused.ledger[-1].because == "waiting for you"
    assert paused.ledger[-1].end is None


def test_a_pause_at_the_due_instant_changes_nothing() -> None:
    late = ask(CIP, "minor", "2026-06-12 10:00", ("pause", "2026-06-15 10:00"))
    assert due(late, "escalation") == "2026-06-15 10:00"
    assert state(late, "escalation") == "running"


def test_a_pause_while_the_used_up_time_waits_for_the_opening() -> None:
    moved, friday = "cipplanner-clock-day-moved", "2026-11-20 16:00"
    pause: tuple[Literal["pause"], str] = ("pause", "2026-11-22 12:00")
    paused = ask(moved, "minor", friday, pause).next_update
    assert (paused.state, paused.due_at, paused.remaining_seconds) == ("paused", None, 0)
    before = ask(moved, "minor", friday, pause, ("resume", "2026-11-22 20:00"))
    assert due(before, "next_update") == "2026-11-23 08:00"
    after = ask(moved, "minor", friday, pause, ("resume", "2026-11-23 10:00"))
    assert due(after, "next_update") == "2026-11-23 10:00", "nobody is late while it stands still"


def test_what_was_answered_while_it_stood_still_keeps_its_ledger() -> None:
    stops = '"60 business minutes", pause_while_waiting = true'
    policy = load_policy(profile_source(COM).replace('"60 business minutes"', stops))
    answered = evaluate(
        [policy],
        Filing("1", None, local(policy, MONDAY)),
        [
            ClockEvent("pause", local(policy, MONDAY)),
            ClockEvent("response", local(policy, MONDAY)),
            ClockEvent("resume", local(policy, "2026-06-08 12:00")),
        ],
    )
    assert (due(answered), state(answered)) == ("2026-06-08 11:00", "met")
    assert [(span.counted, span.because) for span in answered.ledger] == [(True, "open")]
    assert answered.ledger[-1].end == answered.first_response.due_at


def test_pauses_doubled_empty_and_outside_hours() -> None:
    doubled = ask(
        CIP, "minor", "2026-06-08 10:00",
        ("pause", "2026-06-08 11:00"), ("pause", "2026-06-08 11:30"),
        ("resume", "2026-06-08 12:00"), ("resume", "2026-06-08 13:00"),
    )  # fmt: skip
    assert due(doubled, "escalation") == "2026-06-09 11:00"
    empty = ask(CIP, "minor", MONDAY, ("pause", "2026-06-08 11:00"), ("resume", "2026-06-08 11:00"))
    assert due(empty, "escalation") == "2026-06-09 10:00"
    night = ask(CIP, "minor", MONDAY, ("pause", "2026-06-08 20:00"), ("resume", "2026-06-09 06:00"))
    assert due(night, "escalation") == "2026-06-09 10:00"


def test_the_first_response_is_not_paused_by_waiting() -> None:
    assert due(ask(CIP, "minor", MONDAY, ("pause", "2026-06-08 11:00"))) == "2026-06-08 17:00"


def test_a_response_at_the_due_instant_is_in_time_a_second_later_is_not() -> None:
    assert state(ask(CTS, "1", MONDAY, ("response", "2026-06-08 10:15:00"))) == "met"
    assert state(ask(CTS, "1", MONDAY, ("response", "2026-06-08 10:15:01"))) == "missed"


def test_an_answered_first_response_is_history() -> None:
    answered = ask(
        CTS, "2", MONDAY, ("response", "2026-06-08 10:20"), ("priority", "2026-06-08 10:25", "1")
    )
    assert (state(answered), due(answered)) == ("met", "2026-06-08 10:30")
    assert due(answered, "next_update") == "2026-06-08 11:25"


def test_raising_promises_anew_and_the_older_promise_still_holds() -> None:
    at = ("priority", "2026-06-08 10:10", "1")
    assert due(ask(CTS, "3", MONDAY, at)) == "2026-06-08 10:25"
    close = ("priority", "2026-06-08 10:58", "1")
    assert due(ask(CTS, "3", MONDAY, close)) == "2026-06-08 11:00"


def test_raising_from_no_promise_and_lowering_to_none() -> None:
    raised = ask(CTS, "4", MONDAY, ("priority", "2026-06-08 14:00", "1"))
    assert due(raised) == "2026-06-08 14:15"
    lowered = ask(CTS, "1", MONDAY, ("priority", "2026-06-08 10:05", "4"))
    assert (state(lowered), due(lowered)) == ("no_promise", None)


def test_lowering_counts_from_the_start() -> None:
    assert due(ask(COM, "1", MONDAY, ("priority", "2026-06-08 10:30", "2"))) == "2026-06-08 14:00"


def test_up_down_and_up_again() -> None:
    moved = ask(
        COM, "3", MONDAY,
        ("priority", "2026-06-08 11:00", "1"),
        ("priority", "2026-06-08 11:30", "3"),
        ("priority", "2026-06-08 12:00", "2"),
    )  # fmt: skip
    assert due(moved) == "2026-06-08 16:00"
    codes = [reason.code for reason in moved.reasons]
    assert codes == ["inside hours", "priority raised", "priority lowered", "priority raised"]


def test_a_clock_that_is_already_due_stays_as_it_was() -> None:
    late = ask(CTS, "1", MONDAY, ("priority", "2026-06-08 10:15", "3"))
    assert due(late) == "2026-06-08 10:15"


def test_raised_while_paused() -> None:
    paused = ask(
        CIP, "minor", "2026-06-12 10:00",
        ("pause", "2026-06-12 16:00"), ("priority", "2026-06-12 16:30", "urgent"),
    )  # fmt: skip
    assert paused.escalation.remaining_seconds == 3 * 3600
    resumed = ask(
        CIP, "minor", "2026-06-12 10:00",
        ("pause", "2026-06-12 16:00"), ("priority", "2026-06-12 16:30", "urgent"),
        ("resume", "2026-06-12 18:00"),
    )  # fmt: skip
    assert due(resumed, "escalation") == "2026-06-13 18:00", "24 h by the clock come first"


def test_a_case_that_anyone_raises_to_emergency_stays_normal() -> None:
    raised = ask(CIVIC, "normal", "2026-11-21 10:00", ("priority", "2026-11-21 11:00", "emergency"))
    assert due(raised) == "2026-11-23 11:00"
    named = ask(
        CIVIC, "normal", "2026-11-21 10:00",
        ("priority", "2026-11-21 11:00", "emergency"), named=True,
    )  # fmt: skip
    assert due(named) == "2026-11-21 12:00"
    assert named.clock_starts_at == local(profile(CIVIC), "2026-11-21 11:00")


def test_an_update_starts_a_new_update_clock() -> None:
    updated = ask(
        CTS, "1", MONDAY, ("update", "2026-06-08 10:40"), ("response", "2026-06-08 16:30")
    )
    assert due(updated, "next_update") == "2026-06-09 08:30"
    assert state(updated) == "missed", "an update is no first response"


def test_resolving_stops_every_clock() -> None:
    resolved = ask(CTS, "1", MONDAY, ("resolve", "2026-06-08 10:05"))
    assert [state(resolved, c) for c in ("first_response", "next_update")] == ["stopped"] * 2
    assert due(resolved) is None
    late_words = ask(
        CTS, "1", MONDAY, ("resolve", "2026-06-08 10:05"), ("update", "2026-06-08 11:00")
    )
    assert state(late_words, "next_update") == "stopped"


def test_reopening_starts_every_clock_again_also_after_a_pause() -> None:
    reopened = ask(
        CTS, "1", MONDAY,
        ("response", "2026-06-08 10:05"), ("pause", "2026-06-08 10:06"),
        ("resolve", "2026-06-08 10:30"), ("reopen", "2026-06-12 16:55"),
    )  # fmt: skip
    assert (state(reopened), due(reopened)) == ("running", "2026-06-15 08:10")
    assert reopened.clock_starts_at == local(profile(CTS), "2026-06-12 16:55")


RESOLUTION = """
[[priority]]
id = "1"
name = "One"
means = ["x"]
hours = "office"
first_response = { within = "immediately", basis = "page" }
updates = { within = "by close of the next business day", basis = "page", PAUSES }
resolution = { within = "16 business hours", basis = "page", PAUSES }
""".replace("PAUSES", "pause_while_waiting = true")


def policy_text(
    levels: str = RESOLUTION, effective_from: str = "2026-01-01", version: int = 1
) -> str:
    return f"""
[policy]
id = "own"
name = "Own"
version = {version}
effective_from = {effective_from}
time_zone = "Europe/Berlin"
default_priority = "1"
[hours.office]
mon-fri = "09:00-17:00"
holidays = "none"
{levels}
"""


def berlin(day: int, hour: int) -> datetime:
    return datetime(2026, 6, day, hour - 2, tzinfo=UTC)


def test_a_resolution_clock_ends_with_resolving_and_pauses() -> None:
    policy = load_policy(policy_text())
    filing = Filing("1", None, berlin(8, 9))
    assert evaluate([policy], filing).resolution.due_at == berlin(9, 17)
    waiting = [ClockEvent("pause", berlin(8, 12)), ClockEvent("resume", berlin(9, 10))]
    assert evaluate([policy], filing, waiting).resolution.due_at == berlin(10, 15)
    done = [*waiting, ClockEvent("resolve", berlin(10, 15))]
    assert evaluate([policy], filing, done).resolution.state == "met"
    late = [*waiting, ClockEvent("resolve", berlin(10, 16))]
    assert evaluate([policy], filing, late).resolution.state == "missed"


def test_immediately_is_a_word_and_no_date() -> None:
    first = evaluate([load_policy(policy_text())], Filing("1", None, berlin(8, 9))).first_response
    assert (first.state, first.due_at, first.words) == ("no_promise", None, "immediately")


def test_a_day_target_starts_afresh_when_the_customer_answers() -> None:
    policy = load_policy(policy_text())
    filing = Filing("1", None, berlin(8, 10))
    waiting = [ClockEvent("pause", berlin(8, 12)), ClockEvent("resume", berlin(11, 12))]
    assert evaluate([policy], filing, waiting).next_update.due_at == berlin(12, 17)


def test_an_agreed_pause_is_named_as_such() -> None:
    policy = load_policy(policy_text())
    agreed = ClockEvent("pause", berlin(8, 12), reason="customer asked to wait")
    spans = evaluate([policy], Filing("1", None, berlin(8, 9)), [agreed]).resolution.ledger
    assert spans[-1].because == "paused by agreement"


SHORTER = RESOLUTION.replace("16 business hours", "8 business hours")


def test_a_later_version_moves_no_promise_until_something_happens() -> None:
    older = load_policy(policy_text())
    newer = load_policy(policy_text(SHORTER, "2026-06-09", 2))
    filing = Filing("1", None, berlin(8, 9))
    assert evaluate([older, newer], filing) == evaluate([older], filing)
    reopened = [ClockEvent("resolve", berlin(9, 10)), ClockEvent("reopen", berlin(9, 11))]
    assert evaluate([older, newer], filing, reopened).resolution.due_at == berlin(10, 11)
    assert evaluate([older, newer], filing, reopened).policy.version == 2


def test_an_update_runs_under_the_version_of_the_case() -> None:
    older = load_policy(policy_text())
    other = RESOLUTION.replace("by close of the next", "by opening of the next")
    newer = load_policy(policy_text(other, "2026-06-09", 2))
    updated = [ClockEvent("update", berlin(9, 10))]
    state = evaluate([newer, older], Filing("1", None, berlin(8, 9)), updated).next_update
    assert (state.due_at, state.policy_version) == (berlin(10, 17), 1)


def test_promises_do_not_move_when_holiday_data_is_upgraded() -> None:
    policy = profile(CIP)
    snapshot = policy.holiday_snapshot()
    snapshot["us-federal"]["days"].pop("2026-11-26")
    stored = load_policy(profile_source(CIP), holiday_snapshot=snapshot)
    assert not stored.calendar("office").special_day(date(2026, 11, 26))
    again = load_policy(profile_source(CIP), holiday_snapshot=policy.holiday_snapshot())
    assert again.holidays == policy.holidays


@pytest.mark.parametrize(
    ("code", "filing", "events"),
    [
        ("naive_time", Filing("1", None, datetime(2026, 6, 8)), []),
        ("unknown_priority", Filing("9", None, berlin(8, 9)), []),
        ("no_policy_in_force", Filing("1", None, datetime(2025, 6, 8, tzinfo=UTC)), []),
        ("out_of_order", Filing("1", None, berlin(8, 9)), [ClockEvent("pause", berlin(7, 9))]),
        (
            "unknown_priority",
            Filing("1", None, berlin(8, 9)),
            [ClockEvent("priority", berlin(9, 9))],
        ),
        ("unknown_event", Filing("1", None, berlin(8, 9)), [ClockEvent("nap", berlin(9, 9))]),  # type: ignore[arg-type]
        (
            "naive_time",
            Filing("1", None, berlin(8, 9)),
            [ClockEvent("pause", datetime(2026, 6, 9))],
        ),
    ],
)
def test_what_has_no_answer_is_refused(code: str, filing: Filing, events: list[ClockEvent]) -> None:
    with pytest.raises(PolicyRefusal) as refusal:
        evaluate([load_policy(policy_text())], filing, events)
    assert refusal.value.code == code
    assert refusal.value.message
