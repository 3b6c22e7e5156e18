"""Words that readers meet on many pages, said in one way."""

import pytest
from flask import Flask

from portal import locale
from portal.cases.words import waited_for
from portal.people.importing.kinds import Kind
from portal.web.directory.importing import rows_of
from portal.web.filters import zone_called
from portal.web.shares import percent
from tests.web.at_the_desk import Desk, desk, page

__all__ = ["desk"]


@pytest.mark.parametrize(
    ("tag", "share", "said"),
    [("en", 0.875, "87.5%"), ("de", 0.875, "87,5\u00a0%"), ("de", None, "–"), ("en", 1, "100.0%")],
)
def test_a_share_is_written_as_its_readers_write_it(
    tag: str, share: float | None, said: str
) -> None:
    with locale.speaking(tag):
        assert percent(share) == said


@pytest.mark.parametrize(
    ("words", "party", "said"),
    [
        ("a third party", "Puget Line", "a third party: Puget Line"),
        ("Puget Line", "Puget Line", "Puget Line"),
        ("Puget Line", "puget line, your carrier", "puget line, your carrier"),
        ("your answer", "", "your answer"),
    ],
)
def test_whom_a_case_waits_for_is_named_once(words: str, party: str, said: str) -> None:
    assert waited_for(words, party) == said


@pytest.mark.parametrize(
    ("zone", "tag", "said"),
    [
        ("America/Los_Angeles", "en", "Pacific time"),
        ("Europe/Vienna", "en", "Vienna"),
        ("Europe/Vienna", "de", "Wien"),
        ("", "en", ""),
        ("Mars/Base", "en", "Mars/Base"),
    ],
)
def test_a_zone_is_called_as_on_every_page(app: Flask, zone: str, tag: str, said: str) -> None:
    with app.app_context(), locale.speaking(tag):
        assert zone_called(zone) == said


def test_one_row_is_one_person() -> None:
    assert (rows_of(Kind.PEOPLE, 1), rows_of(Kind.PEOPLE, 2)) == ("1 person", "2 people")
    with locale.speaking("de"):
        assert rows_of(Kind.CONTRACTS, 1) == "1 Vertrag"


def test_a_day_that_an_act_is_about_is_not_called_optional(desk: Desk) -> None:
    shown = page(desk.aldo, f"/desk/cases/{desk.phones.reference}")
    label = shown[shown.index("Propose a day for this work") :].split("</label>")[0]
    assert "Day" in label
    assert "optional" not in label
