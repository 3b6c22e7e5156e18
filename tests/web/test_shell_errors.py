"""When something goes wrong: a page of the portal, a number, and nothing of the inside."""

import logging
import re
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from portal.people.person import Person
from portal.web.access import Who, allow
from tests.web.conftest import MakeApp, SignInAs, hidden_fields, token_of

CODES = [400, 403, 404, 405, 410, 413, 418, 422, 429, 500, 503]
INCIDENT = re.compile(r'class="incident">([0-9A-F]{4}-[0-9A-F]{4})<')


@pytest.fixture
def failing(app: Flask) -> FlaskClient:
    @app.get("/fail/<int:code>")
    @allow(Who.ANYONE)
    def fail(code: int) -> str:
        if code == 500:
            raise RuntimeError("secret detail of /srv/portal")
        if code == 503:
            raise OperationalError("SELECT secret", {}, Exception("database is locked"))
        abort(code)

    return app.test_client()


@pytest.mark.parametrize("code", CODES)
def test_an_error_is_a_page_with_a_number_that_stands_once_in_the_log(
    failing: FlaskClient, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "portal")
    answer = failing.get(f"/fail/{code}")
    assert answer.status_code == code
    assert '<main id="main"' in answer.text
    assert 'name="q"' in answer.text
    found = INCIDENT.search(answer.text)
    assert found
    assert sum(found[1] in record.getMessage() for record in caplog.records) == 1
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_a_caller_that_reads_json_gets_json(failing: FlaskClient) -> None:
    answer = failing.get("/fail/413", headers={"Accept": "application/json"})
    assert answer.status_code == 413
    assert answer.json is not None
    assert set(answer.json) == {"error", "incident"}


def test_a_failing_error_page_falls_back_to_a_plain_one(
    failing: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_values: object) -> str:
        raise RuntimeError("secret template fault")

    monkeypatch.setattr("portal.web.errors.render_template", broken)
    answer = failing.get("/fail/500")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "secret" not in answer.text


def test_an_error_page_needs_no_database(make_app: MakeApp, tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 100)
    app = make_app(database_url=f"sqlite:///{tmp_path / 'broken.db'}")
    answer = app.test_client().get("/nowhere")
    assert answer.status_code == 404
    assert app.test_client().get("/healthz").status_code == 503


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: FlaskClient) -> None:
    token = token_of(client)
    answer = client.post("/sign-in", data={"csrf_token": token, "email": "x" * 3_000_000})
    assert answer.status_code == 413


def test_too_many_fields_are_refused(client: FlaskClient) -> None:
    token = token_of(client)
    many = {f"field{number}": "x" for number in range(400)}
    answer = client.post(
        "/sign-in", data={"csrf_token": token, **many}, content_type="multipart/form-data"
    )
    assert answer.status_code == 413


def test_secrets_in_addresses_stay_out_of_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "portal")
    secret = "Zq3xK9mW2pLr8vTn5bYc7dFg"
    client.get(f"/sign-in/link/{secret}")
    client.get(f"/sign-in/link/{secret}/more?and={secret}")
    client.get(f"/sign-in/%0aforged%20line/{secret}")
    assert secret not in caplog.text
    assert "\nforged" not in caplog.text


def test_what_was_typed_into_an_outdated_form_can_be_sent_again(client: FlaskClient) -> None:
    typed = {"email": 'a"<b>@x.example', "password": "never shown", "note": "line\nline"}
    answer = client.post("/sign-in", data=typed, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    kept = hidden_fields(answer.text)
    assert kept["email"] == typed["email"]
    assert kept["note"] == typed["note"]
    assert "never shown" not in answer.text
    assert kept["csrf_token"]


def test_another_site_can_not_put_words_on_that_page(client: FlaskClient) -> None:
    answer = client.post(
        "/sign-in", data={"note": "not mine"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 400
    assert "not mine" not in answer.text


def test_what_was_typed_outlives_the_sign_in(sign_in_as: SignInAs, ada: Person) -> None:
    browser = sign_in_as(ada)
    token = token_of(browser, "/account")
    browser.delete_cookie("sign-in")
    answer = browser.post(
        "/account",
        data={"csrf_token": token, "name": "Ada Lovelace"},
        headers={"Origin": "http://localhost"},
    )
    assert answer.status_code == 403
    assert hidden_fields(answer.text)["name"] == "Ada Lovelace"
    assert 'href="/sign-in"' in answer.text
