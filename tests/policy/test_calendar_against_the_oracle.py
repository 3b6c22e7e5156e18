"""The engine against an oracle that walks minutes, on random desks around clock changes."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.policy.problems import PolicyRefusal
from tests.policy.calendars import Case, cases
from tests.policy.oracle import MINUTE

REACH = 4 * 24 * 60
WALKED = 11 * 24 * 60
pairs = st.lists(st.tuples(st.integers(0, REACH), st.integers(1, 3_000)), min_size=10, max_size=25)


def walked(case: Case) -> datetime:
    case.desk.walk(case.begins, WALKED)
    return case.begins


@given(cases())
def test_every_minute_and_every_edge_is_the_same_for_both(case: Case) -> None:
    begins = walked(case)
    ends = begins + WALKED * MINUTE
    for step in range(0, WALKED, 7):
        at = begins + step * MINUTE
        assert case.calendar.is_open(at) == case.desk.is_open(at), at
    spans = list(case.calendar.windows(begins, ends))
    for span in spans:
        assert span.start < span.end
        assert {case.desk.day_at(span.start), case.desk.day_at(span.end - MINUTE)} == {span.day}
    opened = sum((span.end - span.start for span in spans), timedelta())
    assert opened == case.desk.open_minutes(begins, ends) * MINUTE


def deadline(case: Case, start: datetime, minutes: int) -> datetime | None:
    """None when a minute a week would take more than three years."""
    try:
        return case.calendar.add(start, minutes * 60)
    except PolicyRefusal:
        return None


@given(cases(), pairs)
def test_arithmetic_is_the_same_for_both(case: Case, chosen: list[tuple[int, int]]) -> None:
    begins = walked(case)
    ends = begins + WALKED * MINUTE
    for first, length in chosen:
        start = begins + first * MINUTE
        end = start + length * MINUTE
        assert case.calendar.between(start, end) == 60 * case.desk.open_minutes(start, end)
        opens = case.calendar.next_open(start)
        if opens < ends:
            assert opens == case.desk.next_open(start)
            assert case.calendar.business_date(start) == case.desk.day_at(opens)
        due = deadline(case, start, length)
        if due is not None and due < ends:
            assert case.desk.open_minutes(start, due) == length
            assert case.desk.is_open(due - MINUTE), "the earliest instant, not the next opening"
