"""Known issues stand above search and form from the next request on, until they are ended."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.cases.policies import adopt
from portal.database import Database
from portal.events import Event
from portal.knowledge.article import Audience
from portal.people.person import Role
from portal.policy.profiles import profile_source
from tests.cast import LONG_AGO
from tests.search.library import article
from tests.web.conftest import MakePerson, SignInAs
from tests.web.support_visitor import Visitor


@pytest.fixture
def agent(database: Database, make_person: MakePerson, sign_in_as: SignInAs) -> Visitor:
    with database.writing() as db:
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        article(db, "Known trouble with exports")
        article(db, "Inside only", audience=Audience.STAFF)
    visitor = Visitor(sign_in_as(make_person("ann@desk.example", role=Role.AGENT)))
    visitor.open("/desk/known-issues")
    return visitor


def post(agent: Visitor, **more: str) -> None:
    words = {"title": "Exports are down", "text": "We work on it.", **more}
    agent.send("/desk/known-issues", **words)


def test_U104_an_incident_stands_above_the_search_with_its_last_update(
    agent: Visitor, client: FlaskClient
) -> None:
    assert "Exports are down" not in client.get("/").text
    post(agent, article="/articles/known-trouble-with-exports")
    page = client.get("/").text
    assert page.index("Exports are down") < page.index('role="search"', page.index("<main"))
    assert "Last update: <time" in page
    assert "/articles/known-trouble-with-exports" in page
    form = client.get("/cases/new").text
    assert form.index("Exports are down") < form.index("<h1")


def test_a_kept_page_follows_each_change_at_the_next_request(
    agent: Visitor, client: FlaskClient
) -> None:
    for _ in range(2):
        client.get("/")
    post(agent)
    assert "Exports are down" in client.get("/").text
    agent.open("/desk/known-issues/1")
    agent.send("/desk/known-issues/1", title="Exports are slow", text="Soon.")
    assert "Exports are slow" in client.get("/").text
    agent.open("/desk/known-issues")
    agent.send("/desk/known-issues/1/end")
    assert "Exports are slow" not in client.get("/").text
    assert "Over" in agent.page


def test_every_step_leaves_an_event(agent: Visitor, database: Database) -> None:
    post(agent)
    agent.send("/desk/known-issues/1", title="Exports are slow")
    agent.send("/desk/known-issues/1/end")
    agent.send("/desk/known-issues/1/end")
    with database.reading() as db:
        kinds = db.scalars(select(Event.kind).where(Event.kind.like("known_issue%"))).all()
    assert kinds == ["known_issue_posted", "known_issue_updated", "known_issue_ended"]


def test_an_incident_links_only_what_everybody_may_read(
    agent: Visitor, client: FlaskClient
) -> None:
    post(agent, article="inside-only")
    assert agent.status == 422
    assert "No public article has this address" in agent.page
    assert 'value="Exports are down"' in agent.page
    assert "Exports are down" not in client.get("/").text


def test_an_incident_that_is_over_is_not_updated(agent: Visitor, client: FlaskClient) -> None:
    post(agent)
    agent.send("/desk/known-issues/1/end")
    agent.send("/desk/known-issues/1", title="Again")
    assert "This issue is over" in agent.page
    assert "Again" not in client.get("/").text


def test_markup_in_an_incident_is_text(agent: Visitor, client: FlaskClient) -> None:
    post(agent, title="<b>Down</b>", text="<script>alert(1)</script>")
    page = client.get("/").text
    assert "<script>alert" not in page
    assert "&lt;b&gt;Down" in page


def test_only_those_who_work_cases_post_known_issues(
    agent: Visitor, make_person: MakePerson, sign_in_as: SignInAs
) -> None:
    writer = sign_in_as(make_person("wim@desk.example", role=Role.WRITER))
    assert writer.get("/desk/known-issues").status_code == 404
