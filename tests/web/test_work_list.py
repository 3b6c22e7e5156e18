"""The writers' work list in the browser: each item with what to do, in its row or one page on."""

from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select

from portal.knowledge.article import Article, Audience
from portal.people.person import Role
from tests.search.library import article
from tests.web.conftest import MakePerson, SignInAs
from tests.web.writers_desk import Desk, desk

__all__ = ["desk"]


def test_U1102_each_item_has_its_action_in_the_row_and_goes_away_when_done(desk: Desk) -> None:
    for _ in range(2):
        desk.search("zeppelin+landing")
    desk.work()
    page = desk.page()
    assert "zeppelin landing" in page
    for act in ("/writing/articles/new?title=zeppelin", "/writing/synonyms?phrases=zeppelin"):
        assert act in page
    assert f"/writing/work/{desk.item().id}#dismissal" in page
    assert "2, up from 0" in page
    with desk.database.writing() as db:
        article(db, "Zeppelin landing")
    desk.work()
    assert "zeppelin landing" not in desk.page()
    done = desk.page("done")
    assert "Found now" in done
    assert "Zeppelin landing</a>" in done


def test_a_question_led_to_an_article_finds_it_first_for_whoever_may_read_it(desk: Desk) -> None:
    with desk.database.writing() as db:
        secret = article(db, "Crew handbook", audience=Audience.STAFF).id
        shown = db.scalars(select(Article.id).where(Article.audience == Audience.PUBLIC)).one()
    desk.search("zeppelin+landing")
    desk.work()
    place = f"/writing/work/{desk.item().id}"
    assert "Choose the article" in desk.post(f"{place}/answer").text
    looked = desk.writer.get(f"{place}?q=password").text
    assert f'value="{shown}"' in looked
    assert desk.post(f"{place}/answer", article=str(shown)).status_code == 303
    assert "How do I reset my password?" in desk.search("landing+zeppelin")
    assert "How do I reset" in desk.writer.get("/writing/synonyms").text
    desk.post("/writing/directions/1/removal")
    assert "How do I reset my password?</a>" not in desk.search("zeppelin+landing")
    desk.work()
    desk.search("zeppelin+landing")
    desk.work()
    desk.post(f"{place}/answer", article=str(secret))
    assert "Crew handbook" not in desk.search("zeppelin+landing")
    assert "Crew handbook" in desk.writer.get("/search?q=zeppelin+landing").text


def test_a_synonym_written_for_an_item_says_what_it_changed(desk: Desk) -> None:
    desk.search("kennwort")
    desk.work()
    number = str(desk.item().id)
    form = desk.writer.get(f"/writing/synonyms?phrases=kennwort&item={number}").text
    assert 'value="kennwort"' in form
    sent = desk.post("/writing/synonyms", phrases="kennwort, password", item=number)
    page = desk.writer.get(sent.location).text
    assert "is off the work list: found now" in page
    assert "first: How do I reset my password?" in page
    assert desk.item().said_outcome == "Found now, by the words “kennwort = password”"


def test_a_synonym_that_changes_nothing_leaves_the_item_where_it_is(desk: Desk) -> None:
    desk.search("kennwort")
    desk.work()
    sent = desk.post("/writing/synonyms", phrases="kennwort, zeppelin", item=str(desk.item().id))
    assert "stays on the work list" in desk.writer.get(sent.location).text


def test_a_dismissal_needs_a_reason_and_can_be_undone(desk: Desk) -> None:
    desk.search("zeppelin+landing")
    desk.work()
    place = f"/writing/work/{desk.item().id}"
    refused = desk.post(f"{place}/dismissal", reason="")
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert desk.post(f"{place}/dismissal", reason="We have no airfield").status_code == 303
    assert "We have no airfield" in desk.page("dismissed")
    again = desk.post(f"{place}/dismissal", reason="Twice")
    assert "closed already" in desk.writer.get(again.location).text
    desk.post(f"{place}/taking-up")
    assert "zeppelin landing" in desk.page("failed")


def test_U1105_a_check_is_one_press(desk: Desk) -> None:
    with desk.database.writing() as db:
        one = db.scalars(select(Article)).one()
        one.verified_on, one.review_every_days = date(2025, 1, 1), 30
        number = one.id
    desk.work()
    assert "Still true today" in desk.page("overdue")
    desk.post(f"/writing/articles/{number}/verification")
    assert "Still true today" not in desk.page("overdue")
    assert "Checked on" in desk.page("done")


def test_agents_see_the_list_and_others_nothing(
    desk: Desk, client: FlaskClient, sign_in_as: SignInAs, make_person: MakePerson
) -> None:
    desk.search("zeppelin+landing")
    desk.work()
    agent = sign_in_as(make_person("ann@desk.example", role=Role.AGENT))
    assert "zeppelin landing" in agent.get("/writing/work").text
    assert client.get("/writing/work").status_code == 303
    contact = sign_in_as(make_person("c@acme.example"))
    assert contact.get("/writing/work").status_code in {403, 404}
    assert agent.get("/writing/searches").location.endswith("/writing/work")


def test_U1104_the_figures_say_what_they_mean(desk: Desk) -> None:
    desk.search("zeppelin+landing")
    desk.search("password")
    page = " ".join(desk.page().split())
    assert "50.0% <span" in page
    assert "of the searches found nothing" in page
