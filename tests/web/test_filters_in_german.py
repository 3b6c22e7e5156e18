"""Instants, days, sizes and numbers as German readers write them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from portal import locale, written
from portal.knowledge.rendering import render
from portal.web import filters

MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with locale.speaking("de-AT"):
        yield


def test_an_instant_names_day_time_and_zone() -> None:
    assert filters.when(MORNING, BERLIN) == "Mo., 23. Nov. 2026, 10:30 Uhr MEZ"
    assert filters.when(MORNING + timedelta(days=200), BERLIN).endswith("11:30 Uhr MESZ")
    assert filters.when(MORNING, ZoneInfo("America/Los_Angeles")).endswith("01:30 Uhr PST")
    assert filters.when(MORNING, ZoneInfo("Asia/Kathmandu")).endswith("15:15 Uhr UTC+05:45")


def test_what_is_kept_in_one_language_is_not_said_in_another() -> None:
    assert filters.day(date(2026, 12, 24)) == "24. Dezember 2026"
    german = filters.when(MORNING, BERLIN)
    with locale.speaking("en"):
        assert filters.day(date(2026, 12, 24)) == "24 December 2026"
        assert filters.when(MORNING, BERLIN) == "Mon 23 Nov 2026, 10:30 am CET"
        assert written.number(1234) == "1,234"
    assert filters.when(MORNING, BERLIN) == german


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "gerade eben"),
        (30, "in weniger als einer Minute"),
        (60, "in 1 Minute"),
        (3 * 3_600, "in 3 Stunden"),
        (-3_600, "vor 1 Stunde"),
        (-200_000, "vor 2 Tagen"),
        (86_400 * 9, "in 9 Tagen"),
    ],
)
def test_how_far_off_an_instant_is(seconds: int, shown: str) -> None:
    assert filters.relative(MORNING + timedelta(seconds=seconds), MORNING) == shown


@pytest.mark.parametrize(
    ("count", "shown"), [(1, "1 Byte"), (999, "999 Byte"), (3_400_000, "3,4 MB"), (12_400, "12 kB")]
)
def test_a_size_is_short(count: int, shown: str) -> None:
    assert filters.size(count) == shown


def test_numbers_have_a_comma_for_the_point_and_a_point_for_thousands() -> None:
    assert written.number(1_234) == "1.234"
    assert written.number(1_234.5, 2) == "1.234,50"
    assert written.month(MORNING) == "November 2026"


def test_labels_keep_their_capitals_inside_a_sentence() -> None:
    assert written.in_sentence("Priorität") == "Priorität"
    with locale.speaking("en"):
        assert written.in_sentence("Priority") == "priority"


def test_scripts_get_a_sentence_in_each_form_that_the_language_has() -> None:
    assert written.by_number("%(number)s suggestion", "%(number)s suggestions") == {
        "one": "%(number)s Vorschlag",
        "other": "%(number)s Vorschläge",
    }


def test_what_rendering_says_in_an_article_is_said_in_the_language_of_its_reader() -> None:
    body = '## Title\n\n- [x] one\n- [ ] two\n\nSay "Done"[^1].\n\n[^1]: A note.\n'
    kept = Markup(render(body).html)
    shown = filters.own_words(kept)
    for said in ("Link zu diesem Abschnitt", "Erledigt", "Zu erledigen", "Zurück zum Text bei 1"):
        assert f'"{said}"' in shown
    assert "Back to" not in shown
    with locale.speaking("en"):
        assert filters.own_words(kept) == kept
