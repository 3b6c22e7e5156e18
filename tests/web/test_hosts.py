"""Forty sets of headers that claim another host: none is believed, none gets into a link."""

import itertools
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.application import create_app, trusted_hosts
from portal.settings import Settings
from portal.web.access import Who, allow
from portal.web.addresses import absolute
from tests.web.conftest import MakeApp

EVIL = [
    "evil.example",
    "evil.example:80",
    "evil.example:443",
    "localhost.evil.example",
    "evil.example#localhost",
    "evil.example/localhost",
    "localhost@evil.example",
    "localhost:80@evil.example",
    "localhost\\.evil.example",
    "127.0.0.1",
    "[::1]",
    "0.0.0.0",
]
FORWARDED = [
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Server": "evil.example"},
    {"X-Host": "evil.example"},
    {"X-Original-Host": "evil.example"},
    {"X-Original-URL": "http://evil.example/"},
    {"X-Rewrite-URL": "http://evil.example/"},
    {"Forwarded": "host=evil.example;proto=https"},
    {"X-Forwarded-Proto": "javascript"},
    {"X-Forwarded-Port": "1337"},
    {"X-Forwarded-Prefix": "//evil.example"},
    {"X-Forwarded-For": "evil.example"},
    {"X-HTTP-Host-Override": "evil.example"},
    {"Origin": "http://evil.example"},
    {"Referer": "http://evil.example/"},
]
HEADER_SETS = (
    [{"Host": host} for host in EVIL]
    + FORWARDED
    + [{**one, **other} for one, other in itertools.pairwise(FORWARDED)]
    + [{"Host": "localhost", **one} for one in FORWARDED[:4]]
)


@pytest.fixture(scope="module", params=[0, 1], ids=["no proxy", "one proxy"])
def linking(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A portal that shows an absolute link on a page."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(
        home, "s" * 40, "http://localhost", "sqlite://", trusted_proxies=request.param
    )
    app = create_app(settings)

    @app.get("/links")
    @allow(Who.ANYONE)
    def links() -> str:
        return absolute("health.healthz")

    yield app
    app.extensions["portal"].database.close()


def test_forty_sets_are_tried() -> None:
    assert len(HEADER_SETS) >= 40


@pytest.mark.parametrize("headers", HEADER_SETS, ids=str)
def test_no_header_gets_into_a_link(linking: Flask, headers: dict[str, str]) -> None:
    answer = linking.test_client().get("/links", headers=headers)
    if answer.status_code == 200:
        assert answer.text == "http://localhost/healthz"
    else:
        assert answer.status_code == 400
    assert "evil.example" not in answer.text
    assert all("evil.example" not in value for value in answer.headers.values())


@pytest.mark.parametrize("host", EVIL)
def test_a_foreign_host_is_refused(linking: Flask, host: str) -> None:
    assert linking.test_client().get("/healthz", headers={"Host": host}).status_code == 400


def test_loopback_is_trusted_in_a_demonstration_only(make_app: MakeApp) -> None:
    app = make_app(demonstration=True)
    settings = app.extensions["portal"].settings
    assert "127.0.0.1" in trusted_hosts(settings)
    assert app.test_client().get("/healthz", headers={"Host": "127.0.0.1:8000"}).status_code == 200


def test_an_absolute_address_needs_no_request(make_app: MakeApp) -> None:
    app = make_app(base_url="https://help.example.com:8443")
    with app.app_context():
        address = absolute("account.link", token="abc", extra="1")
    assert address == "https://help.example.com:8443/sign-in/link/abc?extra=1"
