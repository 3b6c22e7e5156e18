"""A19: a product's link leads to its article, by product and version, wherever the article moves;
what is missing is counted and stands on the writers' work list.
"""

from datetime import UTC

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.clock import now as this_moment
from portal.database import Database
from portal.insight.work_item import WorkItem, WorkState
from portal.knowledge.addressing import change_slug
from portal.knowledge.article import Article, Audience
from portal.knowledge.help_key import HelpKeyDay
from portal.knowledge.helping import MOST_NEW_KEYS_A_DAY, note_asked, read_asked
from portal.knowledge.withdrawing import retire, unpublish
from tests.search.library import article
from tests.web.conftest import MakePerson, SignInAs
from tests.web.writers_desk import READER, Desk, desk

__all__ = ["desk"]


def _lead(desk: Desk, **fields: str) -> object:
    values = {"key": "orders.list", "article": "/articles/orders", "anchor": "", **fields}
    return desk.post("/writing/help-keys", **values)


@pytest.fixture
def orders(desk: Desk) -> int:
    with desk.database.writing() as db:
        body = "First.\n\n## Filter the list\n\nLike this."
        article(db, "Orders for version 5", slug="orders-5")
        return article(db, "How do I list orders?", slug="orders", body=body).id


def ask(client: FlaskClient, path: str) -> object:
    answer = client.get(path, headers=READER)
    answer.close()
    return answer


def test_A19_a_key_leads_to_its_article_at_its_place_wherever_that_moves(
    desk: Desk,
    orders: int,
    client: FlaskClient,
) -> None:
    assert _lead(desk, anchor="#section-filter-the-list").status_code == 303
    there = "/articles/orders#section-filter-the-list"
    assert ask(client, "/help/orders.list").location == there
    assert ask(client, "/help/Orders.List").location == there
    with desk.database.writing() as db:
        change_slug(
            db, article=db.get_one(Article, orders), slug="all-orders", by=None, now=this_moment()
        )
    assert ask(client, "/help/orders.list").location.startswith("/articles/all-orders#")
    with desk.database.writing() as db:
        heir = db.scalars(select(Article).where(Article.slug == "orders-5")).one()
        retire(db, article=db.get_one(Article, orders), heir=heir, by=None, now=this_moment())
    assert ask(client, "/help/orders.list").location == "/articles/orders-5"


def test_A19_what_is_for_a_product_and_its_version_comes_first(
    desk: Desk,
    orders: int,
    client: FlaskClient,
) -> None:
    _lead(desk)
    _lead(desk, article="orders-5", product="Shop", version="5")
    _lead(desk, key="other.key", article="orders-5")
    asked = {
        "/help/orders.list": "/articles/orders",
        "/help/orders.list?product=Shop": "/articles/orders",
        "/help/orders.list?product=shop&version=5": "/articles/orders-5",
        "/help/orders.list?product=Shop&version=6": "/articles/orders",
        "/help/other.key?product=Any": "/articles/orders-5",
    }
    assert {path: ask(client, path).location for path in asked} == asked


def test_what_may_not_be_read_and_what_is_not_there_look_the_same(
    desk: Desk,
    client: FlaskClient,
    sign_in_as: SignInAs,
    make_person: MakePerson,
) -> None:
    with desk.database.writing() as db:
        article(db, "Secret orders", slug="orders", audience=Audience.CUSTOMERS)
    _lead(desk)
    hidden, missing = ask(client, "/help/orders.list"), ask(client, "/help/orders.lost")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert "Secret" not in hidden.text
    assert hidden.text.replace("list", "lost") == missing.text.replace("list", "lost")
    contact = sign_in_as(make_person("c@acme.example"))
    assert ask(contact, "/help/orders.list").location == "/articles/orders"
    for nonsense in ("/help/%00", "/help/" + "x" * 200, "/help/a%20b", "/help/<b>"):
        assert ask(client, nonsense).status_code == 404


def test_A19_keys_without_an_article_are_counted_and_close_when_they_lead_somewhere(
    desk: Desk,
    orders: int,
    client: FlaskClient,
) -> None:
    for path in ("/help/orders.new", "/help/orders.new", "/help/orders.new?product=Shop"):
        ask(client, path)
    client.get("/help/orders.new", headers={"User-Agent": "somebot"}).close()
    desk.work()
    page = desk.page("help_key")
    assert "orders.new" in page
    assert "In Shop" in page
    with desk.database.reading() as db:
        counts = sorted(item.count for item in db.scalars(select(WorkItem)))
    assert counts == [1, 2]
    assert "2 keys without an article" in " ".join(
        desk.writer.get("/writing/help-keys").text.split()
    ).replace("</a>", "")
    _lead(desk, key="orders.new")
    with desk.database.reading() as db:
        states = {item.state for item in db.scalars(select(WorkItem))}
    assert states == {WorkState.DONE}
    ask(client, "/help/orders.new")
    desk.work()
    assert "orders.new" in desk.page("done")


def test_a_withdrawn_article_is_missed(
    desk: Desk,
    orders: int,
    client: FlaskClient,
) -> None:
    _lead(desk)
    with desk.database.writing() as db:
        unpublish(db, article=db.get_one(Article, orders), by=None, now=this_moment())
    assert ask(client, "/help/orders.list").status_code == 404
    desk.work()
    assert "orders.list" in desk.page("help_key")


def test_what_is_wrong_with_a_key_is_said_at_its_field(desk: Desk, orders: int) -> None:
    wrong = {
        "Use letters, digits": {"key": "not a key"},
        "no article at “nowhere”": {"article": "nowhere"},
        "has no place “there”": {"anchor": "there"},
        "Name the product": {"version": "5"},
        "Enter the key": {"key": ""},
    }
    for said, fields in wrong.items():
        refused = _lead(desk, **fields)
        assert refused.status_code == 422
        assert said in refused.text
    _lead(desk)
    desk.post("/writing/help-keys/1/removal")
    assert "No keys yet" in desk.writer.get("/writing/help-keys").text


@pytest.mark.usefixtures("time_stands")
def test_guessed_keys_do_not_fill_the_table(database: Database) -> None:
    with database.writing() as db:
        for n in range(MOST_NEW_KEYS_A_DAY + 20):
            note_asked(db, asked=read_asked(f"guess{n}"), now=this_moment().astimezone(UTC))
            db.flush()
        assert db.query(HelpKeyDay).count() == MOST_NEW_KEYS_A_DAY
