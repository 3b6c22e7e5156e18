"""The service report on the desk, its tables as CSV, and what customers see of it."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from portal.cases.case import CaseStatus
from portal.cases.policies import adopt
from portal.cases.rating import rate
from portal.cases.responding import respond
from portal.clock import now as this_moment
from portal.database import Database
from portal.policy.profiles import profile_source
from tests import casework, cast
from tests.cast import LONG_AGO
from tests.web.conftest import MakeApp, SignInAs
from tests.web.support_visitor import Visitor

CASES = 21


@pytest.fixture
def people(database: Database) -> cast.Cast:
    """The cast, and so many solved cases, each answered within a minute; one customer rated."""
    at = this_moment() - timedelta(days=3)
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        found = cast.everybody(db)
        for _ in range(CASES):
            case = casework.opened(db, person=found.ines, now=at, priority="3")
            answered = at + timedelta(minutes=1)
            solved = CaseStatus.SOLVED
            respond(db, case=case, author=found.agent, body="Done.", then=solved, now=answered)
        rate(db, case=case, score=4, now=at + timedelta(hours=1))
    return found


def test_managers_read_the_figures_with_their_counts(
    people: cast.Cast, sign_in_as: SignInAs
) -> None:
    manager = Visitor(sign_in_as(people.manager))
    manager.open("/desk/service")
    assert f"100.0% (84.5% to 100.0%), n = {CASES}" in manager.text
    assert f"n = 1 of {CASES} who could answer" in manager.text
    assert "Not shown" not in manager.text
    sheet = manager.client.get("/desk/service/promises.csv").text
    assert f"{CASES}" in sheet
    assert "Opened again" in manager.client.get("/desk/service/reopened.csv").text


def test_only_managers_read_them(people: cast.Cast, sign_in_as: SignInAs) -> None:
    for who in (people.agent, people.writer, people.ines):
        browser = sign_in_as(who)
        for path in ("/desk/service", "/desk/service/promises.csv", "/desk/service/reopened.csv"):
            assert browser.get(path).status_code == 404, path


def test_customers_see_the_promises_where_the_organisation_publishes_them(
    people: cast.Cast, client: FlaskClient, make_app: MakeApp
) -> None:
    assert client.get("/promises").status_code == 404
    page = make_app(publishes_promises=True).test_client().get("/promises").text
    assert f"n = {CASES}" in page
    assert "Ines" not in page
