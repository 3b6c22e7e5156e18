"""A place is offered once, under today's name; the reader's own stands first."""

from zoneinfo import available_timezones

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from portal.locale import speaking
from portal.web.zones import ZoneField, offered_names, todays_name, zone_choices


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


@pytest.mark.parametrize(
    ("tag", "continent", "place"), [("en", "Asia", "Tokyo"), ("de", "Asien", "Tokio")]
)
def test_a_place_is_found_by_continent_in_the_readers_words(
    tag: str, continent: str, place: str
) -> None:
    with speaking(tag):
        choices = zone_choices("As support", universal=True)
    assert choices[""] == [("", "As support"), ("UTC", "UTC")]
    assert ("Asia/Tokyo", place) in choices[continent]


def test_a_zone_that_stands_is_kept_though_it_is_not_offered() -> None:
    class Zone(Form):
        zone = ZoneField("Zone")

    for typed, is_right in (
        ("Etc/GMT-3", True),
        ("Antarctica/McMurdo", True),
        ("Not/There", False),
    ):
        form = Zone(MultiDict({"zone": typed}))
        form.zone.choices = zone_choices("As support")
        assert form.validate() is is_right


def test_what_stands_first_belongs_to_no_continent() -> None:
    class Zone(Form):
        zone = ZoneField("Zone")

    form = Zone(data={"zone": "Europe/Berlin"})
    form.zone.choices = zone_choices("As support")
    assert form.zone.options.startswith(
        '<option value="Europe/Berlin" selected>Berlin</option>'
        '<option value="">As support</option><optgroup label="Africa">'
    )
