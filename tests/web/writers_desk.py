"""A writer at the desk, readers beside it, and the worker: what the work list is tried with."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.clock import now as this_moment
from portal.database import Database
from portal.insight.reviewing import review
from portal.insight.work_item import WorkItem
from portal.people.person import Role
from portal.search import indexing
from tests.search.library import article
from tests.web.conftest import MakePerson, SignInAs, hidden_fields

READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"}


@dataclass
class Desk:
    """A writer's browser, a reader's, and the worker."""

    app: Flask
    database: Database
    writer: FlaskClient

    def search(self, text: str) -> str:
        reader = self.app.test_client()
        answer = reader.get(f"/search?q={text}", headers=READER, buffered=True)
        answer.close()  # what is kept is written once the answer is out
        return answer.text

    def work(self) -> None:
        index = self.app.extensions["portal"].index
        indexing.catch_up(self.database, index)
        with self.database.writing() as db:
            review(db, index, now=this_moment())

    def post(self, path: str, **fields: object) -> object:
        token = hidden_fields(self.writer.get("/writing/synonyms").text)["csrf_token"]
        return self.writer.post(path, data={"csrf_token": token, **fields})

    def page(self, which: str = "") -> str:
        return self.writer.get(f"/writing/work?list={which}").text

    def item(self) -> WorkItem:
        with self.database.reading() as db:
            return db.scalars(select(WorkItem)).one()


def sit_down(app: Flask, database: Database, sign_in_as: SignInAs, make_person: MakePerson) -> Desk:
    """A desk in front of a library with one article."""
    with database.writing() as db:
        article(db, "How do I reset my password?", body="Ask for a link.")
    made = Desk(app, database, sign_in_as(make_person("wren@desk.example", role=Role.WRITER)))
    made.work()
    return made


@pytest.fixture
def desk(app: Flask, database: Database, sign_in_as: SignInAs, make_person: MakePerson) -> Desk:
    return sit_down(app, database, sign_in_as, make_person)
