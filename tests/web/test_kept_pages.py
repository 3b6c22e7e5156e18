"""A public page is made once, given to all, and never shown a moment longer than it is true."""

import gzip
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.clock import now as this_moment
from portal.database import Database
from portal.knowledge.noting import touch
from portal.people.person import Person
from portal.web.access import Cache, Who, allow
from portal.web.messages import tell
from portal.web.pages import Page, kept_pages, public_page
from tests.web.conftest import SignInAs


class Shop:
    """A page whose text the tests change behind the cache's back."""

    def __init__(self) -> None:
        self.text = "first"
        self.made = 0
        self.fresh_until: datetime | None = None


@pytest.fixture
def shop(app: Flask) -> Shop:
    shop = Shop()

    @app.get("/shop/<name>")
    @allow(Who.ANYONE, cache=Cache.PUBLIC)
    @public_page
    def view(name: str) -> Page:
        shop.made += 1
        tags = frozenset({f"article:{name}"})
        return Page(f"<p>{shop.text} {name} \u00e9</p>" * 50, tags, shop.fresh_until)

    @app.get("/told")
    @allow(Who.ANYONE)
    def told() -> str:
        tell("success", "It is done.")
        return "told"

    return shop


@pytest.fixture
def other_process(database: Database) -> Database:
    """Another process on the same data: it shares nothing with the portal but the file."""
    return database


def _publish(database: Database, *tags: str) -> None:
    with database.writing() as db:
        touch(db, *tags, now=this_moment())


def test_a_page_is_made_once(client: FlaskClient, shop: Shop) -> None:
    texts = {client.get("/shop/1").text for _ in range(5)}
    assert len(texts) == 1
    assert shop.made == 1


def test_what_another_process_publishes_is_seen_at_the_next_request(
    client: FlaskClient, shop: Shop, other_process: Database
) -> None:
    client.get("/shop/1")
    client.get("/shop/2")
    shop.text = "second"
    _publish(other_process, "article:1")
    assert "second" in client.get("/shop/1").text
    assert "first" in client.get("/shop/2").text
    assert shop.made == 3


def test_a_change_of_the_site_touches_every_page(
    client: FlaskClient, shop: Shop, other_process: Database
) -> None:
    client.get("/shop/1")
    shop.text = "second"
    _publish(other_process, "site")
    assert "second" in client.get("/shop/1").text


def test_a_flood_of_changes_drops_everything(
    client: FlaskClient, shop: Shop, other_process: Database
) -> None:
    client.get("/shop/1")
    shop.text = "second"
    _publish(other_process, *(f"article:{number}" for number in range(2, 1_500)))
    assert "second" in client.get("/shop/1").text


def test_a_page_made_while_something_was_published_is_not_kept(
    app: Flask, client: FlaskClient, other_process: Database
) -> None:
    made = []

    @app.get("/slow")
    @allow(Who.ANYONE, cache=Cache.PUBLIC)
    @public_page
    def slow() -> Page:
        made.append(1)
        if len(made) == 1:
            _publish(other_process, "article:1")
            app.test_client().get("/slow")
        return Page(f"made {len(made)}", frozenset({"article:1"}))

    client.get("/slow")
    count = len(made)
    client.get("/slow")
    client.get("/slow")
    assert len(made) <= count + 1


def test_a_page_ends_when_time_makes_it_wrong(client: FlaskClient, shop: Shop) -> None:
    shop.fresh_until = datetime.now(UTC) - timedelta(seconds=1)
    client.get("/shop/1")
    client.get("/shop/1")
    assert shop.made == 2
    shop.fresh_until = datetime.now(UTC) + timedelta(hours=1)
    client.get("/shop/1")
    client.get("/shop/1")
    assert shop.made == 3


def test_the_same_page_is_not_sent_twice(client: FlaskClient, shop: Shop) -> None:
    for _ in range(2):
        first = client.get("/shop/1", headers={"Accept-Encoding": "gzip"})
        again = client.get("/shop/1", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert again.data == b""
        assert again.headers["ETag"]
    shop.text = "second"
    assert client.get("/shop/9", headers={"If-None-Match": '"other"'}).status_code == 200


def test_packed_and_plain_say_the_same_under_different_tags(
    client: FlaskClient, shop: Shop
) -> None:
    for _ in range(2):
        packed = client.get("/shop/1", headers={"Accept-Encoding": "br, gzip"})
        plain = client.get("/shop/1")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["ETag"] != plain.headers["ETag"]
        assert int(plain.headers["Content-Length"]) == len(plain.data)


def test_head_tells_what_get_would(client: FlaskClient, shop: Shop) -> None:
    for _ in range(2):
        head, full = client.head("/shop/1"), client.get("/shop/1")
        assert head.data == b""
        assert head.headers["ETag"] == full.headers["ETag"]
        assert head.headers["Content-Length"] == full.headers["Content-Length"]


def test_first_and_kept_answers_have_the_same_headers(client: FlaskClient, shop: Shop) -> None:
    first, kept = client.get("/shop/1"), client.get("/shop/1")
    assert dict(first.headers) == dict(kept.headers)
    assert shop.made == 1


def test_signed_in_people_never_see_a_kept_page_nor_fill_one(
    client: FlaskClient, shop: Shop, sign_in_as: SignInAs, ada: Person
) -> None:
    browser = sign_in_as(ada)
    assert browser.get("/shop/1").headers["Cache-Control"] == "no-store"
    client.get("/shop/1")
    browser.get("/shop/1")
    client.get("/shop/1")
    assert shop.made == 3


def test_a_status_line_is_shown_once_and_to_nobody_else(app: Flask, shop: Shop) -> None:
    one, other = app.test_client(), app.test_client()
    other.get("/")
    one.get("/told")
    shown = one.get("/")
    assert "It is done." in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert "It is done." not in one.get("/").text
    assert "It is done." not in other.get("/").text


def test_questions_are_answered_but_not_kept(client: FlaskClient, shop: Shop) -> None:
    for number in range(3):
        client.get(f"/shop/1?q={number}")
    assert shop.made == 3


def test_an_unknown_host_gets_no_kept_page(client: FlaskClient, shop: Shop) -> None:
    client.get("/shop/1")
    assert client.get("/shop/1", headers={"Host": "evil.example"}).status_code == 400


def test_kept_pages_outlive_the_database(
    app: Flask, client: FlaskClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.knowledge.revisions import Revisions, RevisionsUnknownError

    client.get("/shop/1")

    def gone(_self: Revisions) -> int:
        raise RevisionsUnknownError("the disk is gone")

    monkeypatch.setattr(Revisions, "latest", gone)
    assert "first" in client.get("/shop/1").text
    assert shop.made == 1


def test_the_store_has_a_limit(
    app: Flask, client: FlaskClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.kept_pages.LARGEST_STORE_BYTES", 1_000)
    monkeypatch.setattr("portal.web.kept_pages.LARGEST_PLAIN_BYTES", 5_000)
    for number in range(50):
        client.get(f"/shop/{number}")
        client.get(f"/shop/{number}")
    with app.app_context():
        keeper = kept_pages()
    assert keeper._bytes <= 1_000
    assert keeper._bytes == sum(len(page.packed) for page in keeper._pages.values())
    assert keeper._plain_bytes == sum(len(body) for body in keeper._plain.values()) <= 5_000


def test_reads_are_counted_from_kept_pages_too(app: Flask, client: FlaskClient) -> None:
    counted: Counter[int] = Counter()

    @app.get("/read")
    @allow(Who.ANYONE, cache=Cache.PUBLIC)
    @public_page
    def read() -> Page:
        return Page("x", article_id=7)

    with app.app_context():
        keeper = kept_pages()
    keeper._reads._write = counted.update
    for _ in range(3):
        client.get("/read")
    client.head("/read")
    keeper.flush_reads()
    keeper.flush_reads()
    assert counted == {7: 3}
