"""A policy that is not right never takes effect, and the manager is told everything at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.policy.checking import check_policy, check_succession
from portal.policy.loading import load_policy, read_policy
from portal.policy.phrases import PhraseError, parse_phrase
from portal.policy.problems import PolicyError
from portal.policy.profiles import profile, profile_names, profile_source

GOOD = profile_source("communicado")


def codes(source: str) -> dict[str, str]:
    return {error.key: error.code for error in read_policy(source).errors}


def with_line(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


@pytest.mark.parametrize("name", profile_names())
def test_the_four_profiles_load(name: str) -> None:
    assert profile(name).id == name
    assert check_policy(profile_source(name), name).may_take_effect


@pytest.mark.parametrize(
    ("old", "new", "key", "code"),
    [
        ('"America/Los_Angeles"', '"PST"', "policy.time_zone", "unknown_zone"),
        ('"America/Los_Angeles"', '"-08:00"', "policy.time_zone", "unknown_zone"),
        ('"America/Los_Angeles"', '"America/Nowhere"', "policy.time_zone", "unknown_zone"),
        ('"06:30-17:30"', '"06:30-06:30"', "hours.office.mon-fri", "zero_length_window"),
        ('"06:30-17:30"', '"6.30-17.30"', "hours.office.mon-fri", "invalid"),
        ('"06:30-17:30"', '"06:30-25:00"', "hours.office.mon-fri", "invalid"),
        ('mon-fri = "06:30-17:30"', "", "hours.office", "never_opens"),
        ('"60 business minutes"', '"-60 business minutes"',
         "priority[1].first_response.within", "negative_target"),
        ('"60 business minutes"', '"2 business days"',
         "priority[1].first_response.within", "business_days"),
        ('"60 business minutes"', '"1100 days"', "priority[1].first_response.within", "too_far"),
        ('"60 business minutes"', '"soon"', "priority[1].first_response.within", "invalid"),
        ('within = "60 business minutes", basis = "default"', 'within = "60 business minutes"',
         "priority[1].first_response.basis", "missing_basis"),
        ('default_priority = "3"', 'default_priority = "9"', "policy.default_priority", "invalid"),
        ('id = "2"', 'id = "1"', "priority[2].id", "invalid"),
        ("also_open = []", "also_open = [2026-06-09]", "holidays.us-federal.also_open", "invalid"),
        ('country = "US"', 'country = "Atlantis"', "holidays.us-federal.country", "invalid"),
        ('holidays = "us-federal"', 'holidays = "none-such"', "hours.office.holidays", "invalid"),
        ('means = ["Your system', 'meens = ["Your system', "priority[1].meens", "unknown_key"),
        ('hours = "office"', 'hours = "moon"', "channels.phone.hours", "invalid"),
        ("version = 1", 'version = "one"', "policy.version", "invalid"),
        ("effective_from = 2026-01-01", "", "policy.effective_from", "invalid"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_key(old: str, new: str, key: str, code: str) -> None:
    assert codes(with_line(old, new)).get(key) == code


def test_every_problem_is_told_at_once_with_line_and_remedy() -> None:
    broken = with_line('"06:30-17:30"', '"06:30"').replace('"11 business hours"', '"11 parsecs"')
    with pytest.raises(PolicyError) as error:
        load_policy(broken, file_name="ours.toml")
    first, second = error.value.problems
    lines = broken.splitlines()
    assert '"06:30"' in lines[(first.line or 0) - 1]
    assert "parsecs" in lines[(second.line or 0) - 1]
    assert first.file == "ours.toml"
    assert first.remedy
    assert second.remedy


def test_a_file_that_is_no_toml_names_the_line() -> None:
    problem = read_policy("[policy]\nid = \n").errors[0]
    assert (problem.line, problem.code) == (2, "unreadable")


EMERGENCY = profile_source("civicplus")


@pytest.mark.parametrize("target", ["emergency", "nobody"])
def test_otherwise_must_lead_to_an_ordinary_priority(target: str) -> None:
    broken = EMERGENCY.replace('otherwise = "normal"', f'otherwise = "{target}"')
    assert "emergency.otherwise" in codes(broken)


def test_overlapping_windows_are_merged_with_a_warning() -> None:
    reading = read_policy(with_line('"06:30-17:30"', '"06:30-12:00, 11:00-17:30"'))
    assert reading.policy is not None
    assert [w.code for w in reading.warnings] == ["overlap"]


def test_special_hours_in_the_past_are_a_warning() -> None:
    past = 'special_hours = [{ date = 2020-12-24, hours = "08:00-12:00", name = "Eve" }]'
    assert [w.code for w in read_policy(with_line("special_hours = []", past)).warnings] == ["past"]


def test_a_fixed_offset_zone_is_allowed_with_a_warning() -> None:
    reading = read_policy(with_line('"America/Los_Angeles"', '"Etc/GMT+8"'))
    assert reading.policy is not None
    assert "summer" in reading.warnings[0].wrong


def test_a_check_names_what_is_unsaid_and_the_cliff() -> None:
    report = check_policy(GOOD, "communicado.toml")
    unsaid = {warning.key for warning in report.warnings if warning.code == "unsaid"}
    assert {"priority[2].means", "priority[1].first_response", "priority[1].hours"} <= unsaid
    cliffs = [warning for warning in report.warnings if warning.code == "cliff"]
    assert [cliff.key for cliff in cliffs] == ["priority[1].first_response"]
    assert "3 h more" in cliffs[0].wrong


def test_a_new_version_takes_effect_after_the_one_in_force() -> None:
    policy = profile("cts")
    keys = [problem.key for problem in check_succession(policy, policy)]
    assert keys == ["policy.effective_from", "policy.version"]
    assert check_succession(policy, profile("communicado"))[0].key == "policy.id"


@pytest.mark.parametrize("phrase", ["4 hours, 5 hours", "0 minutes", "1.5 hours", "", "tomorrow"])
def test_phrases_outside_the_format(phrase: str) -> None:
    with pytest.raises(PhraseError):
        parse_phrase(phrase)


LINES = GOOD.splitlines()
SURPRISES = (
    "",
    "x",
    "[[policy]]",
    "a = 9999-12-31",
    "= 3",
    "[hours.office]",
    "version = -1",
    "effective_from = 0001-01-01",
    "effective_from = 9990-01-01",
    "means = [1]",
    'first_response = "x"',
    "hours = []",
    "[[holidays]]",
    "every-day = 5",
    "priority = 3",
)


@given(st.integers(0, len(LINES) - 1), st.sampled_from(SURPRISES))
def test_a_broken_file_is_a_list_of_problems_and_nothing_worse(number: int, line: str) -> None:
    source = "\n".join([*LINES[:number], line, *LINES[number + 1 :]])
    report = check_policy(source)
    assert (report.policy is None) == bool(report.errors)
