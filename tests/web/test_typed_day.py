"""A day is taken as people write it, and never guessed: what could be two days is asked about."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal import locale, written
from portal.policy import moments
from portal.web.forms import Day, Form
from portal.web.typed_day import NotADayError, read_day

THE_DAY = date(2026, 11, 27)
SHOWN = [
    date.isoformat,
    written.brief_day,
    written.day,
    written.short_day,
    written.full_day,
    moments.full_day,
]
DAYS = st.dates(min_value=date(1000, 1, 1))
LANGUAGES = st.sampled_from(locale.interface_languages())
PIECES = st.lists(
    st.sampled_from([*"0123456789 ./-,", "2026", "Nov", "März", "Fri", "st", "²", "٢", "\u202e"])
)


@pytest.mark.parametrize("reader", locale.interface_languages())
@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-27",
        "2026/11/27",
        "27 Nov 2026",
        "27 November 2026",
        "27 november, 2026",
        "27th of November 2026",
        "Nov 27, 2026",
        "November 27 2026",
        "Fri 27 Nov 2026",
        "27-Nov-2026",
        "27. November 2026",
        "27. Nov. 2026",
        "Freitag, 27. November 2026",
        "27.11.2026",
        "27. 11. 2026",
        "27/11/2026",
        "11/27/2026",
        "  27\u00a0Nov\u00a02026 ",
    ],
)
def test_the_day_is_read_as_people_write_it(reader: str, typed: str) -> None:
    with locale.speaking(reader):
        assert read_day(typed) == THE_DAY


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("07.02.2027", date(2027, 2, 7)),
        ("7.2.2027", date(2027, 2, 7)),
        ("5. Maerz 2027", date(2027, 3, 5)),
        ("5. März 2027", date(2027, 3, 5)),
        ("1. Jänner 2027", date(2027, 1, 1)),
        ("2. Sept. 2027", date(2027, 9, 2)),
        ("24. Dez 2027", date(2027, 12, 24)),
    ],
)
def test_german_readers_write_days_with_dots(typed: str, meant: date) -> None:
    with locale.speaking("de"):
        assert read_day(typed) == meant


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("03/04/2026", "This can be 4 March 2026 or 3 April 2026. Write the month as a word."),
        ("03.04.2026", "This can be 4 March 2026 or 3 April 2026. Write the month as a word."),
        ("3-4-2026", "This can be 4 March 2026 or 3 April 2026. Write the month as a word."),
        ("31 Nov 2026", "not in the calendar"),
        ("29/02/2027", "not in the calendar"),
        ("2027-13-01", "not in the calendar"),
        ("Monday 27 November 2026", "not in the calendar"),
        ("0001-01-01", "not in the calendar"),
        ("27.11.26", "the year in full, like 27 Nov 2026"),
        ("27 Nov", "the year in full, like 27 Nov 2026"),
        ("soon", "Write the day with the month as a word"),
        ("Nov Dec 2026", "Write the day with the month as a word"),
        ("27 Marathon 2026", "Write the day with the month as a word"),
        ("9" * 5_000, "Write the day with the month as a word"),
    ],
)
def test_what_can_not_be_meant_is_asked_about(typed: str, told: str) -> None:
    with pytest.raises(NotADayError, match=told):
        read_day(typed)


def test_figures_that_mean_one_day_either_way_are_taken() -> None:
    assert read_day("04/04/2026") == date(2026, 4, 4)
    assert read_day("Fri 03/04/2026") == date(2026, 4, 3)


@given(DAYS, LANGUAGES, LANGUAGES)
def test_every_day_that_the_portal_shows_is_read_back(day: date, writer: str, reader: str) -> None:
    with locale.speaking(writer):
        shown = [show(day) for show in SHOWN]
    with locale.speaking(reader):
        assert {read_day(text) for text in shown} == {day}


@given(st.text() | PIECES.map("".join), LANGUAGES)
def test_whatever_is_typed_is_a_day_or_a_remedy(typed: str, reader: str) -> None:
    with locale.speaking(reader), suppress(NotADayError):
        assert isinstance(read_day(typed), date)


class _Form(Form):
    on = Day("Day", required="Enter the day.")
    maybe = Day("Another day")


def _filled(app: Flask, **values: str) -> _Form:
    with app.test_request_context("/", method="POST"):
        form = _Form(MultiDict(values))
        form.validate()
    return form


def test_the_field_shows_what_it_understood_and_keeps_what_it_did_not(app: Flask) -> None:
    form = _filled(app, on=" 27.11.2026 ", maybe="03/04/2026")
    assert (form.on.day, form.on._value()) == (THE_DAY, "27 Nov 2026")
    assert (form.maybe.data, form.maybe._value()) == (None, "03/04/2026")
    errors: dict[str, Any] = form.errors
    assert list(errors) == ["maybe"]
    with locale.speaking("de"):
        assert form.on._value() == "27. Nov. 2026"


@pytest.mark.parametrize("nothing", [{}, {"on": ""}, {"on": "  ", "maybe": " "}])
def test_only_a_needed_day_has_to_be_there(app: Flask, nothing: dict[str, str]) -> None:
    assert _filled(app, **nothing).errors == {"on": ["Enter the day."]}
