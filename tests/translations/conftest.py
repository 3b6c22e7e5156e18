"""The demonstration, served to people who read in the pseudo language."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import locale
from portal.application import create_app
from portal.clock import now
from portal.people import signing_in
from portal.people.person import Person
from portal.settings import load_settings
from tests.translations.crawling import Visitor
from tests.translations.pseudo import TAG, Pseudo

GUEST = "guest"


@pytest.fixture(scope="module")
def pseudo_app(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demonstration in English and in the pseudo language."""
    home = tmp_path_factory.mktemp("pseudo") / "home"
    shutil.copytree(demonstration, home)
    catalogue = Pseudo(locale.catalogue("de"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locale, "interface_languages", lambda: ("en", TAG))
        patch.setattr(locale, "catalogue", lambda _tag: catalogue)
        settings = replace(load_settings({"PORTAL_HOME": str(home)}), languages=f"en {TAG}")
        app = create_app(settings)
        yield app
        app.extensions["portal"].database.close()


@pytest.fixture(scope="module")
def visitors(pseudo_app: Flask) -> list[Visitor]:
    """A guest, and everybody of the demonstration who may sign in."""
    database = pseudo_app.extensions["portal"].database
    found = [Visitor(GUEST, _browser(pseudo_app))]
    with database.writing() as db:
        for person in db.scalars(select(Person).order_by(Person.id)):
            if person.may_sign_in:
                token = signing_in.sign_in(db, person=person, by="password", now=now())
                browser = _browser(pseudo_app)
                browser.set_cookie("sign-in", token, domain="127.0.0.1")
                found.append(Visitor(person.email, browser))
    return found


def _browser(app: Flask) -> FlaskClient:
    browser = app.test_client()
    browser.set_cookie("language", TAG, domain="127.0.0.1")
    return browser
