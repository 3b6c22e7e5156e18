"""What tests of the desk's pages share: Aldo and Mai at the desk, and Nadia's two open cases."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from portal.cases.case import Case
from portal.clock import now as this_moment
from portal.database import Database
from portal.people.person import Person
from tests import casework, cast
from tests.web.conftest import SignInAs, hidden_fields


@dataclass
class Desk:
    """Aldo at the desk, Mai who manages it, and two open cases."""

    database: Database
    aldo: FlaskClient
    mai: FlaskClient
    people: dict[str, Person]
    phones: Case
    fax: Case

    def now(self, case: Case) -> Case:
        with self.database.reading() as db:
            found = db.get_one(Case, case.id)
            _ = found.assignee
            return found


@pytest.fixture
def desk(database: Database, sign_in_as: SignInAs) -> Desk:
    at = this_moment()
    with database.writing() as db:
        db.expire_on_commit = False
        casework.adopted(db, now=at)
        nadia = cast.nadia(db, cast.harbour_lines(db))
        aldo, mai = cast.agent(db), cast.manager(db)
        phones = casework.opened(db, person=nadia, now=at, subject="Phones don't ring")
        fax = casework.opened(db, person=nadia, now=at, subject="The fax is slow", priority="4")
    people = {"aldo": aldo, "mai": mai}
    return Desk(database, sign_in_as(aldo), sign_in_as(mai), people, phones, fax)


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def sent(client: FlaskClient, shown: str, action: str, **fields: object) -> str:
    """Send a form of the page at `shown` and follow to what it leads to."""
    hidden = {k: v for k, v in hidden_fields(page(client, shown)).items() if k != "view"}
    answer = client.post(action, data=hidden | fields, follow_redirects=True)
    assert answer.status_code in {200, 409, 422}
    return answer.text
