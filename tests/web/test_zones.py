"""A place is offered once, under today's name; the reader's own stands first."""

from zoneinfo import available_timezones

import pytest

from portal.web.zones import offered_names, todays_name


@pytest.mark.parametrize(
    ("told", "known_as"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("US/Pacific", "America/Los_Angeles"),
        ("Europe/Oslo", "Europe/Oslo"),
        ("Not/There", "Not/There"),
        ("", ""),
    ],
)
def test_an_older_name_is_understood(told: str, known_as: str) -> None:
    assert todays_name(told) == known_as


def test_only_todays_names_are_offered() -> None:
    assert offered_names() <= available_timezones()
    assert not {"Asia/Calcutta", "US/Pacific", "Cuba", "EST"} & offered_names()
