"""Signing in and out: by password or mailed link, and what ends it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.database import Database
from portal.mail.outbox import OutgoingMail
from portal.people import registering, sign_in_links
from portal.people.person import Person, Role
from portal.people.sign_in import SignIn
from tests.web.conftest import PASSWORD, MakePerson, SignInAs, hidden_fields, token_of

START = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def _sign_in(browser: FlaskClient, email: str, password: str, **more: str) -> TestResponse:
    data = {"csrf_token": token_of(browser), "email": email, "password": password, **more}
    return browser.post("/sign-in", data=data)


def _is_signed_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def _cookie(browser: FlaskClient) -> str:
    cookie = browser.get_cookie("sign-in")
    assert cookie is not None
    return cookie.value


def test_the_right_password_signs_in(client: FlaskClient, ada: Person) -> None:
    answer = _sign_in(client, " ADA@customer.example ", PASSWORD)
    assert answer.status_code == 303
    assert answer.location == "/cases"
    assert _is_signed_in(client)


@pytest.mark.parametrize(
    ("role", "page"),
    [(Role.WRITER, "/writing"), (Role.AGENT, "/desk"), (Role.ADMINISTRATOR, "/desk")],
)
def test_each_role_begins_at_its_place(
    client: FlaskClient, make_person: MakePerson, role: Role, page: str
) -> None:
    make_person("sam@desk.example", role=role, password=PASSWORD)
    assert _sign_in(client, "sam@desk.example", PASSWORD).location == page


def test_one_returns_to_where_one_was_going(client: FlaskClient, ada: Person) -> None:
    asked = client.get("/account?tab=zone", follow_redirects=True)
    wanted = hidden_fields(asked.text)["next"]
    assert wanted == "/account?tab=zone"
    assert _sign_in(client, ada.email, PASSWORD, next=wanted).location == wanted


def test_sign_in_never_leads_off_the_site(client: FlaskClient, ada: Person) -> None:
    answer = _sign_in(client, ada.email, PASSWORD, next="//evil.example/account")
    assert answer.location == "/cases"


def test_known_and_unknown_addresses_get_the_same_answer(app: Flask, ada: Person) -> None:
    known = _sign_in(app.test_client(), ada.email, "wrong password")
    unknown = _sign_in(app.test_client(), "eve@customer.example", "wrong password")
    assert known.status_code == unknown.status_code == 422
    assert _without_secrets(known, ada.email) == _without_secrets(unknown, "eve@customer.example")
    assert _names(known) == _names(unknown)


def test_asking_for_a_link_answers_the_same_for_unknown_addresses(app: Flask, ada: Person) -> None:
    answers = []
    for email in (ada.email, "eve@customer.example"):
        browser = app.test_client()
        data = {"csrf_token": token_of(browser, "/sign-in/link"), "email": email}
        answers.append(browser.post("/sign-in/link", data=data))
    known, unknown = answers
    assert known.status_code == unknown.status_code == 200
    assert _without_secrets(known, ada.email) == _without_secrets(unknown, "eve@customer.example")
    assert _names(known) == _names(unknown)


def test_only_the_owner_of_a_known_address_gets_a_mail(
    client: FlaskClient, ada: Person, database: Database
) -> None:
    for email in ("eve@customer.example", ada.email):
        client.post("/sign-in/link", data={"csrf_token": token_of(client), "email": email})
    with database.reading() as db:
        assert [mail.recipient for mail in db.scalars(select(OutgoingMail))] == [ada.email]


def test_no_more_than_three_links_are_mailed_at_a_time(
    client: FlaskClient, ada: Person, database: Database
) -> None:
    for _ in range(6):
        client.post("/sign-in/link", data={"csrf_token": token_of(client), "email": ada.email})
    with database.reading() as db:
        assert len(db.scalars(select(OutgoingMail)).all()) == 3


def test_a_mailed_link_signs_in_once_and_only_by_its_button(
    app: Flask, ada: Person, database: Database
) -> None:
    with database.writing() as db:
        token = sign_in_links.issue(db, person=ada, now=datetime.now(UTC))
    scanner = app.test_client()
    for _ in range(3):
        assert scanner.get(f"/sign-in/link/{token}").status_code == 200
    assert not _is_signed_in(scanner)
    browser = app.test_client()
    page = browser.get(f"/sign-in/link/{token}")
    assert page.headers["Cache-Control"] == "no-store"
    answer = browser.post(f"/sign-in/link/{token}", data=hidden_fields(page.text))
    assert answer.status_code == 303
    assert _is_signed_in(browser)
    again = app.test_client()
    assert again.get(f"/sign-in/link/{token}").status_code == 410
    token_again = token_of(again)
    answer = again.post(f"/sign-in/link/{token}", data={"csrf_token": token_again})
    assert answer.status_code == 410
    assert not _is_signed_in(again)


def test_a_mailed_link_leads_on_to_where_one_was_going(
    client: FlaskClient, ada: Person, database: Database
) -> None:
    data = {"csrf_token": token_of(client), "email": ada.email, "next": "/account"}
    client.post("/sign-in/link", data=data)
    with database.writing() as db:
        token = sign_in_links.issue(db, person=ada, now=datetime.now(UTC))
    answer = client.post(f"/sign-in/link/{token}", data={"csrf_token": token_of(client)})
    assert answer.location == "/account"
    assert client.get_cookie("going-to") is None


def test_signing_in_gives_a_new_name_each_time(
    app: Flask, client: FlaskClient, ada: Person
) -> None:
    client.set_cookie("sign-in", "chosen-by-somebody-else", domain="localhost")
    _sign_in(client, ada.email, PASSWORD)
    first = _cookie(client)
    assert first != "chosen-by-somebody-else"
    other = app.test_client()
    _sign_in(other, ada.email, PASSWORD)
    assert _cookie(other) != first


def test_the_database_does_not_hold_what_is_in_the_cookie(
    client: FlaskClient, ada: Person, database: Database
) -> None:
    _sign_in(client, ada.email, PASSWORD)
    with database.reading() as db:
        stored = db.scalars(select(SignIn.token_hash)).all()
    assert stored
    assert _cookie(client) not in stored


def test_signing_out_ends_it_on_the_server_too(
    app: Flask, client: FlaskClient, ada: Person
) -> None:
    _sign_in(client, ada.email, PASSWORD)
    stolen = _cookie(client)
    client.post("/sign-out", data={"csrf_token": token_of(client, "/account")})
    assert client.get_cookie("sign-in") is None
    thief = app.test_client()
    thief.set_cookie("sign-in", stolen, domain="localhost")
    assert not _is_signed_in(thief)


@pytest.mark.parametrize(
    ("role", "idle", "longest"),
    [
        (Role.CONTACT, timedelta(hours=12), timedelta(days=14)),
        (Role.AGENT, timedelta(hours=2), timedelta(hours=12)),
    ],
)
def test_a_sign_in_ends_by_idleness_and_by_age(
    make_person: MakePerson, sign_in_as: SignInAs, role: Role, idle: timedelta, longest: timedelta
) -> None:
    person = make_person("sam@desk.example", role=role)
    with time_machine.travel(START, tick=False) as clock:
        idler, worker = sign_in_as(person), sign_in_as(person)
        clock.shift(idle - timedelta(minutes=1))
        assert _is_signed_in(idler)
        clock.shift(idle)
        assert not _is_signed_in(idler)
        assert idler.get_cookie("sign-in") is None
        clock.move_to(START)
        while datetime.now(UTC) - START < longest - idle:
            assert _is_signed_in(worker)
            clock.shift(idle - timedelta(minutes=5))
        clock.move_to(START + longest)
        assert not _is_signed_in(worker)


def test_use_is_noted_at_most_once_a_minute(
    ada: Person, sign_in_as: SignInAs, database: Database
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        browser = sign_in_as(ada)
        for seconds, noted in ((59, 0), (2, 61), (30, 61), (31, 122)):
            clock.shift(seconds)
            browser.get("/account")
            with database.reading() as db:
                used_at = db.scalars(select(SignIn.used_at)).one()
            assert used_at == START + timedelta(seconds=noted)


def test_disabling_a_person_or_changing_the_role_ends_every_sign_in(
    sign_in_as: SignInAs, make_person: MakePerson, database: Database
) -> None:
    boss = make_person("boss@desk.example", role=Role.ADMINISTRATOR)
    for act in ("disable", "role"):
        person = make_person(f"{act}@desk.example", role=Role.AGENT)
        browser = sign_in_as(person)
        assert _is_signed_in(browser)
        with database.writing() as db:
            found = db.get_one(Person, person.id)
            by = db.get_one(Person, boss.id)
            if act == "disable":
                registering.disable(db, person=found, by=by, now=datetime.now(UTC))
            else:
                registering.change_role(
                    db, person=found, role=Role.WRITER, by=by, now=datetime.now(UTC)
                )
        assert not _is_signed_in(browser)


@pytest.mark.usefixtures("time_stands")
def test_guessing_is_slowed_down_without_locking_the_owner_out(app: Flask, ada: Person) -> None:
    owner = app.test_client()
    _sign_in(owner, ada.email, PASSWORD)
    for number in range(130):
        guesser = app.test_client()
        address = {"REMOTE_ADDR": f"203.0.113.{number % 200}"}
        data = {"csrf_token": token_of(guesser), "email": ada.email, "password": "guess number 1"}
        answer = guesser.post("/sign-in", data=data, environ_overrides=address)
    assert answer.status_code == 429
    assert _sign_in(app.test_client(), ada.email, PASSWORD).status_code == 303


@pytest.mark.usefixtures("time_stands")
def test_ten_wrong_tries_from_one_place_are_enough(app: Flask, ada: Person) -> None:
    client = app.test_client()
    codes = [_sign_in(client, ada.email, "wrong password").status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]
    assert _sign_in(client, ada.email, PASSWORD).status_code == 429


def test_a_new_password_signs_out_everywhere_else(sign_in_as: SignInAs, ada: Person) -> None:
    here, elsewhere = sign_in_as(ada), sign_in_as(ada)
    data = {"csrf_token": token_of(here, "/account"), "current": PASSWORD}
    answer = here.post("/account/password", data=data | {"password": "a blue kite over Oslo"})
    assert answer.status_code == 303
    assert _is_signed_in(here)
    assert not _is_signed_in(elsewhere)


@pytest.mark.parametrize(
    ("current", "new", "told"),
    [
        ("not it at all", "a blue kite over Oslo", "not your current password"),
        (PASSWORD, "short", "8 characters or more"),
        (PASSWORD, "password123", "Choose another password"),
        (PASSWORD, "x" * 1_025, "1,024 characters or fewer"),
    ],
)
def test_a_bad_change_of_password_says_what_to_do(
    sign_in_as: SignInAs, ada: Person, current: str, new: str, told: str
) -> None:
    browser = sign_in_as(ada)
    data = {"csrf_token": token_of(browser, "/account"), "current": current, "password": new}
    answer = browser.post("/account/password", data=data)
    assert answer.status_code == 422
    assert told in answer.text


def test_the_profile_keeps_name_telephone_and_zone(
    sign_in_as: SignInAs, ada: Person, database: Database
) -> None:
    browser = sign_in_as(ada)
    data = {
        "csrf_token": token_of(browser, "/account"),
        "name": "  Ada <Lovelace> ",
        "phone": "+44 20 5550100",
        "time_zone": "Europe/London",
    }
    answer = browser.post("/account", data=data, follow_redirects=True)
    assert "Your profile is saved." in answer.text
    assert "Ada &lt;Lovelace&gt;" in answer.text
    with database.reading() as db:
        person = db.get_one(Person, ada.id)
        assert (person.name, person.time_zone) == ("Ada <Lovelace>", "Europe/London")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "Ada\u202eevil"},
        {"name": "x" * 201},
        {"time_zone": "Mars/Base"},
        {"phone": "12 34 is too short"},
    ],
)
def test_a_wrong_profile_is_refused_and_what_was_typed_stays(
    sign_in_as: SignInAs, ada: Person, change: dict[str, str]
) -> None:
    browser = sign_in_as(ada)
    data = {
        "csrf_token": token_of(browser, "/account"),
        "name": "Ada",
        "phone": "12 34 5",
        **change,
    }
    answer = browser.post("/account", data={"time_zone": "", **data})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "12 34" in answer.text


def _without_secrets(answer: TestResponse, email: str) -> str:
    token = hidden_fields(answer.text).get("csrf_token", "-")
    return answer.text.replace(token, "").replace(email, "")


def _names(answer: TestResponse) -> list[str]:
    return [name for name, _ in answer.headers if name != "Set-Cookie"]
