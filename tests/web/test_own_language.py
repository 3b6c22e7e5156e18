"""A person's own language: chosen once, it holds everywhere, for pages and for mail."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.cases.case import Case
from portal.cases.policies import adopt
from portal.database import Database
from portal.mail.outbox import OutgoingMail
from portal.people.person import Person
from portal.policy.profiles import profile_source
from tests.cast import LONG_AGO
from tests.web.conftest import PASSWORD, MakeApp, SignInAs, hidden_fields, token_of
from tests.web.support_visitor import Visitor

GERMAN = {"Accept-Language": "de"}
ENGLISH = {"Accept-Language": "en"}
FROM_HERE = {"Origin": "http://localhost"}


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app(languages="en de")


def language_of(database: Database, person: Person) -> str | None:
    with database.reading() as db:
        return db.get_one(Person, person.id).language


def test_the_profile_offers_the_languages_and_the_choice_outweighs_browser_and_cookie(
    ada: Person, sign_in_as: SignInAs
) -> None:
    browser = sign_in_as(ada)
    browser.set_cookie("language", "en", domain="localhost")
    page = browser.get("/account", headers=ENGLISH)
    assert '<option value="en" selected>English</option>' in page.text
    typed = hidden_fields(page.text) | {"name": "Ada", "phone": "", "time_zone": ""}
    saved = browser.post(
        "/account", data=typed | {"language": "de"}, headers=ENGLISH, follow_redirects=True
    )
    assert '<html lang="de">' in saved.text
    assert "Abmelden" in browser.get("/", headers=ENGLISH).text
    refused = browser.post("/account", data=typed | {"language": "xx"}, headers=ENGLISH)
    assert refused.status_code == 422
    assert "Das steht nicht zur Auswahl." in refused.text


def test_the_choice_of_language_is_the_persons_when_somebody_is_signed_in(
    ada: Person, sign_in_as: SignInAs, database: Database, client: FlaskClient
) -> None:
    chosen = {"language": "de", "back": "/"}
    client.post("/language", data=chosen, headers=FROM_HERE)
    assert language_of(database, ada) is None
    sign_in_as(ada).post("/language", data=chosen, headers=FROM_HERE)
    assert language_of(database, ada) == "de"
    elsewhere = sign_in_as(ada).get("/account", headers=ENGLISH)
    assert '<html lang="de">' in elsewhere.text


def test_a_persons_language_is_in_nobody_elses_pages(
    ada: Person, sign_in_as: SignInAs, client: FlaskClient
) -> None:
    hers = sign_in_as(ada)
    hers.post("/language", data={"language": "de", "back": "/"}, headers=FROM_HERE)
    assert "Wie können wir helfen?" in hers.get("/", headers=ENGLISH).text
    for _again in range(2):
        assert "How can we help?" in client.get("/", headers=ENGLISH).text


def test_the_first_sign_in_keeps_the_language_and_later_ones_do_not_change_it(
    app: Flask, ada: Person, database: Database
) -> None:
    for headers in (GERMAN, ENGLISH):
        browser = app.test_client()
        typed = {"email": ada.email, "password": PASSWORD, "csrf_token": token_of(browser)}
        assert browser.post("/sign-in", data=typed, headers=headers).status_code == 303
        assert language_of(database, ada) == "de"


def test_a_portal_in_one_language_neither_offers_nor_keeps_one(
    make_app: MakeApp, ada: Person, database: Database
) -> None:
    browser = make_app(languages="en").test_client()
    typed = {"email": ada.email, "password": PASSWORD, "csrf_token": token_of(browser)}
    browser.post("/sign-in", data=typed, headers=GERMAN)
    assert language_of(database, ada) is None
    assert 'name="language"' not in browser.get("/account").text


def test_a_sign_in_link_is_mailed_in_the_persons_language(
    app: Flask, ada: Person, sign_in_as: SignInAs, database: Database
) -> None:
    sign_in_as(ada).post("/language", data={"language": "de", "back": "/"}, headers=FROM_HERE)
    browser = app.test_client()
    typed = {"email": ada.email, "csrf_token": token_of(browser)}
    browser.post("/sign-in/link", data=typed, headers=ENGLISH)
    with database.reading() as db:
        mail = db.scalars(select(OutgoingMail)).one()
    assert "Anmelden" in mail.text
    assert "Sign in" not in mail.text


def test_a_guest_who_opens_a_case_in_german_is_written_to_in_german(
    app: Flask, database: Database
) -> None:
    with database.writing() as db:
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
    guest = Visitor(app.test_client())
    guest.client.set_cookie("language", "de", domain="localhost")
    guest.tell()
    guest.say_effect(part_down="yes")
    guest.accept()
    guest.give_details()
    guest.give_contact()
    guest.send_case()
    assert guest.heading == "Ihre Anfrage ist eingegangen"
    with database.reading() as db:
        case = db.scalars(select(Case)).one()
        mail = db.scalars(select(OutgoingMail)).one()
    assert case.contact_language == "de"
    assert '<html lang="de">' in mail.html
