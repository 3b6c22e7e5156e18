"""The writers' rooms in German: pages, forms, what the work list keeps, and what scripts say."""

import json
import re
from html import unescape

import pytest
from flask import Flask

from portal.knowledge.article import Article
from tests.search.library import article
from tests.web.conftest import MakeApp
from tests.web.test_writing import FIELDS
from tests.web.writers_desk import Desk, desk

__all__ = ["desk"]


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app(languages="de")


def test_what_closed_an_item_is_said_in_the_language_of_whoever_reads_it(desk: Desk) -> None:
    for _time in range(2):
        desk.search("zeppelin+landing")
    desk.work()
    assert "2, mehr als zuvor (0)" in desk.page()
    with desk.database.writing() as db:
        article(db, "Zeppelin landing")
    desk.work()
    assert "Wird jetzt gefunden" in desk.page("done")
    assert str(desk.item().outcome) == "Found now"
    assert desk.item().said_outcome == "Found now"


def test_a_form_is_refused_in_german_and_a_check_says_its_remedy(desk: Desk) -> None:
    refused = desk.post("/writing/articles", **{**FIELDS, "title": "", "verified_on": "gestern"})
    assert refused.status_code == 422
    page = unescape(refused.text)
    for said in (
        "Geben Sie die Frage ein, die der Artikel beantwortet.",
        "Geben Sie ein Datum ein, zum Beispiel 2026-11-23.",
    ):
        assert said in page
    fields = {**FIELDS, "summary": "", "body": "Siehe [dort](nowhere.md)."}
    preview = unescape(desk.post("/writing/preview?fragment=1", **fields).text)
    assert "Vor dem Veröffentlichen: 2 Fehler, ein Hinweis" in preview
    assert "Der Link zu „nowhere“ führt ins Leere" in preview


def test_publishing_tells_versions_and_changes_in_german(desk: Desk) -> None:
    desk.post("/writing/articles", **FIELDS)
    with desk.database.reading() as db:
        made = db.query(Article).filter_by(slug="reset-password").one().id
    page = unescape(desk.writer.get(f"/writing/articles/{made}/publication").text)
    assert "Alle können ihn sofort unter /articles/reset-password lesen" in page
    assert "Version 1 jetzt veröffentlichen" in page
    asked = unescape(desk.post(f"/writing/articles/{made}/schedule", at="24 Uhr").text)
    for said in (
        "Geben Sie den Tag der Veröffentlichung ein.",
        "Diese Uhrzeit zeigt keine Uhr. Schreiben Sie sie wie 14:30.",
        "Die Version wird von selbst veröffentlicht, auch wenn niemand da ist.",
    ):
        assert said in asked
    told = desk.post(f"/writing/articles/{made}/publication")
    assert told.status_code == 303
    assert "Veröffentlicht. Lesende sehen jetzt Version 1." in unescape(
        desk.writer.get(f"/writing/articles/{made}").text
    )


def test_the_editors_scripts_find_german_words_at_the_form(desk: Desk) -> None:
    page = desk.writer.get("/writing/articles/new").text
    found = re.search(r'data-words="([^"]*)"', page)
    assert found is not None
    words = json.loads(unescape(found[1]))
    assert words["tools"]["bold"] == "Fett"
    assert words["keptAt"] == "Um %(time)s festgehalten, noch nicht als Version gespeichert."


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/writing", "Wer in einem Thema lesen darf"),
        ("/writing/categories", "Wer hier höchstens lesen darf"),
        ("/writing/comments", "Nichts wartet"),
        ("/writing/deflection", "Bestätigter Anteil"),
        ("/writing/golden-queries", "Prüffrage behalten"),
        ("/writing/help-keys", "Noch keine Schlüssel"),
        ("/writing/rules", "Die Leitung ändert diese Regeln."),
        ("/writing/synonyms", "Zeile hinzufügen"),
        ("/writing/work?list=overdue", "Worauf Lesende stoßen, erscheint hier von selbst."),
    ],
)
def test_every_page_of_the_workshop_is_german(desk: Desk, path: str, said: str) -> None:
    page = desk.writer.get(path)
    assert page.status_code == 200
    assert said in unescape(page.text)
    assert '<html lang="de">' in page.text
