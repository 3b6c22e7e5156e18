"""The desk and the directory in German: pages, acts, plural forms, refusals, and the record."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from flask import Flask

from portal import locale
from portal.commands.policy import policy as policy_command
from portal.people.importing.reading import read_sheet
from portal.people.passwords import WeakPasswordError, check_password
from portal.policy.checking import check_policy
from portal.policy.instants import seconds_of
from portal.policy.loading import load_policy
from portal.policy.problems import PolicyRefusal
from portal.policy.profiles import profile_names, profile_source
from portal.policy.versions import in_force
from portal.web.desk.queue import row_value
from tests.web.at_the_desk import Desk, desk, page, sent
from tests.web.conftest import MakeApp, hidden_fields

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


def test_the_keyboard_has_its_german_names(desk: Desk) -> None:
    assert '"ctrl": "Strg"' in unescape(page(desk.aldo, "/"))


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
    assert "Diesen Tag gibt es nicht." in unescape(needed)


def test_a_pause_ends_at_a_time_as_germans_write_it(desk: Desk) -> None:
    address = f"/desk/cases/{desk.phones.reference}"
    found = unescape(page(desk.aldo, address))
    for said in ("Uhrzeit", "Zum Beispiel 14:30.", "Nach Ihrer Uhr: ", "Bleiben die Felder leer"):
        assert said in found
    pause = {"pause": "maintenance_window", "until_day": "5. Januar 2030"}
    for typed, told in (
        ("", "Geben Sie auch die Uhrzeit ein, oder lassen Sie den Tag leer."),
        ("25 Uhr", "Diese Uhrzeit zeigt keine Uhr. Schreiben Sie sie wie 14:30."),
        ("halb drei", "Schreiben Sie die Uhrzeit wie 14:30."),
    ):
        refused = unescape(sent(desk.aldo, address, f"{address}/pause", **pause, until=typed))
        assert refused.count(told) == 2, "above the page, and at the field"
        assert 'value="5. Jan. 2030"' in refused
        assert f'value="{typed}"' in refused
    sent(desk.aldo, address, f"{address}/pause", **pause, until="14 Uhr 30")
    resumes_at = desk.now(desk.phones).resumes_at
    assert resumes_at
    assert resumes_at.astimezone(ZoneInfo("America/Los_Angeles")).hour == 14


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


BROKEN = profile_source("communicado").replace("default_priority", "default_prority")


def test_faults_of_a_policy_stand_at_their_line_in_german_and_the_command_stays_english(
    desk: Desk, tmp_path: Path
) -> None:
    form = "/desk/policies/new"
    data = {**hidden_fields(page(desk.mai, form)), "source": BROKEN, "act": "check"}
    refused = desk.mai.post(form, data=data, content_type="multipart/form-data")
    found = " ".join(unescape(re.sub(r"<[^>]+>", "", refused.text)).split())
    line = next(n for n, text in enumerate(BROKEN.split("\n"), 1) if "default_prority" in text)
    meant = 'Diesen Schlüssel gibt es nicht. Meinten Sie "default_priority"?'
    assert refused.status_code == 422
    assert f"Zeile {line}, policy.default_prority: {meant}" in found
    assert "Die Angabe fehlt. Nennen Sie die Kennung einer Priorität." in found

    file = tmp_path / "policy.toml"
    file.write_text(BROKEN)
    checked = CliRunner().invoke(policy_command, ["check", str(file)])
    assert (
        f'{line}: policy.default_prority: Nobody knows this key. Did you mean "' in checked.output
    )


def test_what_the_policies_leave_unsaid_is_told_in_german() -> None:
    """The same text read in two languages is told in each: nothing is kept for the other."""
    for name in profile_names():
        english = check_policy(profile_source(name)).warnings
        with locale.speaking("de"):
            german = check_policy(profile_source(name)).warnings
        assert [(each.line, each.code) for each in english] == [
            (each.line, each.code) for each in german
        ]
        assert not {(each.wrong, each.remedy) for each in english} & {
            (each.wrong, each.remedy) for each in german
        }
        assert english == check_policy(profile_source(name)).warnings


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("[policy", "am Ende einer Abschnittsüberschrift fehlt ']'."),
        ("a = 1\na = 2", "Dieser Schlüssel steht zweimal da."),
        ("# " + "x" * 200_000, "höchstens 200.000."),
        ('a = "\n"', r"das Zeichen '\n' darf hier nicht stehen."),
        ("a = '''x", "hier fehlt \"'''\"."),
        ("a = { b = 1, b = 2 }", "Dieser Schlüssel steht zweimal da."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_german(source: str, said: str) -> None:
    with locale.speaking("de"):
        assert check_policy(source).errors[0].wrong.endswith(said)


def test_what_the_clock_refuses_is_refused_in_german() -> None:
    """A manager reads these on the rehearsal of a change."""
    policy = load_policy(profile_source("communicado"))
    monday = datetime(2026, 11, 23, 18, tzinfo=UTC)
    refused: list[tuple[str, Callable[[], object]]] = [
        ("kennt keine Priorität", lambda: policy.priority("urgent")),
        ("kennt keine Zeiten", lambda: policy.calendar("nights")),
        ("mehr als drei Jahre", lambda: policy.calendar(policy.office_hours).add(monday, 10**9)),
        ("öffnet nicht", lambda: policy.calendar(policy.office_hours).close_of(date(2026, 11, 22))),
        ("gilt keine Version", lambda: in_force([policy], monday.replace(year=1990))),
        ("nennt keine Zeitzone", lambda: seconds_of(monday.replace(tzinfo=None))),
    ]
    for said, ask in refused:
        with locale.speaking("de"), pytest.raises(PolicyRefusal, match=said):
            ask()
