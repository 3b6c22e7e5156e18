"""The deflection figures: each outcome by its definition, the interval, and the same from a log."""

import csv
import io
from datetime import UTC, datetime, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.insight.attempt import Place, Sign
from portal.insight.attempt_log import HEADS, UnreadableLogError, read_rows, rows_of
from portal.insight.deflection import (
    FiledCase,
    Log,
    Mark,
    Outcome,
    Trace,
    Who,
    by_article,
    figures,
    judge,
    wilson,
)

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LATER = START + timedelta(days=30)
ANN = Who(visit="v1", account="a1", address="m1", machine="p1")


def mark(kind: Sign, minutes: float = 1, article: int | None = 7) -> Mark:
    place = Place.STEP if kind is Sign.SHOWN else None
    return Mark(START + timedelta(minutes=minutes), kind, article, place)


def attempt(*marks: Mark, who: Who = ANN, number: int = 1) -> Trace:
    return Trace(number, who, START, marks)


def outcome(trace: Trace, *cases: FiledCase, others: tuple[Trace, ...] = ()) -> Outcome:
    return judge(Log((trace, *others), cases), now=LATER)[0].outcome


SHOWN = mark(Sign.SHOWN)
SOLVED = mark(Sign.SOLVED, 5)
READ = mark(Sign.READ, 3)


def case(hours: float, **who: str) -> FiledCase:
    return FiledCase(START + timedelta(hours=hours), Who(**who))


def test_each_outcome_follows_its_definition() -> None:
    assert outcome(attempt(mark(Sign.SEARCHED, 0, None))) is Outcome.GAP
    assert outcome(attempt(SHOWN)) is Outcome.NEITHER
    assert outcome(attempt(SHOWN, SOLVED)) is Outcome.CONFIRMED
    assert outcome(attempt(SHOWN, READ)) is Outcome.PROBABLE
    assert outcome(attempt(SHOWN, READ, mark(Sign.SEARCHED, 9, None))) is Outcome.NEITHER
    assert outcome(attempt(SHOWN, SOLVED), case(2, visit="v1")) is Outcome.FILED


@pytest.mark.parametrize("by", ["visit", "account", "address", "machine"])
def test_a_case_within_72_hours_takes_it_back_whoever_files(by: str) -> None:
    solved = attempt(SHOWN, SOLVED)
    name = getattr(ANN, by)
    assert outcome(solved, case(71.9, **{by: name})) is Outcome.FILED
    assert outcome(solved, case(73, **{by: name})) is Outcome.CONFIRMED
    assert outcome(solved, case(-1, **{by: name})) is Outcome.CONFIRMED
    assert outcome(solved, case(2, **{by: "somebody else"})) is Outcome.CONFIRMED


def test_what_is_unknown_ties_nothing_together() -> None:
    assert outcome(attempt(SHOWN, SOLVED, who=Who("v1")), case(1)) is Outcome.CONFIRMED


def test_probable_is_never_added_and_reversals_are_told() -> None:
    traces = (
        attempt(SHOWN, SOLVED, who=Who("v1"), number=1),
        attempt(SHOWN, READ, who=Who("v2"), number=2),
        attempt(SHOWN, SOLVED, who=Who("v3"), number=3),
        attempt(mark(Sign.FORM_OPENED), who=Who("v4"), number=4),
    )
    found = figures(judge(Log(traces, (case(1, visit="v3"),)), now=LATER))
    assert (found.attempts, found.confirmed, found.probable) == (3, 1, 1)
    assert (found.filed, found.reversed, found.gaps, found.not_final) == (1, 1, 1, 0)
    assert found.rate == 1 / 3


def test_the_interval_is_wilsons() -> None:
    low, high = wilson(10, 50)
    assert isclose(low, 0.1124, abs_tol=5e-5)
    assert isclose(high, 0.3304, abs_tol=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_rate(successes: int, total: int) -> None:
    successes = min(successes, total)
    low, high = wilson(successes, total)
    assert 0 <= low <= successes / total + 1e-12
    assert successes / total - 1e-12 <= high <= 1


MARKS = st.builds(
    mark, st.sampled_from(Sign), st.integers(0, 200), st.one_of(st.none(), st.integers(1, 5))
)
WHO = st.builds(
    Who,
    visit=st.sampled_from(["v1", "v2", "v3"]),
    account=st.sampled_from(["", "a1", "a2"]),
    address=st.sampled_from(["", "m1"]),
    machine=st.sampled_from(["", "p1", "p2"]),
)


@given(st.lists(st.tuples(WHO, st.lists(MARKS, max_size=6)), max_size=6), st.lists(WHO, max_size=2))
def test_an_exported_log_gives_the_same_figures(
    attempts: list[tuple[Who, list[Mark]]], filers: list[Who]
) -> None:
    traces = tuple(
        attempt(*sorted(marks, key=lambda m: m.at), who=who, number=number)
        for number, (who, marks) in enumerate(attempts, start=1)
    )
    cases = tuple(FiledCase(START + timedelta(hours=30), who) for who in filers)
    log = Log(traces, cases)
    written = io.StringIO()
    csv.writer(written).writerows([HEADS, *rows_of(log)])
    again = read_rows(io.StringIO(written.getvalue()))
    assert figures(judge(again, now=LATER)) == figures(judge(log, now=LATER))
    assert by_article(judge(again, now=LATER)) == by_article(judge(log, now=LATER))


def test_a_broken_log_names_its_line() -> None:
    with pytest.raises(UnreadableLogError, match="line 2"):
        read_rows([",".join(HEADS), "1,yesterday,shown,1,step,1,1,,,"])
