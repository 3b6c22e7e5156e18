"""`portal policy check | preview | evaluate | calendar`, to the letter of their JSON."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.commands.policy import policy
from portal.policy.profiles import profile_names, profile_source

HERE = Path(__file__).parent
PROFILES = HERE.parent.parent / "portal" / "policy" / "profiles"


def run(*arguments: object, rows: str = "") -> Result:
    return CliRunner().invoke(policy, [str(argument) for argument in arguments], input=rows)


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def evaluated(*rows: dict[str, Any], files: tuple[str, ...] = profile_names()) -> list[Any]:
    paths = [PROFILES / f"{name}.toml" for name in files]
    return answers(run("evaluate", *paths, rows="\n".join(json.dumps(row) for row in rows)))


ROW = {
    "id": "r1",
    "policy": "communicado",
    "priority": "2",
    "channel": "web",
    "opened_at": "2026-11-21T22:00:00-08:00",
    "named_contact": False,
    "fee_consent": False,
    "events": [],
}


def test_a_row_is_answered_to_the_letter() -> None:
    nothing = {"state": "no_promise", "due_at": None}
    assert evaluated(ROW) == [
        {
            "id": "r1",
            "clock_starts_at": "2026-11-23T14:30:00Z",
            "rule": "after_hours_rule",
            "first_response": {"state": "running", "due_at": "2026-11-23T18:30:00Z"},
            "next_update": nothing,
            "escalation": nothing,
            "resolution": nothing,
            "why": [
                span("2026-11-22T06:00:00Z", "2026-11-23T08:00:00Z", False, "weekend"),
                span("2026-11-23T08:00:00Z", "2026-11-23T14:30:00Z", False, "before opening"),
                span("2026-11-23T14:30:00Z", "2026-11-23T18:30:00Z", True, "open"),
            ],
        }
    ]


def span(start: str, end: str, counted: bool, because: str) -> dict[str, Any]:
    return {"from": start, "to": end, "counted": counted, "because": because}


def test_seconds_left_only_while_paused() -> None:
    row = {
        "id": 7,
        "policy": "cipplanner",
        "priority": "minor",
        "opened_at": "2026-06-08T17:00:00Z",
        "events": [{"type": "pause", "at": "2026-06-08T18:00:00Z"}],
    }
    answer = evaluated(row)[0]
    assert answer["id"] == 7
    paused = {"state": "paused", "due_at": None, "remaining_seconds": 28_800}
    assert answer["escalation"] == paused
    assert set(answer["first_response"]) == {"state", "due_at"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"opened_at": "2026-11-21T22:00:00"}, "naive_time"),
        ({"opened_at": "yesterday"}, "bad_time"),
        ({"opened_at": "2020-11-21T22:00:00Z"}, "no_policy_in_force"),
        ({"priority": "9"}, "unknown_priority"),
        ({"policy": "nobody"}, "unknown_policy"),
        ({"events": [{"type": "nap", "at": "2026-11-22T00:00:00Z"}]}, "unknown_event"),
        ({"events": [{"type": "pause", "at": "2026-11-20T00:00:00Z"}]}, "out_of_order"),
        ({"events": "none"}, "bad_row"),
        ({"opened_at": "9999-11-21T22:00:00Z"}, "too_far"),
        ({"opened_at": "9999-12-31T23:59:59-14:00"}, "too_far"),
        ({"opened_at": "0001-01-01T00:00:00+14:00"}, "too_far"),
        ({"opened_at": None}, "bad_time"),
        ({"opened_at": 1e308}, "bad_time"),
        ({"policy": None}, "unknown_policy"),
        ({"priority": ["2"]}, "unknown_priority"),
        ({"named_contact": "yes"}, "bad_row"),
        ({"events": {}}, "bad_row"),
        ({"events": [{"type": ["x"], "at": "2026-11-22T00:00:00Z"}]}, "unknown_event"),
        ({"events": [{"type": "priority", "at": "2026-11-22T08:00:00Z"}]}, "unknown_priority"),
        ({"events": [{"type": "pause", "at": "2026-11-22T00:00:00"}]}, "naive_time"),
    ],
)
def test_a_refused_row_is_answered_and_the_run_goes_on(change: dict[str, Any], code: str) -> None:
    refused, good = evaluated({**ROW, **change}, {**ROW, "id": "r2"})
    assert (refused["id"], refused["error"]) == ("r1", code)
    assert refused["message"]
    assert good["first_response"]["due_at"] == "2026-11-23T18:30:00Z"


BAD_LINES = ("{", "[]", '{"id": NaN}', '{"id": 1e999}', "[" * 9_000, f'{{"id": {"9" * 5_000}}}')


def test_a_line_that_is_no_object_is_refused() -> None:
    rows = "\n".join([*BAD_LINES, "", json.dumps(ROW)])
    *refused, good = answers_of(run("evaluate", PROFILES / "communicado.toml", rows=rows))
    assert [answer["error"] for answer in refused] == ["bad_row"] * len(BAD_LINES)
    assert good["first_response"]["state"] == "running"


def test_bytes_that_are_no_text_do_not_end_the_run() -> None:
    arguments = ["evaluate", str(PROFILES / "communicado.toml")]
    lines = b"\xff\xfe\n" + json.dumps(ROW).encode()
    refused, good = answers_of(CliRunner().invoke(policy, arguments, input=lines))
    assert refused["error"] == "bad_row"
    assert good["first_response"]["due_at"] == "2026-11-23T18:30:00Z"


def test_what_a_row_leaves_out_or_empty_has_a_meaning() -> None:
    bare = {"opened_at": ROW["opened_at"], "policy": "communicado"}
    empty = {**bare, "priority": None, "channel": None, "events": None, "named_contact": None}
    first, second = evaluated(bare, empty)
    assert first == second
    assert first["id"] is None
    assert first["first_response"]["due_at"] == "2026-11-24T01:30:00Z"
    alone = evaluated({"opened_at": ROW["opened_at"]}, files=("communicado",))
    assert alone == [first]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('mon-fri = "06:30-17:30"', "", "never_opens"),
        ("America/Los_Angeles", "PST", "unknown_zone"),
        ("06:30-17:30", "06:30-06:30", "zero_length_window"),
        ("60 business minutes", "-1 minutes", "negative_target"),
        ("60 business minutes", "5000 days", "too_far"),
        ("60 business minutes", "soon", "broken_policy"),
    ],
)
def test_rows_of_a_broken_policy_are_refused_by_name(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(profile_source("communicado").replace(old, new, 1), encoding="utf-8")
    rows = "\n".join(json.dumps(row) for row in (ROW, {**ROW, "policy": "cts", "priority": "1"}))
    refused, good = answers_of(run("evaluate", broken, PROFILES / "cts.toml", rows=rows))
    assert refused["error"] == code
    assert good["first_response"]["state"] == "running"


def answers_of(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0
    return answers(result)


def test_several_files_are_versions_of_one_policy(tmp_path: Path) -> None:
    newer = profile_source("communicado").replace("version = 1", "version = 2")
    newer = newer.replace("2026-01-01", "2026-11-22").replace(
        "4 business hours", "2 business hours"
    )
    file = tmp_path / "newer.toml"
    file.write_text(newer, encoding="utf-8")
    later = {**ROW, "opened_at": "2026-11-22T10:00:00-08:00"}
    rows = f"{json.dumps(ROW)}\n{json.dumps(later)}"
    result = run("evaluate", file, PROFILES / "communicado.toml", rows=rows)
    dues = [answer["first_response"]["due_at"] for answer in answers(result)]
    assert dues == ["2026-11-23T18:30:00Z", "2026-11-23T16:30:00Z"]


def test_bare_calendar_arithmetic() -> None:
    rows = [
        {"id": 1, "hours": "office", "op": "add", "from": "2026-11-21T22:00:00Z", "seconds": 3600},
        {
            "id": 2,
            "hours": "office",
            "op": "between",
            "from": "2026-11-20T22:00:00Z",
            "to": "2026-11-23T15:00:00Z",
        },
        {"id": 3, "hours": "office", "op": "next_open", "at": "2026-11-21T22:00:00Z"},
        {"id": 4, "hours": "office", "op": "is_open", "at": "2026-11-23T14:30:00Z"},
        {"id": 5, "hours": "moon", "op": "is_open", "at": "2026-11-23T14:30:00Z"},
        {"id": 6, "hours": "office", "op": "is_open", "at": "2026-11-23T14:30:00"},
        {"id": 7, "hours": "office", "op": "add", "from": "2026-11-21T22:00:00Z", "seconds": -1},
    ]
    text = "\n".join(json.dumps(row) for row in rows)
    found = answers(run("calendar", PROFILES / "communicado.toml", rows=text))
    assert found[:4] == [
        {"id": 1, "at": "2026-11-23T15:30:00Z"},
        {"id": 2, "seconds": 3 * 3600 + 1_800 + 1_800},
        {"id": 3, "at": "2026-11-23T14:30:00Z"},
        {"id": 4, "open": True},
    ]
    errors = [(answer["id"], answer["error"]) for answer in found[4:]]
    assert errors == [(5, "unknown_hours"), (6, "naive_time"), (7, "negative_target")]


def test_check_says_what_is_wrong_and_fails(tmp_path: Path) -> None:
    good = run("check", PROFILES / "cts.toml")
    assert good.exit_code == 0
    assert "warning: " in good.output
    broken = tmp_path / "broken.toml"
    broken.write_text(profile_source("cts").replace("08:00-17:00", "08:00"), encoding="utf-8")
    bad = run("check", broken)
    assert bad.exit_code == 1
    assert f"error: {broken}:" in bad.output
    assert "hours.office.mon-fri" in bad.output


def test_check_of_versions_that_do_not_follow_one_another() -> None:
    twice = run("check", PROFILES / "cts.toml", PROFILES / "cts.toml")
    assert twice.exit_code == 1
    assert "policy.effective_from" in twice.output


def test_preview_shows_what_the_older_version_promised(tmp_path: Path) -> None:
    newer = tmp_path / "newer.toml"
    source = profile_source("cts").replace("15 business minutes", "20 business minutes")
    newer.write_text(source, encoding="utf-8")
    result = run("preview", newer, "--against", PROFILES / "cts.toml")
    assert "Mon 05 Jan 2026 08:20*   (was Mon 05 Jan 2026 08:15*)" in result.output


@pytest.mark.parametrize("name", profile_names())
def test_the_preview_is_the_table_that_a_person_has_read(name: str) -> None:
    golden = (HERE / "golden" / f"{name}.txt").read_text(encoding="utf-8")
    assert run("preview", PROFILES / f"{name}.toml").output == golden


def test_a_file_that_cannot_be_read_does_not_stop_the_run(tmp_path: Path) -> None:
    unreadable = tmp_path / "unreadable.toml"
    unreadable.write_text("[policy\n", encoding="utf-8")
    result = run("evaluate", unreadable, PROFILES / "communicado.toml", rows=json.dumps(ROW))
    assert answers(result)[0]["first_response"]["state"] == "running"
    assert "error: " in result.stderr
