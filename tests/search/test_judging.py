"""Measures agree with their definitions; trials say what the portal would."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.commands.search import search
from portal.search.judging import UnreadablePairsError, judge, ndcg, read_pairs

DOCS = [
    {"id": "a", "title": "How do I reset my password?", "text": "Choose Forgotten password."},
    {"id": "b", "title": "Which backups are made?", "text": "Nightly copies of the vault."},
]
QUERIES = [{"id": "q1", "text": "reset pasword"}, {"id": "q2", "text": "backups"}]


def test_pairs_are_read_from_tabs_and_from_json() -> None:
    lines = ["# golden", "", "reset\thow-reset", '{"query": "reset", "article": "other"}']
    assert read_pairs(lines) == {"reset": {"how-reset", "other"}}
    with pytest.raises(UnreadablePairsError, match="line 1"):
        read_pairs(["no tab here"])


def test_the_measures_agree_with_their_definitions() -> None:
    found = {"one": ["x", "right"], "two": ["right"], "three": ["x", "y", "z", "right"], "four": []}
    said = judge(found, {query: {"right"} for query in found})
    assert said.mrr == pytest.approx((1 / 2 + 1 + 1 / 4 + 0) / 4)
    assert said.recall == pytest.approx(2 / 4)
    assert said.misses == ("four",)
    assert ndcg(["x", "right"], {"right"}) == pytest.approx(0.6309, abs=1e-4)
    assert ndcg(["right", "other"], {"right", "other"}) == 1.0


def _files(folder: Path) -> list[str]:
    for name, rows in (("docs", DOCS), ("queries", QUERIES)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return ["--docs", str(folder / "docs.jsonl"), "--queries", str(folder / "queries.jsonl")]


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_trial_prints_a_standard_run(tmp_path: Path, engine: str) -> None:
    said = CliRunner().invoke(search, ["run", *_files(tmp_path), "--engine", engine])
    rows = [row.split() for row in said.stdout.splitlines()]
    assert [(row[0], row[1], row[2], row[3]) for row in rows if row[3] == "1"] == [
        ("q1", "Q0", "a", "1"),
        ("q2", "Q0", "b", "1"),
    ]
    assert all(len(row) == 6 and row[5] == f"answerfirst-{engine}" for row in rows)


def test_a_trial_of_suggestions_prints_a_run_too(tmp_path: Path) -> None:
    said = CliRunner().invoke(search, ["suggest-run", *_files(tmp_path), "--top", "1"])
    assert [row.split()[:4] for row in said.stdout.splitlines()] == [
        ["q1", "Q0", "a", "1"],
        ["q2", "Q0", "b", "1"],
    ]


def test_a_trial_on_postgresql_says_what_it_needs(tmp_path: Path) -> None:
    said = CliRunner().invoke(search, ["run", *_files(tmp_path), "--engine", "postgres"])
    assert said.exit_code == 2
    assert "--database" in said.output
