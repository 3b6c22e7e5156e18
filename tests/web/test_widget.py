"""Help in a frame: shown only by the sites that the operator named, to nobody in particular."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.database import Database
from portal.knowledge.article import Audience
from portal.people.person import Role
from portal.search import indexing
from portal.search.log import SearchRecord
from portal.settings import SettingsError, load_settings
from portal.web.help.widget import within_frame
from tests.search.library import article
from tests.web.conftest import MakeApp, MakePerson
from tests.web.writers_desk import READER

SITES = "https://app.example.com https://*.example.org"


@pytest.fixture
def framed(make_app: MakeApp, database: Database) -> FlaskClient:
    """A portal that two sites may show in a frame, with one answer for all and one for staff."""
    with database.writing() as db:
        article(
            db,
            "How do I list orders?",
            slug="orders",
            body="See [the others](other.md), [below](#section-more) or "
            "[elsewhere](https://example.net/).\n\n## More\n\nMore.",
        )
        article(db, "Orders, told to staff", slug="secret", audience=Audience.STAFF)
    app = make_app(widget_origins=SITES)
    indexing.catch_up(database, app.extensions["portal"].index)
    return app.test_client()


def policy(answer) -> dict[str, str]:
    said = (
        one.strip().partition(" ") for one in answer.headers["Content-Security-Policy"].split(";")
    )
    return {name: value for name, _, value in said}


def test_only_the_named_sites_may_show_it(framed: FlaskClient) -> None:
    for path in ("/widget", "/widget?q=orders", "/widget/articles/orders", "/widget/articles/no"):
        answer = framed.get(path)
        said = policy(answer)
        assert said["frame-ancestors"] == SITES, path
        assert said["default-src"] == "'none'"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    for path in ("/", "/search?q=orders", "/articles/orders", "/sign-in", "/widget/nothing"):
        answer = framed.get(path)
        assert policy(answer)["frame-ancestors"] == "'none'", path
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_without_a_named_site_it_refuses_to_be_framed(client: FlaskClient) -> None:
    answer = client.get("/widget")
    assert policy(answer)["frame-ancestors"] == "'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_it_searches_answers_in_place_and_goes_on_to_a_case(framed: FlaskClient) -> None:
    page = framed.get("/widget?q=orders").text
    assert "How do I list orders?" in page
    assert "/widget/articles/orders?q=orders" in page
    assert "/cases/new?q=orders" in page
    read = framed.get("/widget/articles/orders?q=orders").text
    assert "/cases/new?q=orders&amp;article=orders" in read
    assert "Set-Cookie" not in framed.get("/widget?q=orders", headers=READER).headers


def test_links_stay_in_the_frame_only_where_they_lead_to_answers() -> None:
    html = (
        '<a href="/articles/other-one#place">x</a> <a href="#here">y</a> '
        '<a aria-label="z" class="headerlink" href="#there">z</a> <a href="https://e.net/">w</a>'
    )
    assert within_frame(html) == (
        '<a target="_self" href="/widget/articles/other-one#place">x</a> '
        '<a target="_self" href="#here">y</a> '
        '<a aria-label="z" class="headerlink" target="_self" href="#there">z</a> '
        '<a href="https://e.net/">w</a>'
    )


def test_whoever_is_signed_in_the_frame_reads_as_a_stranger(
    make_app: MakeApp, database: Database, make_person: MakePerson, framed: FlaskClient
) -> None:
    from portal.clock import now
    from portal.people import signing_in

    agent = make_person("ann@desk.example", role=Role.AGENT)
    with database.writing() as db:
        token = signing_in.sign_in(db, person=agent, by="password", now=now())
    framed.set_cookie("sign-in", token)
    assert "told to staff" in framed.get("/search?q=orders").text
    for path in ("/widget?q=orders", "/widget?q=staff", "/widget/articles/secret"):
        assert "told to staff" not in framed.get(path).text
    closed = make_app(articles_access="signed_in", widget_origins=SITES).test_client()
    answer = closed.get("/widget?q=orders")
    assert answer.status_code == 200
    assert "How do I list" not in answer.text


def test_its_searches_stand_in_the_log_without_any_visit(
    framed: FlaskClient, database: Database
) -> None:
    framed.get("/widget?q=zeppelin", headers=READER).close()
    with database.reading() as db:
        assert db.scalars(select(SearchRecord.text)).all() == ["zeppelin"]


def test_the_script_stands_at_an_address_that_stays(framed: FlaskClient) -> None:
    answer = framed.get("/widget/v1.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert len(answer.data) < 6_000


@pytest.mark.parametrize(
    ("origins", "is_good"),
    [
        (SITES, True), ("http://localhost:9000", True), ("*", False), ("https://a.b/x", False),
        ("https://a.example; script-src *", False), ("https://*", False), ("'self'", False),
        ("javascript:x", False), ("https://a.example\nX: y", False),
    ],
)  # fmt: skip
def test_a_setting_that_would_open_more_than_it_says_is_refused(
    home, origins: str, is_good: bool
) -> None:
    told = {
        "PORTAL_HOME": str(home),
        "PORTAL_SECRET": "s" * 40,
        "PORTAL_BASE_URL": "http://localhost",
        "PORTAL_WIDGET_ORIGINS": origins,
    }
    if is_good:
        assert load_settings(told).widget_sites == tuple(origins.split())
    else:
        with pytest.raises(SettingsError, match="PORTAL_WIDGET_ORIGINS"):
            load_settings(told)
