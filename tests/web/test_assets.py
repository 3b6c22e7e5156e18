"""Static files: one bundle, addresses that change with the content, and nothing else is served."""

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.settings import SettingsError, check_accent, contrast
from portal.web.accent import DARK_GROUNDS, LIGHT_GROUNDS, accent_style, readable, text_on
from portal.web.assets import MissingAssetError, asset
from tests.web.conftest import MakeApp

ACCENTS = ["#1d5c8f", "#000000", "#7a0019", "#0b6462", "#5b2a86", "#b00020", "#004d00", "#767676"]


def test_all_style_sheets_are_one_file_that_is_kept_for_ever(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        address = asset("css")
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert plain.mimetype == "text/css"
    assert "immutable" in plain.headers["Cache-Control"]
    assert plain.text.index("@layer") < plain.text.index("--accent-light:#")
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == "Accept-Encoding"


def test_an_outdated_address_still_works_but_is_not_kept(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/static/0123456789abcdef/css/portal.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_address_changes_with_the_content(make_app: MakeApp) -> None:
    addresses = set()
    for accent in ("#1d5c8f", "#7a0019"):
        with make_app(accent=accent).app_context():
            addresses.add(asset("css"))
    assert len(addresses) == 2


@pytest.mark.parametrize(
    "name",
    [
        "../settings.toml",
        "%2e%2e/portal/settings.py",
        "css/../../pyproject.toml",
        "/etc/passwd",
        "css",
        "css/",
        "",
        "js/nothing.js",
        "..%5c..%5cpyproject.toml",
    ],
)
def test_nothing_but_static_files_is_served(app: Flask, client: FlaskClient, name: str) -> None:
    with app.app_context():
        folder = asset("css").removesuffix("css/portal.css")
    assert client.get(folder + name).status_code in {404, 308}


def test_a_template_that_names_a_missing_file_fails_at_once(app: Flask) -> None:
    with app.app_context(), pytest.raises(MissingAssetError, match=r"js/nothing\.js"):
        asset("js/nothing.js")


def test_the_logo_is_served_and_shown(make_app: MakeApp, tmp_path: Path) -> None:
    logo = tmp_path / "our logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    app = make_app(logo=str(logo))
    with app.app_context():
        address = asset("logo.svg")
    assert app.test_client().get(address).mimetype == "image/svg+xml"
    assert address in app.test_client().get("/").text


@pytest.mark.parametrize("logo", ["nowhere.svg", "logo.exe", "logo.html"])
def test_a_wrong_logo_is_refused_at_start(make_app: MakeApp, tmp_path: Path, logo: str) -> None:
    if logo != "nowhere.svg":
        (tmp_path / logo).write_text("x")
    with pytest.raises(SettingsError, match="PORTAL_LOGO"):
        make_app(logo=str(tmp_path / logo))


@pytest.mark.parametrize("accent", ACCENTS)
def test_every_accent_reads_on_light_and_dark(accent: str) -> None:
    check_accent(accent) if accent != "#767676" else None
    for grounds, towards in ((LIGHT_GROUNDS, 0.0), (DARK_GROUNDS, 1.0)):
        colour = readable(accent, grounds, towards)
        assert all(contrast(colour, ground) >= 4.5 for ground in grounds)
        assert contrast(text_on(colour), colour) >= 4.5
        assert colour in accent_style(accent)
