"""Tables and calendar entries that leave the portal: whole, escaped, and harmless."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.support.calendar_entry import calendar_entry
from portal.web.support.export import BYTE_ORDER_MARK, table

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "  ="])
def test_a_cell_that_looks_like_a_formula_begins_with_an_apostrophe(start: str) -> None:
    written = table(["Subject"], [[f"{start}1+1"]])
    cell = next(iter(csv.reader(io.StringIO(written.split("\r\n", 1)[1], newline=""))))[0]
    assert cell == f"'{start}1+1"


@given(st.lists(st.text(st.characters(exclude_characters="\x00"), max_size=40), min_size=1))
def test_no_cell_is_lost_or_runs(cells: list[str]) -> None:
    written = table(["Cell"], [[cell] for cell in cells]).removeprefix(BYTE_ORDER_MARK)
    read = list(csv.reader(io.StringIO(written, newline="")))[1:]
    assert [row[0].removeprefix("'") for row in read] == [c.removeprefix("'") for c in cells]
    assert not any(row[0].lstrip(" ").startswith(("=", "+", "-", "@")) for row in read)


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_out_of_a_calendar_entry(title: str, words: str) -> None:
    entry = calendar_entry(uid="x@y", title=title, words=words, at=NOON, made_at=NOON)
    lines = entry.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = entry.replace("\r\n ", "").split("\r\n")
    names = [line.partition(":")[0] for line in unfolded if line]
    assert names == [
        "BEGIN",
        "VERSION",
        "PRODID",
        "BEGIN",
        "UID",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "DESCRIPTION",
        "END",
        "END",
    ]


def test_the_entry_ends_at_the_promised_instant() -> None:
    entry = calendar_entry(uid="x@y", title="A; b, c", words="d\ne", at=NOON, made_at=NOON)
    assert "DTSTART:20261123T114500Z\r\nDTEND:20261123T120000Z" in entry
    assert "SUMMARY:A\\; b\\, c" in entry
    assert "DESCRIPTION:d\\ne" in entry
