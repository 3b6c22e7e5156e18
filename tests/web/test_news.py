"""News of releases in the browser: announced with one press, chosen in the profile, turned off."""

from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.clock import now as this_moment
from portal.database import Database
from portal.knowledge.article import ArticleType, Audience
from portal.mail.choices import Wish
from portal.mail.news_wishes import news_token, news_wish_of
from portal.mail.outbox import OutgoingMail
from portal.mail.release_news import tell_some
from portal.settings import Settings
from tests import cast
from tests.search.library import article
from tests.web.conftest import SignInAs, token_of


@pytest.fixture
def people(database: Database) -> cast.Cast:
    with database.writing() as db:
        db.expire_on_commit = False
        article(
            db, "Version 6 is here", slug="v6", type=ArticleType.RELEASE, applies_to=["IP Office 6"]
        )
        article(db, "Told to staff", type=ArticleType.RELEASE, audience=Audience.STAFF)
        return cast.everybody(db)


def test_A17_a_release_is_announced_with_one_press_and_mailed_by_the_worker(
    people: cast.Cast, database: Database, settings: Settings, sign_in_as: SignInAs
) -> None:
    writer = sign_in_as(people.writer)
    place = "/writing/articles/1/announcement"
    assert "Announce" in writer.get("/writing/articles/1").text
    page = " ".join(writer.get(place).text.split())
    assert "1 person of 1 organisation would be told" in page
    token = token_of(writer, "/account")
    for _ in range(2):
        writer.post(place, data={"csrf_token": token})
    assert "Mail is being written" in writer.get(place).text
    while tell_some(database, settings=settings, now=this_moment()):
        pass
    assert "Everybody is told" in writer.get(place).text
    with database.reading() as db:
        assert [mail.recipient for mail in db.query(OutgoingMail)] == [people.theo.email]


def test_A17_a_release_that_waits_is_announced_when_it_is_published(
    people: cast.Cast, database: Database, sign_in_as: SignInAs
) -> None:
    with database.writing() as db:
        made = article(
            db, "Version 7", summary="New.", type=ArticleType.RELEASE, is_published=False
        )
        place = f"/writing/articles/{made.id}"
    writer = sign_in_as(people.writer)
    assert f'action="{place}/announcement-plan"' in writer.get(f"{place}/publication").text
    token = token_of(writer, "/account")
    writer.post(f"{place}/announcement-plan", data={"csrf_token": token, "plans": ["standard"]})
    page = " ".join(writer.get(f"{place}/publication").text.split())
    assert "It is announced as soon as it is published, as Wren Abara decided." in page
    assert "Only for contracts of these plans: standard." in page
    assert writer.post(f"{place}/publication", data={"csrf_token": token}).status_code == 303
    assert "Mail is being written" in writer.get(f"{place}/announcement").text


def test_B16_a_contact_chooses_when_and_of_what(
    people: cast.Cast, database: Database, sign_in_as: SignInAs
) -> None:
    bea = sign_in_as(people.bea)
    page = bea.get("/account/news").text
    assert "IP Office 6" in page
    sent = bea.post(
        "/account/news",
        data={
            "csrf_token": token_of(bea, "/account/news"),
            "wish": "daily",
            "products": ["IP Office 6"],
            "categories": ["1"],
        },
    )
    page = bea.get(sent.location).text
    assert page.count("checked") == 3
    refused = bea.post(
        "/account/news",
        data={"csrf_token": token_of(bea, "/account/news"), "wish": "daily", "products": ["Nope"]},
    )
    assert refused.status_code == 422


def test_one_press_turns_news_off_and_opening_the_link_does_not(
    people: cast.Cast, database: Database, settings: Settings, client: FlaskClient
) -> None:
    path = f"/news/{news_token(settings, people.theo)}"
    assert "No more news by mail" in client.get(path).text
    with database.reading() as db:
        assert news_wish_of(db, people.theo.email) is Wish.AT_ONCE
    client.post(path, data={"List-Unsubscribe": "One-Click"})
    with database.reading() as db:
        assert news_wish_of(db, people.theo.email) is Wish.NEVER
    assert "You get no news" in client.get(path).text
    assert client.get("/news/1-nothing").status_code == 404


def test_releases_have_a_feed_of_what_anyone_may_read(
    people: cast.Cast, app: Flask, client: FlaskClient
) -> None:
    feed = client.get("/releases.xml")
    assert feed.mimetype == "application/atom+xml"
    titles = [one.text for one in ElementTree.fromstring(feed.text).iter() if "title" in one.tag]
    assert "Version 6 is here" in titles
    assert "Told to staff" not in titles
