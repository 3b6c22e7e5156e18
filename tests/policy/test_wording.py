"""What a customer reads, in Berlin, in Kolkata and in Honolulu, to the second."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.policy.moments import clock_text, length_text, moment
from portal.policy.opening import holidays_to_come, opening_state
from portal.policy.profiles import profile
from portal.policy.wording import PromiseWords, promise_words
from tests.policy.at_the_desk import BERLIN, PACIFIC, ask, local

CIP, COM = "cipplanner", "communicado"


def told(
    name: str, priority: str, at: str, *events: tuple[str, ...], zone: str = "Europe/Berlin",
    now: str | None = None,
) -> PromiseWords:  # fmt: skip
    evaluation = ask(name, priority, at, *events)  # type: ignore[arg-type]
    moment_of_reading = local(evaluation.policy, now or at)
    return promise_words(evaluation, now=moment_of_reading, reader_zone=ZoneInfo(zone))


def test_both_zones_with_weekday() -> None:
    headline = told(COM, "2", "2026-11-21 22:00").headline
    assert headline.text == (
        "Expect an answer by Monday 23 November 2026, 10:30 am Pacific time (7:30 pm in Berlin)."
    )
    assert headline.moment is not None
    assert headline.moment.iso == "2026-11-23T18:30:00Z"


@pytest.mark.parametrize(
    ("zone", "before", "at"),
    [
        (
            "Europe/Berlin",
            "Thursday 12 March 2026, 5:00 pm Pacific time (Friday 13 March, 1:00 am in Berlin)",
            "Friday 13 March 2026, 5:00 pm Pacific time (Saturday 14 March, 1:00 am in Berlin)",
        ),
        (
            "Asia/Kolkata",
            "Thursday 12 March 2026, 5:00 pm Pacific time (Friday 13 March, 5:30 am in Kolkata)",
            "Friday 13 March 2026, 5:00 pm Pacific time (Saturday 14 March, 5:30 am in Kolkata)",
        ),
        (
            "Pacific/Honolulu",
            "Thursday 12 March 2026, 5:00 pm Pacific time (2:00 pm in Honolulu)",
            "Friday 13 March 2026, 5:00 pm Pacific time (2:00 pm in Honolulu)",
        ),
        (
            "America/Vancouver",
            "Thursday 12 March 2026, 5:00 pm Pacific time",
            "Friday 13 March 2026, 5:00 pm Pacific time",
        ),
    ],
)
def test_one_second_to_closing_and_closing_itself(zone: str, before: str, at: str) -> None:
    early = told(CIP, "minor", "2026-03-12 16:59:59", zone=zone).headline.text
    late = told(CIP, "minor", "2026-03-12 17:00:00", zone=zone).headline.text
    assert early == f"We usually answer by {before}."
    assert late == f"We usually answer by {at}."


def test_the_repeated_hour_shows_its_offset() -> None:
    first = datetime(2026, 11, 1, 8, 45, tzinfo=UTC)
    second = datetime(2026, 11, 1, 9, 45, tzinfo=UTC)
    assert "1:45 am (UTC-07:00) Pacific time" in moment(first, PACIFIC).text
    assert "1:45 am (UTC-08:00) Pacific time" in moment(second, PACIFIC).text
    assert "(UTC" not in moment(datetime(2026, 3, 8, 10, 30, tzinfo=UTC), PACIFIC).text


def test_the_reason_is_one_sentence() -> None:
    assert told(COM, "1", "2026-11-21 22:00").why == (
        "Because it is the weekend (Sat), the clock starts Mon 6:30 am Pacific time;"
        ' priority "System Down" is answered within 4 business hours.'
    )
    assert told(CIP, "minor", "2026-06-09 10:00").why == (
        "Support is open, so the clock starts at once;"
        ' priority "Minor" is answered by close of the same business day.'
    )
    eve = told(COM, "3", "2026-11-25 10:00").why
    assert eve.endswith("; Thanksgiving Day does not count.")
    holiday = told(COM, "3", "2026-11-26 10:00").why
    assert holiday.startswith("Because it is Thanksgiving Day, the clock starts Fri 6:30 am")


def test_a_report_after_the_days_cutoff_is_told_why_it_is_the_next_day() -> None:
    early = told("cipplanner-before-four", "minor", "2026-06-09 15:59:59").why
    late = told("cipplanner-before-four", "minor", "2026-06-09 16:00").why
    assert early.endswith("is answered by close of the same business day.")
    assert "is answered by close of the next business day when it is reported so shortly" in late


def test_firmness_is_named() -> None:
    assert told(CIP, "minor", "2026-06-09 10:00").strength == "usually by"
    assert told(COM, "2", "2026-11-21 22:00").strength == "expected"
    assert told(COM, "3", "2026-06-09 10:00").strength == "typical time set by this portal"
    assert told("cts", "4", "2026-06-09 10:00").strength == "no published time for this priority"


def test_a_stopped_clock_says_since_when_and_what_is_left() -> None:
    stopped = told(CIP, "minor", "2026-06-08 09:00", ("pause", "2026-06-08 11:00")).stopped
    assert stopped is not None
    assert stopped.text == (
        "Clock stopped since Monday 8 June 2026, 11:00 am Pacific time (8:00 pm in Berlin);"
        " 7 h of support time left once you answer."
    )


def test_a_missed_promise_is_said_openly() -> None:
    late = told(COM, "3", "2026-06-08 10:00", now="2026-06-09 10:00:01").late
    assert late is not None
    assert late.text.startswith("We expected to answer by Tuesday 9 June 2026, 10:00 am")
    assert "you can ask for escalation to Manager of Technical Support" in late.text
    assert told(COM, "3", "2026-06-08 10:00", now="2026-06-09 10:00").late is None
    answered = told(COM, "3", "2026-06-08 10:00", ("response", "2026-06-09 10:01"))
    assert "later than expected" in answered.headline.text
    in_time = told(COM, "3", "2026-06-08 10:00", ("response", "2026-06-09 10:00"))
    assert in_time.headline.text.endswith("in time.")


def test_escalation_by_the_clock_is_announced_and_then_told() -> None:
    ahead = told(CIP, "minor", "2026-06-08 09:00").escalation
    assert ahead is not None
    assert ahead.text.startswith("If it is not solved, it goes to Level 2 senior product engineers")
    after = told(CIP, "minor", "2026-06-08 09:00", now="2026-06-09 09:30")
    assert after.escalation is not None
    assert after.escalation.text.startswith("Escalated to Level 2")
    assert after.late is not None
    assert "this has been escalated" in after.late.text


def test_hours_and_holidays_for_the_head_of_a_page() -> None:
    policy = profile(COM)
    eve = local(policy, "2026-11-25 18:00")
    state = opening_state(policy, "office", eve)
    assert (state.is_open, state.why) == (False, "after closing")
    assert state.opens_at == local(policy, "2026-11-27 06:30")
    thanksgiving = opening_state(policy, "office", local(policy, "2026-11-26 12:00"))
    assert thanksgiving.holiday == "Thanksgiving Day"
    to_come = holidays_to_come(policy, eve, 2)
    assert [holiday.name for holiday in to_come] == ["Thanksgiving Day", "Christmas Day"]
    always = opening_state(profile(CIP), "always", eve)
    assert (always.is_open, always.never_closes) == (True, True)


def test_lengths_and_times_of_day() -> None:
    assert [length_text(n) for n in (25_200, 27_000, 60, 5)] == [
        "7 h",
        "7 h 30 min",
        "1 min",
        "5 s",
    ]
    noon = datetime(2026, 6, 9, 12, 0, 5, tzinfo=BERLIN)
    assert clock_text(noon) == "12:00 pm"


def test_when_the_priority_changed_is_said_with_the_zone_that_it_is_read_in() -> None:
    """Raised on Saturday in California, when it is Sunday in Berlin."""
    raised = ("priority", "2026-11-28 15:09", "urgent")
    why = told(CIP, "minor", "2026-11-28 15:00", raised).why
    assert why.endswith(
        "the priority was raised on Saturday 28 November 2026, 3:09 pm Pacific time."
    )
