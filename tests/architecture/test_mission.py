"""docs/mission.md tells the truth: each row that works has a test named after its id."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = {"A": 25, "B": 19, "C": 15, "D": 33}


def _stated() -> dict[str, str]:
    text = (ROOT / "docs" / "mission.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| ([A-D]\d+) \|.*\| (works|data|not built) \|$", text, re.MULTILINE))


def _tested() -> set[str]:
    names = [
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def test((?:_[A-D]\d+)+)_", path.read_text(encoding="utf-8"))
    ]
    return {row for name in names for row in name.strip("_").split("_")}


def test_every_row_is_listed_with_its_state():
    assert set(_stated()) == {
        f"{page}{n}" for page, last in ROWS.items() for n in range(1, last + 1)
    }


def test_every_row_that_works_has_a_test_named_after_it():
    works = {row for row, state in _stated().items() if state == "works"}
    assert works - _tested() == set()


def test_no_row_is_tested_and_called_not_built():
    missing = {row for row, state in _stated().items() if state == "not built"}
    assert missing & _tested() == set()
