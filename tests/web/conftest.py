"""A whole portal for each test, spoken to as a browser would."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.application import create_app
from portal.clock import now as this_moment
from portal.database import Database
from portal.people import signing_in
from portal.people.person import Person, Role
from portal.people.registering import add_person
from portal.settings import Settings

PASSWORD = "an orange kite over Bergen"

SignInAs = Callable[[Person], FlaskClient]
MakePerson = Callable[..., Person]
MakeApp = Callable[..., Flask]


@pytest.fixture
def settings(home: Path, database_url: str) -> Settings:
    return Settings(
        home=home,
        secret="s" * 40,
        base_url="http://localhost",
        database_url=database_url,
    )


@pytest.fixture
def make_app(settings: Settings) -> Iterator[MakeApp]:
    """A portal with other settings: make_app(base_url="https://help.example.com")."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        made.append(create_app(replace(settings, **changes)))
        return made[-1]

    yield make
    for app in made:
        app.extensions["portal"].database.close()


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()


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


@pytest.fixture
def ada(make_person: MakePerson) -> Person:
    """A contact with a password."""
    return make_person("ada@customer.example", name="Ada Byron", password=PASSWORD)


@pytest.fixture
def time_stands() -> Iterator[None]:
    """For pages that are compared or counted: however slow the machine, no minute passes."""
    with time_machine.travel(this_moment(), tick=False):
        yield


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "input" and found.get("type") == "hidden" and "name" in found:
            self.fields[found["name"]] = found.get("value", "")


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms: what a browser would send along."""
    parser = _Hidden()
    parser.feed(page)
    return parser.fields


def token_of(browser: FlaskClient, path: str = "/sign-in") -> str:
    """A form token for this browser, from a page that has a form."""
    return hidden_fields(browser.get(path).text)["csrf_token"]
