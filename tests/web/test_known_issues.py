"""Known issues stand above search and form from the next request on, until they are ended."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.cases.policies import adopt
from portal.database import Database
from portal.events import Event
from portal.knowledge.article import Audience
from portal.mail.outbox import OutgoingMail
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


SLOW = {"title": "Exports are slow", "text": "Soon.", "status": "workaround", "is_on_bar": "y"}


def post(agent: Visitor, **more: str) -> None:
    words = {
        "title": "Exports are down",
        "text": "We work on it.",
        "status": "investigating",
        "is_on_bar": "y",
        **more,
    }
    agent.send("/desk/known-issues", **words)


def update(agent: Visitor, **words: str) -> None:
    """Say what is new on the page of the first issue."""
    agent.send("/desk/known-issues/1", seen=seen(agent), **words)


def seen(agent: Visitor) -> str:
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', agent.open("/desk/known-issues/1"))
    return found.group(1) if found else ""


def test_of_two_who_write_about_an_issue_the_second_is_told_and_loses_nothing(
    agent: Visitor, client: FlaskClient
) -> None:
    post(agent)
    shown = seen(agent)
    update(agent, **SLOW)
    agent.send("/desk/known-issues/1", **{**SLOW, "title": "Exports crawl"}, seen=shown)
    assert agent.status == 409
    assert "Somebody else changed this while you were writing" in agent.text
    assert "Exports are slow" in agent.text
    assert 'value="Exports crawl"' in agent.page
    assert "Exports crawl" not in client.get("/").text
    again = re.search(r'name="seen"[^>]*value="([^"]*)"', agent.page)
    assert again
    agent.send("/desk/known-issues/1", **{**SLOW, "title": "Exports crawl"}, seen=again.group(1))
    assert "Exports crawl" in client.get("/").text


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
    update(agent, **SLOW)
    assert "Exports are slow" in client.get("/").text
    agent.send("/desk/known-issues/1/fix")
    assert "Exports are slow" not in client.get("/").text
    assert "Over" in agent.open("/desk/known-issues")


def test_every_step_leaves_an_event(agent: Visitor, database: Database) -> None:
    post(agent)
    update(agent, **SLOW)
    agent.send("/desk/known-issues/1/fix")
    agent.send("/desk/known-issues/1/fix")
    post(agent, title="No issue")
    agent.send("/desk/known-issues/2/withdrawal")
    with database.reading() as db:
        kinds = db.scalars(select(Event.kind).where(Event.kind.like("known_issue%"))).all()
    assert [kind.removeprefix("known_issue_") for kind in kinds] == [
        *("posted", "updated", "fixed"),
        *("posted", "withdrawn"),
    ]


def test_an_incident_links_only_what_everybody_may_read(
    agent: Visitor, client: FlaskClient
) -> None:
    post(agent, article="inside-only")
    assert agent.status == 422
    assert "No public article, nor a draft of one, has this address" in agent.page
    assert 'value="Exports are down"' in agent.page
    assert "Exports are down" not in client.get("/").text


def test_an_incident_that_is_over_is_not_updated(agent: Visitor, client: FlaskClient) -> None:
    post(agent)
    agent.send("/desk/known-issues/1/fix")
    agent.send("/desk/known-issues/1", title="Again", status="investigating")
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


def test_an_issue_that_is_not_urgent_stands_where_somebody_asks_about_it(
    agent: Visitor, client: FlaskClient
) -> None:
    post(agent, is_on_bar="", article="known-trouble-with-exports")
    assert "Exports are down" not in client.get("/").text
    for path in ("/search?q=exports+down", "/articles/known-trouble-with-exports"):
        page = client.get(path).text
        assert "We know this problem" in page, path
        assert "/known-issues/1" in page
    assert "We know this problem" not in client.get("/search?q=invoice+address").text


def test_a_draft_may_stand_behind_an_issue_until_it_is_published(
    agent: Visitor, client: FlaskClient, database: Database
) -> None:
    with database.writing() as db:
        article(db, "Draft about exports", is_published=False)
    post(agent, article="draft-about-exports")
    assert agent.status == 200
    assert "draft-about-exports" not in client.get("/known-issues/1").text


def test_the_next_customer_is_told_before_sending_and_waits_instead(
    agent: Visitor, client: FlaskClient
) -> None:
    post(agent)
    visitor = Visitor(client)
    visitor.open("/cases/new")
    visitor.send(
        "/cases/new", kind="problem", subject="The exports are down", description="Since nine."
    )
    assert visitor.path.endswith("/answers")
    assert "Exports are down" in visitor.text
    assert "Tell me when it is fixed" in visitor.text


def test_a_guest_waits_after_confirming_and_no_link_changes_anything_by_being_opened(
    agent: Visitor, client: FlaskClient, database: Database
) -> None:
    post(agent)
    guest = Visitor(client)
    guest.open("/known-issues/1")
    ask_for(guest, "gus@guest.example")
    assert "Look into your mail" in guest.text
    link = link_in(mails(database, "gus@guest.example")[0])
    guest.open(link)
    assert waiting(agent) == 0, "opening the link changes nothing"
    guest.send(f"{link}/confirmation")
    assert "We tell you when it is fixed" in guest.text
    assert waiting(agent) == 1
    guest.send(f"{link}/end")
    assert waiting(agent) == 0
    guest.send(f"{link}/confirmation")
    pressed = client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert (pressed.status_code, waiting(agent)) == (204, 0), "a mail program's unsubscribe"


def test_the_page_answers_the_same_for_every_address(
    agent: Visitor, client: FlaskClient, make_person: MakePerson
) -> None:
    make_person("ann@customer.example")
    post(agent)
    texts = []
    for address in ("ann@customer.example", "nobody@guest.example", "nobody@guest.example"):
        guest = Visitor(client)
        guest.open("/known-issues/1")
        ask_for(guest, address)
        texts.append(guest.text)
    assert len(set(texts)) == 1


def test_whoever_signed_in_waits_at_once_and_can_stop(
    agent: Visitor, make_person: MakePerson, sign_in_as: SignInAs
) -> None:
    post(agent)
    ann = Visitor(sign_in_as(make_person("ann@customer.example")))
    ann.open("/known-issues/1")
    ask_for(ann, "")
    assert "We write to ann@customer.example once" in ann.text
    assert waiting(agent) == 1
    ann.send("/known-issues/1/subscriptions/end")
    assert waiting(agent) == 0


def test_a_link_that_was_made_up_opens_nothing(agent: Visitor, client: FlaskClient) -> None:
    post(agent)
    for token in ("1-" + "0" * 40, "1", "-", "x-1", "99999999999-1", "1-é"):
        assert client.get(f"/known-issues/subscriptions/{token}").status_code == 404


def test_a_withdrawn_issue_is_gone_and_an_unknown_one_looks_the_same(
    agent: Visitor, client: FlaskClient
) -> None:
    post(agent)
    agent.send("/desk/known-issues/1/withdrawal")
    assert client.get("/known-issues/1").status_code == 404
    assert client.get("/known-issues/99").status_code == 404
    assert client.get(f"/known-issues/{10**18}").status_code == 404


def ask_for(visitor: Visitor, email: str) -> None:
    """Press "Tell me when it is fixed", as a browser would on a page without a token."""
    answer = visitor.client.post(
        "/known-issues/1/subscriptions",
        data={"email": email},
        headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        follow_redirects=True,
    )
    visitor._seen(answer)


def mails(database: Database, address: str) -> list[str]:
    with database.reading() as db:
        query = select(OutgoingMail.text).where(OutgoingMail.recipient == address)
        return list(db.scalars(query.order_by(OutgoingMail.id)))


def link_in(text: str) -> str:
    found = re.search(r"http://localhost(/known-issues/subscriptions/\S+)", text)
    assert found
    return found[1]


def waiting(agent: Visitor) -> int:
    agent.open("/desk/known-issues/1")
    found = re.search(r"(\d+) address(?:es)? waits?", agent.text)
    assert found
    return int(found[1])
