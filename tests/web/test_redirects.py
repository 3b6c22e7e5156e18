"""Eighty targets for a redirect: what leaves the site, or tries to, leads to the default page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.application import create_app
from portal.settings import Settings
from portal.web.redirects import safe_next


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One portal for all targets: nothing here changes it."""
    home: Path = tmp_path_factory.mktemp("home")
    app = create_app(Settings(home, "s" * 40, "http://localhost", "sqlite://"))
    yield app
    app.extensions["portal"].database.close()


HOSTILE = [
    "https://evil.example",
    "http://evil.example/sign-in",
    "HTTPS://EVIL.EXAMPLE",
    "//evil.example",
    "//evil.example/sign-in",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "/\\/evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/sign-in\\..\\x",
    "/%5cevil.example",
    "/%5Cevil.example/sign-in",
    "/%2fevil.example",
    "/%2Fevil.example/sign-in",
    "/%2f%2fevil.example",
    "/%252fevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/./evil.example",
    "/../evil.example",
    "/a/../sign-in",
    "/a/./sign-in",
    "/%2e/sign-in",
    "/%2e%2e/sign-in",
    "/%2e%2e//evil.example",
    "/sign-in/..",
    "/sign-in/.",
    "/sign-in//link",
    "/sign-in/%2flink",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "javascript://localhost/%0aalert(1)",
    "data:text/html,x",
    "vbscript:x",
    "blob:http://localhost/x",
    "file:///etc/passwd",
    "mailto:x@evil.example",
    "ftp://evil.example/",
    "\t//evil.example",
    " //evil.example",
    "\n//evil.example",
    "\r\n//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/sign-in\r\nSet-Cookie: a=b",
    "/sign-in%0d%0aSet-Cookie:%20a=b",
    "/sign-in\x00",
    "/sign-in%00",
    "/sign-in\x7f",
    "\x00/sign-in",
    "/\u2044evil.example",
    "/\uff0fevil.example",
    "\uff0f\uff0fevil.example",
    "/sign-in\u202e",
    "//evil\u3002example",
    "/\u00a0/evil.example",
    "sign-in",
    "./sign-in",
    "../sign-in",
    "?next=/sign-in",
    "#sign-in",
    "",
    "/not-a-page-of-ours",
    "/sign-out",
    "/account/password",
    "/healthz/",
    "http:sign-in",
    "http:/sign-in",
    "http:///sign-in",
    "https:evil.example",
    "//localhost@evil.example",
    "http://localhost@evil.example",
    "http://localhost/sign-in",
    "//user:pass@localhost/sign-in",
    "@evil.example",
    "/" + "a" * 3_000,
    "/sign-in?" + "q=1&" * 600,
]


def test_eighty_hostile_targets_are_tried() -> None:
    assert len(set(HOSTILE)) >= 80


@pytest.mark.parametrize("target", HOSTILE)
def test_a_hostile_target_leads_to_the_default_page(app: Flask, target: str) -> None:
    with app.app_context():
        assert safe_next(target, "/default") == "/default"


@pytest.mark.parametrize(
    "target",
    [
        "/sign-in",
        "/sign-in?next=%2Faccount",
        "/account",
        "/account#password",
        "/healthz",
        "/sign-in/link/abc-DEF_123",
        "/account?a=https://other.example/",
    ],
)
def test_a_page_of_the_portal_is_returned_to(app: Flask, target: str) -> None:
    with app.app_context():
        assert safe_next(target, "/default") == target


def test_no_target_leads_to_the_default_page(app: Flask) -> None:
    with app.app_context():
        assert safe_next(None, "/default") == "/default"
