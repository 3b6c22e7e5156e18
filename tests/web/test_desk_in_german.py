"""The desk and the directory in German: pages, acts, plural forms, refusals, and the record."""

from html import unescape

import pytest
from flask import Flask

from portal import locale
from portal.people.importing.reading import read_sheet
from portal.people.passwords import WeakPasswordError, check_password
from portal.web.desk.queue import row_value
from tests.web.at_the_desk import Desk, desk, page, sent
from tests.web.conftest import MakeApp

__all__ = ["desk"]


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app(languages="de")


def test_the_queue_counts_its_groups_and_names_its_views_in_german(desk: Desk) -> None:
    found = unescape(page(desk.aldo, "/desk"))
    for said in ("<h1>Warteschlange</h1>", "Nicht zugewiesen", "Fällig innerhalb einer Stunde"):
        assert said in found
    assert 'aria-label="Warteschlange eingrenzen"' in found
    assert "Angekreuzte Anfragen ändern" in found


def test_one_change_for_many_cases_is_told_in_the_right_number(desk: Desk) -> None:
    change: dict[str, object] = {"act": "assignment", "to": "nobody", "address": "view=open"}
    rows = [row_value(desk.phones), row_value(desk.fax)]
    for chosen, said in (
        (rows, "Zuweisung von 0 Anfragen aufgehoben"),
        ([], "Kreuzen Sie die Anfragen an, die Sie meinen."),
    ):
        assert said in unescape(sent(desk.aldo, "/desk", "/desk/changes", case=chosen, **change))
    to = {"to": f"person-{desk.people['aldo'].id}"}
    one = sent(desk.aldo, "/desk", "/desk/changes", case=rows[:1], **change | to)
    assert f"1 Anfrage an {desk.people['aldo'].name} zugewiesen" in unescape(one)


def test_a_case_its_forms_and_its_refusals_are_german(desk: Desk) -> None:
    address = f"/desk/cases/{desk.phones.reference}"
    found = unescape(page(desk.aldo, address))
    for said in ("Antwort an den Kunden", "Interne Notiz", "Wir arbeiten weiter", "Gewünscht"):
        assert said in found
    refused = unescape(sent(desk.aldo, address, f"{address}/note", body=""))
    assert "Schreiben Sie zuerst die Notiz." in refused
    told = unescape(sent(desk.aldo, address, f"{address}/note", body="Nur für uns"))
    assert "Die Notiz ist gespeichert. Der Kunde sieht sie nicht." in told
    needed = sent(desk.aldo, address, f"{address}/delivery", on="2030-02-30")
    assert "Geben Sie den Tag ein, zum Beispiel 2026-12-01." in unescape(needed)


def test_the_directory_and_its_record_are_german(desk: Desk) -> None:
    taken_up = {"name": "Nordhafen", "slug": "nordhafen", "partner": "", "liaison_name": ""}
    form = "/desk/organisations/new"
    made = unescape(sent(desk.mai, form, form, **taken_up))
    assert "Nordhafen ist aufgenommen. Ergänzen Sie Vertrag, Kontakte und Installationen." in made
    assert "hat die Organisation aufgenommen" in made
    again = unescape(sent(desk.mai, form, form, **taken_up))
    assert "Eine andere Organisation hat diesen Kurznamen." in again
    person = desk.people["aldo"].id
    assert "Support: bearbeitet Anfragen" in unescape(page(desk.mai, f"/desk/people/{person}"))


def test_faults_of_a_table_and_weak_passwords_are_told_in_the_spoken_language() -> None:
    with locale.speaking("de-AT"):
        assert read_sheet(b"").faults[0].wrong == "Die Datei ist leer."
        with pytest.raises(WeakPasswordError, match="mindestens 8 Zeichen"):
            check_password("kurz")
    assert read_sheet(b"").faults[0].wrong == "The file is empty."
