"""Who may read on a category: a writer says so on a page, and it holds for the next request."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.database import Database
from portal.knowledge.article import Audience, Category
from portal.people.person import Role
from portal.search import indexing
from portal.search.index import Query
from tests import cast
from tests.search.library import article, shelf
from tests.web.conftest import MakePerson, SignInAs
from tests.web.writers_desk import Desk, sit_down


@pytest.fixture
def desk(app: Flask, database: Database, sign_in_as: SignInAs, make_person: MakePerson) -> Desk:
    made = sit_down(app, database, sign_in_as, make_person)
    with database.writing() as db:
        cast.harbour_lines(db)
        outer, inner = shelf(db, "lamps", "Lamps"), shelf(db, "bulbs", "Bulbs")
        inner.parent_id = outer.id
        article(db, "How do bulbs work?", slug="bulbs", category=inner)
    return made


def _let_read(desk: Desk, slug: str, **fields: object) -> object:
    with desk.database.reading() as db:
        number = db.query(Category).filter_by(slug=slug).one().id
    return desk.post(f"/writing/categories/{number}", **fields)


def test_what_a_category_says_holds_at_once_for_all_within_it(
    desk: Desk, client: FlaskClient, sign_in_as: SignInAs, make_person: MakePerson
) -> None:
    assert client.get("/articles/bulbs").status_code == 200
    assert "Lamps" in client.get("/").text
    assert _let_read(desk, "lamps", audience="customers").status_code == 303
    assert client.get("/articles/bulbs").status_code == 404
    assert client.get("/categories/bulbs").status_code == 404
    assert "Lamps" not in client.get("/").text
    contact = sign_in_as(make_person("c@acme.example"))
    assert contact.get("/articles/bulbs").status_code == 200
    _let_read(desk, "bulbs", audience="organisations", organisations=["harbour-lines"])
    assert contact.get("/articles/bulbs").status_code == 404
    _let_read(desk, "lamps", audience="public")
    _let_read(desk, "bulbs", audience="public")
    assert client.get("/articles/bulbs").status_code == 200


def test_the_index_follows_who_may_read_on_a_category(desk: Desk, app: Flask) -> None:
    index = app.extensions["portal"].index
    question = Query("bulbs", frozenset({"public"}))
    indexing.catch_up(desk.database, index)
    assert index.search(question).hits
    _let_read(desk, "lamps", audience="staff")
    indexing.catch_up(desk.database, index)
    assert not index.search(question).hits


def test_a_choice_of_organisations_names_at_least_one(desk: Desk) -> None:
    refused = _let_read(desk, "lamps", audience="organisations")
    assert refused.status_code == 422
    assert "Choose at least one organisation" in refused.text
    page = desk.writer.get("/writing/categories").text
    assert "Lamps" in page
    assert "Anyone" in page


def test_only_writers_change_who_may_read(
    desk: Desk, sign_in_as: SignInAs, make_person: MakePerson
) -> None:
    agent = sign_in_as(make_person("ann@desk.example", role=Role.AGENT))
    assert agent.get("/writing/categories").status_code == 200
    assert agent.get("/writing/categories/1").status_code == 404
    with desk.database.reading() as db:
        assert {one.audience for one in db.query(Category)} == {Audience.PUBLIC}
