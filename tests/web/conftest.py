"""A whole portal for each test, spoken to as a browser would."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.application import create_app
from portal.clock import now as this_moment
from portal.database import Database
from portal.people import signing_in
from portal.people.person import Person, Role
from portal.people.registering import add_person
from portal.settings import Settings

SignInAs = Callable[[Person], FlaskClient]
MakePerson = Callable[..., Person]


@pytest.fixture
def settings(home: Path, database_url: str) -> Settings:
    return Settings(
        home=home,
        secret="s" * 40,
        base_url="http://localhost",
        database_url=database_url,
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    app.extensions["portal"].database.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that accepts cookies and is signed in nowhere."""
    return app.test_client()


@pytest.fixture
def sign_in_as(app: Flask, database: Database) -> SignInAs:
    """A new browser in which `person` is signed in."""

    def sign_in(person: Person) -> FlaskClient:
        with database.writing() as db:
            token = signing_in.sign_in(db, person=person, by="password", now=this_moment())
        browser = app.test_client()
        browser.set_cookie("sign-in", token, domain="localhost")
        return browser

    return sign_in


@pytest.fixture
def make_person(database: Database) -> MakePerson:
    """Take up a person, committed: make_person("ada@example.com", role=Role.AGENT, ...)."""

    def make(
        email: str, *, role: Role = Role.CONTACT, now: datetime | None = None, **more: Any
    ) -> Person:
        name = more.pop("name", email.partition("@")[0].title())
        with database.writing() as db:
            db.expire_on_commit = False
            return add_person(
                db, email=email, name=name, role=role, now=now or this_moment(), **more
            )

    return make
