"""Whatever stands in a policy file, it is refused by name and line; nothing worse happens.

None of these files may stop the program, and what is refused is refused before it costs time.
"""

from datetime import date, timedelta

import pytest

from portal.policy.checking import check_policy
from portal.policy.loading import read_policy
from portal.policy.profiles import profile_source
from portal.policy.sections.syntax import LONGEST_SOURCE
from portal.policy.sections.table import MOST_PROBLEMS

GOOD = profile_source("communicado")
LEVEL = '[[priority]]\nid = "x{}"\nname = "n"\nmeans = ["m"]\nhours = "office"\n'
EVERY_DAY = ", ".join(
    f'{{ date = {date(2025, 12, 1) + timedelta(number)}, name = "x" }}' for number in range(900)
)
A_MINUTE_EACH = ", ".join(f"{hour:02}:00-{hour:02}:01" for hour in range(24))


def with_line(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


@pytest.mark.parametrize(
    "source",
    [
        "a = " + "[" * 5_000 + "]" * 5_000,
        "a = " + "{a = " * 5_000 + "1" + "}" * 5_000,
        ".".join(["a"] * 20_000) + " = 1",
        "[" + ".".join(['"a"'] * 20_000) + "]",
        GOOD + "#" * LONGEST_SOURCE,
        "version = " + "9" * 5_000,
        "\0",
        "\ud800",
        "[policy\n",
    ],
    ids=[
        "lists in lists",
        "tables in tables",
        "a name of 20,000 parts",
        "a section of 20,000 parts",
        "megabytes",
        "a number of 5,000 digits",
        "no text",
        "half a character",
        "a bracket left open",
    ],
)
def test_what_is_no_policy_file_is_one_problem_with_a_remedy(source: str) -> None:
    report = check_policy(source)
    assert report.policy is None
    assert [error.key for error in report.errors] == ["file"]
    assert report.errors[0].remedy


HOSTILE = [
    ("version = 1", f"version = {'9' * 400}", "policy.version"),
    ("version = 1", "version = nan", "policy.version"),
    ("version = 1", "version = inf", "policy.version"),
    ("version = 1", "version = 0", "policy.version"),
    ("= 2026-01-01", "= 2026-01-01T08:00:00Z", "policy.effective_from"),
    ("= 2026-01-01", "= 9999-12-31", "policy.effective_from"),
    ('id = "communicado"', 'id = "../../x"', "policy.id"),
    ('id = "communicado"', 'id = "a\\r\\nSet-Cookie: x"', "policy.id"),
    ('id = "1"', f'id = "{"x" * 5_000}"', "priority[1].id"),
    ('"America/Los_Angeles"', '"../../etc/passwd"', "policy.time_zone"),
    ('"America/Los_Angeles"', '"Amer\\u0000ica/x"', "policy.time_zone"),
    ('name = "System Down"', 'name = "System\\u202eDown"', "priority[1].name"),
    ('name = "System Down"', 'name = "System\\nDown"', "priority[1].name"),
    ('name = "System Down"', f'name = "{"x" * 3_000}"', "priority[1].name"),
    ('"06:30-17:30"', f'"{A_MINUTE_EACH}"', "hours.office.mon-fri"),
    ('"06:30-17:30"', '"\u0660\u0666:\u0663\u0660-17:30"', "hours.office.mon-fri"),
    ('"06:30-17:30"', "06:30:00", "hours.office.mon-fri"),
    ("mon-fri", "Mon-Fri", "hours.office.Mon-Fri"),
    ('"60 business minutes"', '"1000000000 hours"', "priority[1].first_response.within"),
    ('"60 business minutes"', f'"{"9" * 4_900} hours"', "priority[1].first_response.within"),
    ('"60 business minutes"', '"9000 business hours"', "priority[1].first_response.within"),
    ('"60 business minutes"', '"\u0664 hours"', "priority[1].first_response.within"),
    ('"60 business minutes"', "nan", "priority[1].first_response.within"),
    (
        '"60 business minutes"',
        '"by close of the same business day", cutoff_minutes = 99999999999999999999',
        "priority[1].first_response.cutoff_minutes",
    ),
    (
        "special_hours = []",
        'special_hours = [{ date = 9999-12-31, hours = "08:00-12:00", name = "x" }]',
        "holidays.us-federal.special_hours[1].date",
    ),
    (
        "also_closed = []",
        'also_closed = [{ date = 2026-12-24, name = "x" }, { date = 2026-12-24, name = "y" }]',
        "holidays.us-federal.also_closed[2].date",
    ),
    ("also_closed = []", f"also_closed = [{EVERY_DAY}, {EVERY_DAY}]", "holidays.us-federal"),
    ("[required", "".join(map(LEVEL.format, range(300))) + "[required", "priority"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key"), HOSTILE, ids=[row[2] for row in HOSTILE])
def test_a_hostile_value_is_refused_at_its_line(old: str, new: str, key: str) -> None:
    errors = check_policy(with_line(old, new)).errors
    told = [error for error in errors if error.key.startswith(key)]
    assert told, errors
    assert told[0].line is not None or key == "priority"
    assert told[0].remedy
    assert len(told[0].wrong) < 200, "long values are cut"


def test_a_day_that_is_half_and_closed_is_a_contradiction() -> None:
    closed = with_line("also_closed = []", 'also_closed = [{ date = 2026-12-24, name = "x" }]')
    half = 'special_hours = [{ date = 2026-12-24, hours = "08:00-12:00", name = "y" }]'
    errors = read_policy(closed.replace("special_hours = []", half)).errors
    assert [error.wrong for error in errors] == ["2026-12-24 is listed twice."]


def test_a_day_spelled_otherwise_is_told_how_days_are_written() -> None:
    assert read_policy(with_line("mon-fri", "Mon-Fri")).errors[0].remedy == 'Write "mon-fri".'
    assert "sat-sun" in read_policy(with_line("mon-fri", "weekdays")).errors[0].remedy


def test_a_byte_order_mark_and_foreign_line_ends_change_nothing() -> None:
    marked = read_policy("\ufeff" + GOOD.replace("\n", "\r\n"))
    assert marked.policy is not None
    assert marked.warnings == read_policy(GOOD).warnings


def test_of_thousands_of_problems_a_hundred_are_told() -> None:
    nonsense = "\n".join(f"key{number} = 1" for number in range(5_000))
    assert len(read_policy(f"{nonsense}\n{GOOD}").errors) == MOST_PROBLEMS
