"""The security checklist names no proof that isn't there."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINES = (ROOT / "docs" / "asvs.md").read_text("utf-8").splitlines()
ROWS = [line.strip("| ").split(" | ") for line in LINES if line.startswith("| V")]
CHOSEN = 151


@cache
def tests_of_this_repository() -> set[str]:
    texts = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    return {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.M)}


def test_each_chosen_item_stands_once() -> None:
    ids = [row[0] for row in ROWS]
    assert len(ids) == len(set(ids)) == CHOSEN


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_item_is_proved_by_what_exists_or_is_called_not_built(row: list[str]) -> None:
    _, does, proof = row
    named = set(re.findall(r"`(test_\w+)`", proof))
    assert named <= tests_of_this_repository()
    if not named:
        paths = proof.split(", ")
        assert proof == "not built" or all((ROOT / path).exists() for path in paths)
    if proof == "not built":
        assert does
