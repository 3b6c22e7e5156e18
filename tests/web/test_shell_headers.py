"""Every answer says the same of itself, pages, errors, files and kept pages alike."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.people.person import Person
from portal.web.access import Cache, Who, allow
from portal.web.assets import asset
from portal.web.pages import Page, public_page
from tests.web.conftest import MakeApp, SignInAs

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def _addresses(app: Flask) -> list[str]:
    @app.get("/kept")
    @allow(Who.ANYONE, cache=Cache.PUBLIC)
    @public_page
    def kept() -> Page:
        return Page("<p>kept</p>")

    @app.get("/fault")
    @allow(Who.ANYONE)
    def fault() -> str:
        raise RuntimeError("secret detail")

    with app.app_context():
        style = asset("css")
    return [
        "/kept",
        "/kept",
        "/kept?q=1",
        "/fault",
        "/none",
        "/sign-in",
        "/healthz",
        style,
        "/account",
    ]


def test_every_answer_is_guarded(app: Flask, client: FlaskClient) -> None:
    for address in _addresses(app):
        for method in ("GET", "HEAD", "POST", "OPTIONS"):
            headers = client.open(address, method=method).headers
            for name, value in ALWAYS.items():
                assert headers.get(name) == value, (address, method, name)
            policy = headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert "Cache-Control" in headers
            assert "Strict-Transport-Security" not in headers


def test_https_installations_insist_on_it(make_app: MakeApp) -> None:
    app = make_app(base_url="https://localhost")
    answer = app.test_client().get("/sign-in", base_url="https://localhost")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


@pytest.mark.parametrize("address", ["/", "/kept", "/account", "/none", "/sign-in"])
def test_nothing_that_a_signed_in_person_sees_is_stored(
    app: Flask, sign_in_as: SignInAs, ada: Person, address: str
) -> None:
    _addresses(app)
    assert sign_in_as(ada).get(address).headers["Cache-Control"] == "no-store"


def test_errors_are_never_stored(app: Flask, client: FlaskClient) -> None:
    _addresses(app)
    for address in ("/none", "/fault", "/articles/there-is-no-such-article"):
        assert client.get(address).headers["Cache-Control"] == "no-store"


def test_public_pages_set_no_cookie_and_vary_by_encoding_only(client: FlaskClient) -> None:
    for _ in range(2):
        answer = client.get("/")
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
