"""A time of day is taken as people write it, and never guessed; with its day it is one instant."""

from contextlib import suppress
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal import locale, written
from portal.policy import moments
from portal.web.forms import Day, Form, TimeOfDay
from portal.web.typed_time import NoSuchTimeError, NotATimeError, instant_on, read_time

HALF_PAST_TWO = time(14, 30)
TIMES = st.times().map(lambda found: found.replace(second=0, microsecond=0))
LANGUAGES = st.sampled_from(locale.interface_languages())
PIECES = st.lists(st.sampled_from([*"0123456789 :.h", "Uhr", "am", "p.m.", "²", "٢", "\u202e"]))
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("reader", locale.interface_languages())
@pytest.mark.parametrize(
    "typed",
    [
        "14:30",
        "14.30",
        "1430",
        "14 30",
        "14h30",
        "14 h 30",
        "14 Uhr 30",
        "14:30 Uhr",
        "14.30 uhr",
        "2:30 pm",
        "2:30pm",
        "2:30 PM",
        "2:30 p.m.",
        "2.30 p. m.",
        "2:30p",
        "230pm",
        "02:30 pm",
        "  2:30\u202fpm ",
        "1\u00a04:30",
    ],
)
def test_the_time_is_read_as_people_write_it(reader: str, typed: str) -> None:
    with locale.speaking(reader):
        assert read_time(typed) == HALF_PAST_TWO


@pytest.mark.parametrize("reader", locale.interface_languages())
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12 am", time(0)),
        ("12 pm", time(12)),
        ("12:05 am", time(0, 5)),
        ("0:05", time(0, 5)),
        ("00", time(0)),
        ("09:00", time(9)),
        ("0900", time(9)),
        ("9 Uhr", time(9)),
        ("9h", time(9)),
        ("9 am", time(9)),
        ("9 a.m.", time(9)),
        ("21", time(21)),
        ("2359", time(23, 59)),
    ],
)
def test_both_clocks_are_understood_whoever_reads(reader: str, typed: str, meant: time) -> None:
    with locale.speaking(reader):
        assert read_time(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant", "asked"),
    [
        ("9", time(9), "This can be 9:00 am or 9:00 pm. Write which of the two."),
        ("2:30", time(2, 30), "This can be 2:30 am or 2:30 pm. Write which of the two."),
        ("930", time(9, 30), "This can be 9:30 am or 9:30 pm. Write which of the two."),
        ("12", time(12), "This can be 12:00 am or 12:00 pm. Write which of the two."),
    ],
)
def test_whoever_counts_twelve_hours_is_asked_which_half_of_the_day(
    typed: str, meant: time, asked: str
) -> None:
    with locale.speaking("de"):
        assert read_time(typed) == meant
    with pytest.raises(NotATimeError, match=asked):
        read_time(typed)


@pytest.mark.parametrize("typed", ["24:00", "25", "9:60", "1:75 pm", "13 pm", "0 am", "14:30 pm"])
def test_a_time_that_no_clock_shows_is_refused(typed: str) -> None:
    with pytest.raises(NotATimeError, match=r"No clock shows this time\. Write it like 2:30 pm\."):
        read_time(typed)


@pytest.mark.parametrize(
    "typed", ["soon", "2:3", "14:30:00", "half past two", "-2", "2 pm CET", "²", "9" * 5_000]
)
def test_what_is_no_time_is_told_how_to_write_one(typed: str) -> None:
    with pytest.raises(NotATimeError, match=r"Write the time like 2:30 pm\."):
        read_time(typed)
    with locale.speaking("de"), pytest.raises(NotATimeError, match="wie 14:30"):
        read_time(typed)


@given(TIMES, LANGUAGES, LANGUAGES)
def test_every_time_that_the_portal_shows_is_read_back_or_asked_about(
    at: time, writer: str, reader: str
) -> None:
    with locale.speaking(writer):
        shown = [written.clock(at), moments.clock_text(datetime.combine(date(2026, 7, 1), at))]
        assert {read_time(text) for text in shown} == {at}
    for text in shown:
        with locale.speaking(reader), suppress(NotATimeError):
            assert read_time(text) == at


@given(st.text() | PIECES.map("".join), LANGUAGES)
def test_whatever_is_typed_is_a_time_or_a_remedy(typed: str, reader: str) -> None:
    with locale.speaking(reader), suppress(NotATimeError):
        assert isinstance(read_time(typed), time)


def test_a_day_and_a_time_are_an_instant_on_a_clock() -> None:
    noon = instant_on(BERLIN, date(2026, 12, 1), time(12))
    assert noon.isoformat() == "2026-12-01T11:00:00+00:00"


def test_a_time_in_the_hour_that_spring_skips_is_asked_about() -> None:
    with pytest.raises(NoSuchTimeError, match="There is no 2:30 am on that day"):
        instant_on(BERLIN, date(2027, 3, 28), time(2, 30))


def test_of_a_time_that_autumn_repeats_the_first_is_meant() -> None:
    twice = instant_on(BERLIN, date(2026, 10, 25), time(2, 30))
    assert twice.isoformat() == "2026-10-25T00:30:00+00:00"


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9998, 12, 31)))
def test_an_instant_is_what_the_clock_shows_then(typed: datetime) -> None:
    typed = typed.replace(second=0, microsecond=0)
    with suppress(NoSuchTimeError):
        shown = instant_on(BERLIN, typed.date(), typed.time()).astimezone(BERLIN)
        assert shown.replace(tzinfo=None) == typed


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_no_day_is_too_late_for_any_clock(zone: str) -> None:
    with pytest.raises(NoSuchTimeError, match="Choose an earlier day"):
        instant_on(ZoneInfo(zone), date.max, time(23, 59))
    last = instant_on(ZoneInfo(zone), date(9998, 12, 31), time(23, 59))
    assert last.astimezone(ZoneInfo("Pacific/Kiritimati"))


class _Form(Form):
    day = Day("Day")
    at = TimeOfDay("Time", on="day")


def _filled(app: Flask, **values: str) -> _Form:
    with app.test_request_context("/", method="POST"):
        form = _Form(MultiDict(values))
        form.validate()
    return form


def test_the_two_fields_name_one_instant_and_show_what_they_understood(app: Flask) -> None:
    form = _filled(app, day="27.11.2026", at=" 14.30 ")
    assert not form.errors
    assert form.at.instant == datetime(2026, 11, 27, 14, 30, tzinfo=UTC)
    assert form.at._value() == "2:30 pm"
    with locale.speaking("de"):
        assert form.at._value() == "14:30"


def test_a_moment_is_left_out_as_a_whole(app: Flask) -> None:
    nothing = _filled(app, day=" ", at="")
    assert not nothing.errors
    assert nothing.at.instant is None


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"day": "1 Jan 2030"}, {"at"}),
        ({"at": "14:30"}, {"day"}),
        ({"day": "soon", "at": "14:30"}, {"day"}),
        ({"day": "soon", "at": "later"}, {"day", "at"}),
        ({"day": "soon"}, {"day", "at"}),
        ({"at": "later"}, {"day", "at"}),
    ],
)
def test_each_field_says_what_is_wrong_with_it(
    app: Flask, typed: dict[str, str], wrong: set[str]
) -> None:
    form = _filled(app, **typed)
    assert set(form.errors) == wrong
    assert form.at.instant is None
    assert {name: form[name]._value() for name in typed} == typed | {
        name: "2:30 pm" for name in typed if typed[name] == "14:30"
    }
