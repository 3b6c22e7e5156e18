"""Deflection from the browser: what is counted, what is not, what staff and writers see."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.cases.policies import adopt
from portal.database import Database
from portal.insight.attempt import Filing, HelpAttempt, HelpSign, Sign
from portal.knowledge.article import Article
from portal.people.person import Role
from portal.policy.profiles import profile_source
from portal.search.indexing import catch_up
from portal.search.learned import LearnedVote
from tests.cast import LONG_AGO
from tests.search.library import article
from tests.web.conftest import MakePerson, SignInAs
from tests.web.support_visitor import Visitor

BROWSER = "Mozilla/5.0 (X11; Linux) Firefox/140.0"
SLUG = "why-does-the-printer-print-empty-pages"
SUBJECT = "The printer prints empty pages"
OWN = {"Origin": "http://localhost", "User-Agent": BROWSER}
AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@pytest.fixture
def library(database: Database, app: Flask) -> None:
    with database.writing() as db:
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        body = "Open the lid.\n\n## Clean the drum\n\nWipe the **drum** with a cloth."
        article(db, "Why does the printer print empty pages?", body=body, summary="Clean it.")
    catch_up(database, app.extensions["portal"].index)


def browser(app: Flask, **headers: str) -> FlaskClient:
    client = app.test_client()
    for name, value in {"User-Agent": BROWSER, **headers}.items():
        client.environ_base[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return client


def get(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    answer.close()  # what is kept is kept once the answer is out
    return answer.text


def kinds(database: Database) -> list[Sign]:
    with database.reading() as db:
        return list(db.scalars(select(HelpSign.kind).order_by(HelpSign.id)))


def token(page: str) -> str:
    return re.findall(r"from=([\w-]+)", page)[0]


@pytest.mark.usefixtures("library")
def test_the_best_answer_is_read_in_place_and_opens_at_its_passage(app: Flask) -> None:
    page = get(browser(app), "/search?q=printer+empty+pages+drum")
    assert "Read the answer here" in page
    assert "Wipe the <strong>drum</strong>" in page
    assert "Yes, this solved it" in page
    assert '#section-clean-the-drum">Why' in page


@pytest.mark.usefixtures("library")
def test_public_pages_begin_no_visit_and_a_search_does(app: Flask, database: Database) -> None:
    client = browser(app)
    for path in ("/", f"/articles/{SLUG}", "/categories/accounts"):
        assert client.get(path).headers.getlist("Set-Cookie") == []
    plain = client.get(f"/articles/{SLUG}").data
    get(client, "/search?q=printer")
    assert client.get_cookie("visit") is not None
    assert client.get(f"/articles/{SLUG}").data == plain
    assert kinds(database) == [Sign.SEARCHED, Sign.SHOWN]


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Googlebot/2.1"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
    ],
)
@pytest.mark.usefixtures("library")
def test_crawlers_and_pages_fetched_ahead_are_not_counted(
    app: Flask, database: Database, headers: dict[str, str]
) -> None:
    client = browser(app, **headers)
    get(client, "/search?q=printer")
    get(client, "/cases/new")
    assert client.get_cookie("visit") is None
    assert kinds(database) == []


@pytest.mark.usefixtures("library")
def test_staff_are_not_counted(
    app: Flask, database: Database, make_person: MakePerson, sign_in_as: SignInAs
) -> None:
    agent = sign_in_as(make_person("ann@desk.example", role=Role.AGENT))
    agent.environ_base["HTTP_USER_AGENT"] = BROWSER
    get(agent, "/search?q=printer")
    assert kinds(database) == []


def beacon(client: FlaskClient, kind: str, search: str = "") -> None:
    data = {"kind": kind, "place": "page", "from": search}
    assert client.post(f"/articles/{SLUG}/reading", data=data, headers=OWN).status_code == 204


@pytest.mark.usefixtures("library")
def test_an_article_is_read_after_twenty_seconds_and_not_before(
    app: Flask, database: Database
) -> None:
    client = browser(app)
    with time_machine.travel(AT, tick=False) as clock:
        search = token(get(client, "/search?q=printer"))
        beacon(client, "opened")
        clock.shift(timedelta(seconds=5))
        beacon(client, "read", search)
        assert Sign.READ not in kinds(database)
        clock.shift(timedelta(seconds=16))
        beacon(client, "read", search)
    assert kinds(database).count(Sign.READ) == 1
    with database.reading() as db:
        vote = db.scalars(select(LearnedVote)).one()
    assert vote.words == "printer"


@pytest.mark.usefixtures("library")
def test_reading_without_a_visit_keeps_nothing(app: Flask, database: Database) -> None:
    beacon(browser(app), "opened")
    assert kinds(database) == []
    foreign = {"Origin": "https://evil.example", "User-Agent": BROWSER}
    answer = browser(app).post(f"/articles/{SLUG}/reading", data={}, headers=foreign)
    assert answer.status_code in {400, 403}


@pytest.mark.usefixtures("library")
def test_solved_in_the_results_is_confirmed(
    app: Flask, database: Database, make_person: MakePerson, sign_in_as: SignInAs
) -> None:
    client = browser(app)
    search = token(get(client, "/search?q=printer+empty"))
    data = {"helped": "yes", "from": search, "place": "results"}
    client.post(f"/articles/{SLUG}/feedback", data=data, headers=OWN)
    assert Sign.SOLVED in kinds(database)
    writer = sign_in_as(make_person("wim@desk.example", role=Role.WRITER))
    page = writer.get("/writing/deflection").text
    assert "100.0% (20.7% to 100.0%, n = 1)" in page
    assert 'class="trend"' not in page  # a trend needs two weeks
    articles = writer.get("/writing/deflection/articles.csv").get_data(as_text=True)
    assert 'pages?","1","0","0","1","0","0.2065","1.0000"' in articles
    assert "solved" in writer.get("/writing/deflection/log.csv").get_data(as_text=True)


@pytest.mark.usefixtures("library")
def test_a_case_takes_it_back_and_staff_see_what_was_shown(
    app: Flask, database: Database, make_person: MakePerson, sign_in_as: SignInAs
) -> None:
    client = browser(app)
    visitor = Visitor(client)
    get(client, "/search?q=printer+empty")
    data = {"helped": "yes", "place": "results"}
    client.post(f"/articles/{SLUG}/feedback", data=data, headers=OWN)
    visitor.open("/cases/new?q=printer+empty")
    visitor.send("/cases/new", kind="problem", subject=SUBJECT, description="Since today.")
    assert visitor.heading == "These may solve it"
    visitor.send(f"{visitor.draft}/answers", outcome="continue")
    visitor.say_effect()
    visitor.accept()
    visitor.give_details()
    visitor.give_contact()
    visitor.send_case()
    reference = visitor.reference
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Filing)) == 1
        attempt = db.scalars(select(HelpAttempt)).one()
        assert "@" not in attempt.address
        assert attempt.address
        slug = db.scalars(select(Article.slug)).one()
    assert slug == SLUG
    agent = sign_in_as(make_person("ann@desk.example", role=Role.AGENT))
    page = agent.get("/writing/deflection").text
    assert "0.0% (0.0% to 79.3%, n = 1)" in page
    assert "1 of these had pressed" in page
    shown = agent.get(f"/desk/cases/{reference}").text
    assert "(read, in search" in shown


def test_deflection_pages_are_for_staff(client: FlaskClient) -> None:
    for path in ("/writing/deflection", "/writing/work", "/writing/deflection/log.csv"):
        assert client.get(path).status_code == 303
