"""B19: comments below an article, off until a writer opens them, held until one has read them."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.database import Database
from portal.knowledge.article import Article, Audience
from portal.knowledge.comment import Comment, CommentState
from portal.knowledge.commenting import MOST_A_DAY
from portal.mail.outbox import OutgoingMail
from portal.people.person import Role
from tests.search.library import article
from tests.web.conftest import MakeApp, MakePerson, SignInAs, hidden_fields

PLACE = "/articles/lamps"


@dataclass
class Scene:
    database: Database
    writer: FlaskClient
    contact: FlaskClient
    anyone: FlaskClient

    def post(self, who: FlaskClient, path: str, **fields: str) -> object:
        token = hidden_fields(who.get("/account").text)["csrf_token"]
        return who.post(path, data={"csrf_token": token, **fields})

    def switch(self, to: str) -> None:
        assert (
            self.post(self.writer, "/writing/articles/1/comments", comments=to).status_code == 303
        )

    def say(self, body: str) -> object:
        return self.post(self.contact, f"{PLACE}/comments", body=body)

    def states(self) -> list[CommentState]:
        with self.database.reading() as db:
            return [one.state for one in db.query(Comment).order_by(Comment.id)]


@pytest.fixture
def scene(app: Flask, database: Database, sign_in_as: SignInAs, make_person: MakePerson) -> Scene:
    with database.writing() as db:
        made = article(db, "How do lamps work?", slug="lamps")
        made.owner = "Wren Abara"
    writer = make_person("wren@desk.example", role=Role.WRITER, name="Wren Abara")
    contact = make_person("ines@customer.example", name="Ines Okafor")
    return Scene(database, sign_in_as(writer), sign_in_as(contact), app.test_client())


def test_B19_comments_are_off_then_held_then_read_then_closed(scene: Scene) -> None:
    assert "comment" not in scene.anyone.get(PLACE).text.lower()
    assert scene.contact.get(f"{PLACE}/comments").status_code == 404
    scene.switch("open")
    assert "No comments" in scene.anyone.get(PLACE).text
    assert "once we have read it" in scene.contact.get(scene.say("Mine hums.").location).text
    assert "Mine hums." not in scene.anyone.get(PLACE).text
    assert "Mine hums." in scene.writer.get("/writing/comments").text
    scene.post(scene.writer, "/writing/comments/1/approval")
    page = scene.anyone.get(PLACE).text
    assert "1 comment" in page
    assert "Ines O." in page
    assert "Okafor" not in page
    scene.switch("closed")
    assert "Comments are closed." in scene.anyone.get(PLACE).text
    assert "Mine hums." in scene.anyone.get(PLACE).text
    assert "Comments are closed here" in scene.say("More").text
    scene.switch("off")
    assert "Mine hums." not in scene.anyone.get(PLACE).text


def test_the_owner_of_the_article_is_told_in_the_same_transaction(scene: Scene) -> None:
    scene.switch("open")
    scene.say("Mine hums.")
    with scene.database.reading() as db:
        (mail,) = db.query(OutgoingMail).all()
    assert mail.recipient == "wren@desk.example"
    assert "How do lamps work?" in mail.subject
    assert "Mine hums." in mail.text
    assert "/writing/articles/1/comments" in mail.text


def test_a_reported_comment_waits_again_and_can_be_removed(scene: Scene) -> None:
    scene.switch("open")
    scene.say("Buy pills")
    scene.post(scene.writer, "/writing/comments/1/approval")
    assert "Nothing waits" in scene.writer.get("/writing/comments").text
    scene.post(scene.contact, f"{PLACE}/comments/1/report")
    assert "Reported" in scene.writer.get("/writing/comments").text
    assert "Buy pills" in scene.anyone.get(PLACE).text
    scene.post(scene.writer, "/writing/comments/1/removal")
    assert "Buy pills" not in scene.anyone.get(PLACE).text
    assert scene.states() == [CommentState.REMOVED]


def test_a_comment_is_plain_text_with_limits_and_once(scene: Scene) -> None:
    scene.switch("open")
    assert scene.say(" ").status_code == 422
    refused = scene.say("x" * 2_001)
    assert "Shorten this to 2,000" in refused.text
    assert "x" * 2_001 in refused.text
    for _ in range(2):
        scene.say("<script>evil()</script> **bold**")
    assert len(scene.states()) == 1
    scene.post(scene.writer, "/writing/comments/1/approval")
    page = scene.anyone.get(PLACE).text
    assert "&lt;script&gt;evil()&lt;/script&gt; **bold**" in page
    for n in range(MOST_A_DAY):
        last = scene.say(f"Number {n}")
    assert "enough for one day" in last.text
    assert len(scene.states()) == MOST_A_DAY


def test_nobody_comments_on_or_sees_comments_of_what_they_may_not_read(scene: Scene) -> None:
    scene.switch("open")
    scene.say("Mine hums.")
    scene.post(scene.writer, "/writing/comments/1/approval")
    with scene.database.writing() as db:
        db.get_one(Article, 1).audience = Audience.STAFF
    for path in (PLACE, f"{PLACE}/comments"):
        assert scene.contact.get(path).status_code == 404
    assert scene.say("Still here").status_code == 404
    assert scene.post(scene.contact, f"{PLACE}/comments/1/report").status_code == 404
    assert scene.anyone.get(f"{PLACE}/comments").status_code == 303
    assert scene.post(scene.contact, "/writing/comments/1/removal").status_code in {403, 404}
    assert scene.states() == [CommentState.SHOWN]


def test_an_operator_may_hold_none(
    make_app: MakeApp, scene: Scene, make_person: MakePerson
) -> None:
    app = make_app(comments_held=False)
    scene.switch("open")
    browser = app.test_client()
    browser.set_cookie("sign-in", scene.contact.get_cookie("sign-in").value)
    scene.post(browser, f"{PLACE}/comments", body="At once.")
    assert "At once." in app.test_client().get(PLACE).text
