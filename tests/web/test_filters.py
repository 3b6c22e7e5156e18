"""Instants, days and sizes as people read them, in the reader's own zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from portal.people.person import Person
from portal.web import filters
from portal.web.access import Who, allow
from tests.web.conftest import MakePerson, SignInAs

MORNING = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("America/Los_Angeles", "Mon 23 Nov 2026, 10:30 am PST"),
        ("Europe/Berlin", "Mon 23 Nov 2026, 7:30 pm CET"),
        ("Asia/Kolkata", "Tue 24 Nov 2026, 12:00 am IST"),
        ("Asia/Kathmandu", "Tue 24 Nov 2026, 12:15 am UTC+05:45"),
        ("America/Sao_Paulo", "Mon 23 Nov 2026, 3:30 pm UTC-03"),
        ("UTC", "Mon 23 Nov 2026, 6:30 pm UTC"),
    ],
)
def test_an_instant_names_day_time_and_zone(zone: str, shown: str) -> None:
    assert filters.when(MORNING, ZoneInfo(zone)) == shown


def test_noon_and_midnight_are_twelve() -> None:
    noon = datetime(2026, 1, 5, 12, 5, tzinfo=UTC)
    assert "12:05 pm" in filters.when(noon, ZoneInfo("UTC"))
    assert "12:05 am" in filters.when(noon - timedelta(hours=12), ZoneInfo("UTC"))


def test_a_day_is_the_readers_day() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert filters.day(late, ZoneInfo("Europe/Berlin")) == "24 November 2026"
    assert filters.day(date(2026, 3, 1)) == "1 March 2026"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "just now"),
        (-59, "just now"),
        (30, "in less than a minute"),
        (60, "in 1 minute"),
        (3_569, "in 59 minutes"),
        (3_570, "in 1 hour"),
        (5_399, "in 1 hour"),
        (7_199, "in 2 hours"),
        (7_200, "in 2 hours"),
        (-3_600, "1 hour ago"),
        (-200_000, "2 days ago"),
        (86_400 * 9, "in 9 days"),
    ],
)
def test_how_far_off_an_instant_is(seconds: int, shown: str) -> None:
    assert filters.relative(MORNING + timedelta(seconds=seconds), MORNING) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (9_949, "9.9 kB"),
        (12_400, "12 kB"),
        (999_499, "999 kB"),
        (999_999, "1.0 MB"),
        (20_971_520, "21 MB"),
        (5_000_000_000, "5000 MB"),
    ],
)
def test_a_size_is_short(count: int, shown: str) -> None:
    assert filters.size(count) == shown


def test_machines_read_utc() -> None:
    berlin = MORNING.astimezone(ZoneInfo("Europe/Berlin"))
    assert filters.iso(berlin) == "2026-11-23T18:30:00Z"
    assert filters.iso(date(2026, 3, 1)) == "2026-03-01"


@pytest.mark.parametrize("name", [None, "", "Mars/Base", "../../etc/passwd", "/etc/passwd", "\x00"])
def test_an_unknown_zone_is_none(name: str | None) -> None:
    assert filters.known_zone(name) is None


def test_the_reader_sees_the_own_zone_and_strangers_see_supports(
    app: Flask, client: FlaskClient, make_person: MakePerson, sign_in_as: SignInAs
) -> None:
    @app.get("/zone")
    @allow(Who.ANYONE)
    def zone() -> str:
        return render_template_string("{{ at|when }} {{ reader_zone.key }}", at=MORNING)

    person: Person = make_person("kim@x.example", time_zone="Asia/Tokyo")
    odd: Person = make_person("odd@x.example", time_zone="Mars/Base")
    assert sign_in_as(person).get("/zone").text == "Tue 24 Nov 2026, 3:30 am JST Asia/Tokyo"
    assert "UTC" in client.get("/zone").text
    assert sign_in_as(odd).get("/zone").status_code == 200
