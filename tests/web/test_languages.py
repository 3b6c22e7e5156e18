"""Reading in a chosen language: no mixing of readers, an honest line where there is none, and the
writers' way to a translation.
"""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.application import create_app
from portal.clock import now
from portal.database import Database
from portal.knowledge.article import Article
from portal.knowledge.publishing import publish
from portal.knowledge.versioning import save_version
from portal.knowledge.words import Words
from portal.people import signing_in
from portal.people.person import Role
from portal.search import indexing
from portal.settings import Settings
from tests.knowledge.test_translations import translated
from tests.search.library import article
from tests.web.conftest import MakeApp, MakePerson, hidden_fields

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
ENGLISH = {"Accept-Language": "en-GB"}


@pytest.fixture
def app(make_app: MakeApp, database: Database) -> Flask:
    """A library in three languages: one article also in German and Arabic, one in English alone."""
    with database.writing() as db:
        reset = article(db, "Reset a password", slug="reset", body="Ask for a link to the page.")
        article(db, "Install the client", slug="install", body="Run the installer once.")
        translated(db, reset, "de", "Passwort zurücksetzen")
        arabic = translated(db, reset, "ar", "إعادة تعيين كلمة المرور")
        arabic.slug = "reset-ar"
    app = make_app(languages="en de ar")
    indexing.catch_up(database, app.extensions["portal"].index)
    return app


def test_home_and_articles_follow_the_browser_and_are_kept_apart(app: Flask) -> None:
    browser = app.test_client()
    for _again in range(2):
        german = browser.get("/", headers=GERMAN)
        assert '<html lang="de">' in german.text
        assert ">Passwort zurücksetzen" in german.text
        assert "Reset a password" not in german.text
        english = browser.get("/", headers=ENGLISH)
        assert "Reset a password" in english.text
        assert "Passwort" not in english.text
    assert english.headers["Vary"] == "Accept-Encoding, Accept-Language, Cookie"
    assert german.headers["ETag"] != english.headers["ETag"]


def test_a_choice_outweighs_the_browser_and_leads_to_the_same_article(app: Flask) -> None:
    browser = app.test_client()
    chosen = browser.post(
        "/language",
        data={"language": "ar", "back": "/articles/reset"},
        headers={"Origin": "http://localhost"},
    )
    assert chosen.status_code == 303
    assert chosen.location == "/articles/reset-ar"
    page = browser.get("/articles/reset-ar", headers=GERMAN).text
    assert '<h1 lang="ar" dir="rtl">' in page
    assert '"inLanguage": "ar"' in page
    assert 'hreflang="de"' in page
    assert "إعادة" in browser.get("/", headers=GERMAN).text


@pytest.mark.parametrize("back", ["", "//evil.example/", "https://evil.example", "/articles/none"])
def test_a_choice_leads_nowhere_else(app: Flask, back: str) -> None:
    answer = app.test_client().post(
        "/language",
        data={"language": "de", "back": back},
        headers={"Origin": "http://localhost"},
    )
    assert answer.location in {"/", "/articles/none"}
    unknown = app.test_client().post(
        "/language", data={"language": "xx"}, headers={"Origin": "http://localhost"}
    )
    assert unknown.status_code == 400


def test_an_article_without_the_readers_language_says_so(app: Flask) -> None:
    page = app.test_client().get("/articles/install", headers=GERMAN).text
    assert "Dieser Artikel ist noch nicht auf" in page
    assert "Deutsch" in page
    same = app.test_client().get("/articles/install", headers=ENGLISH).text
    assert "not available" not in same


def test_an_old_translation_says_where_the_newer_text_is(app: Flask, database: Database) -> None:
    browser = app.test_client()
    assert "ist neuer" not in browser.get("/articles/reset-de", headers=GERMAN).text
    with database.writing() as db:
        reset = db.query(Article).filter_by(slug="reset").one()
        save_version(db, article=reset, words=Words("Reset it", "New."), by=None, now=now())
        publish(db, article=reset, by=None, now=now())
    page = browser.get("/articles/reset-de", headers=GERMAN).text
    assert "Das Original dieser Übersetzung ist neuer." in page
    assert 'href="/articles/reset"' in page


def test_search_finds_by_the_forms_of_the_readers_language(app: Flask) -> None:
    browser = app.test_client()
    page = browser.get("/search?q=Passwörter", headers=GERMAN).text
    assert "Passwort zurücksetzen" in page
    other = browser.get("/search?q=reset+passwords", headers=GERMAN).text
    assert "Passwort zurücksetzen" in other, "asked in English, read in German"
    assert other.count("Passwort zurücksetzen</a>") == 1
    assert "Reset a password" not in other
    fallback = browser.get("/search?q=installing", headers=GERMAN).text
    assert "Install the client" in fallback
    (row,) = browser.get("/search/suggestions?q=passw", headers=GERMAN).json["suggestions"]
    assert row["title"] == "Passwort zurücksetzen"
    assert "lang" not in row, "the page is in German too"
    (row,) = browser.get("/search/suggestions?q=install", headers=GERMAN).json["suggestions"]
    assert (row["lang"], row["dir"]) == ("en", "ltr")
    (row,) = browser.get("/search/suggestions?q=passw", headers=ENGLISH).json["suggestions"]
    assert row["title"] == "Reset a password"
    assert "lang" not in row


def test_small_words_of_the_readers_language_find_nothing_in_another(
    app: Flask, database: Database
) -> None:
    with database.writing() as db:
        article(db, "When a worker may die", slug="die", body="It dies when the power is cut.")
    indexing.catch_up(database, app.extensions["portal"].index)
    browser = app.test_client()
    found = "When a worker may die"
    assert found in browser.get("/search?q=die+Anlage", headers=ENGLISH).text
    assert found not in browser.get("/search?q=die+Anlage", headers=GERMAN).text
    assert found in browser.get("/search?q=worker+power", headers=GERMAN).text


def test_sitemap_and_feed_know_the_languages(app: Flask) -> None:
    browser = app.test_client()
    sitemap = browser.get("/sitemap.xml").text
    assert sitemap.count("<loc>http://localhost/articles/") == 4
    assert 'hreflang="ar" href="http://localhost/articles/reset-ar"' in sitemap
    feed = browser.get("/feed.xml", headers=GERMAN).text
    assert 'xml:lang="de"' in feed
    assert "Reset a password" not in feed


def test_a_library_in_one_language_looks_at_neither_cookie_nor_browser(
    make_app: MakeApp, database: Database
) -> None:
    with database.writing() as db:
        article(db, "Reset a password", slug="reset")
    browser = make_app().test_client()
    page = browser.get("/articles/reset", headers=GERMAN)
    assert page.headers["Vary"] == "Accept-Encoding"
    for sign in ("language", "hreflang", "dir="):
        assert sign not in page.text.lower().replace('"inlanguage": "en"', "")


@pytest.fixture
def desk(app: Flask, database: Database, make_person: MakePerson) -> FlaskClient:
    wren = make_person("wren@desk.example", role=Role.WRITER)
    with database.writing() as db:
        token = signing_in.sign_in(db, person=wren, by="password", now=now())
    browser = app.test_client()
    browser.set_cookie("sign-in", token, domain="localhost")
    return browser


def _post(desk: FlaskClient, path: str, **fields: str) -> str:
    token = hidden_fields(desk.get("/writing/synonyms").text)["csrf_token"]
    answer = desk.post(path, data={"csrf_token": token, **fields}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_a_writer_begins_a_translation_and_says_that_it_is_true(
    app: Flask, database: Database, desk: FlaskClient
) -> None:
    with database.reading() as db:
        install = db.query(Article).filter_by(slug="install").one().id
        reset = db.query(Article).filter_by(slug="reset").one().id
    assert "Translate into German" in desk.get(f"/writing/articles/{install}").text
    page = _post(desk, f"/writing/articles/{install}/translations", language="de")
    assert "This is a translation" in page
    assert "Run the installer once." in page
    again = _post(desk, f"/writing/articles/{install}/translations", language="de")
    assert "says the same in German already" in again
    refused = _post(desk, f"/writing/articles/{reset}/language", language="de")
    assert "stays in its language" in refused
    with database.writing() as db:
        original = db.get_one(Article, reset)
        save_version(db, article=original, words=Words("Reset it", "New."), by=None, now=now())
        publish(db, article=original, by=None, now=now())
        german = db.query(Article).filter_by(slug="reset-de").one().id
    assert "2 translations are out of date" in desk.get("/writing").text
    shown = desk.get("/writing?outdated=1").text
    assert "Passwort zurücksetzen" in shown
    assert "Install the client" not in shown
    assert "See what has changed" in desk.get(f"/writing/articles/{german}").text
    _post(desk, f"/writing/articles/{german}/translation")
    assert "1 translation is out of date" in desk.get("/writing").text


def test_settings_name_the_languages(settings: Settings) -> None:
    assert settings.library_languages == ("en",)
    assert create_app(settings) is not None
