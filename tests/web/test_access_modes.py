"""Articles and cases can each be kept for people with an account; accounts are approved (B10)."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import IntegerConverter

from portal.cases.access import issue_link
from portal.cases.policies import adopt
from portal.clock import now as this_moment
from portal.database import Database
from portal.mail.outbox import OutgoingMail
from portal.people import signing_in
from portal.people.account_request import AccountRequest, Outcome
from portal.people.person import Person
from portal.policy.profiles import profile_source
from tests import casework, cast
from tests.cast import LONG_AGO
from tests.search.library import article
from tests.web.conftest import MakeApp, SignInAs, hidden_fields
from tests.web.directory_visitor import Visitor

ASK = "/account/request"
TYPED = {"name": "Olga", "email": "olga@harbour.example", "company": "Harbour Lines"}


@pytest.fixture
def people(database: Database) -> cast.Cast:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("civicplus"), now=LONG_AGO)
        article(db, "How do lamps work?", body="A lamp is a zebrafish.")
        return cast.everybody(db)


def browser_of(app: Flask, database: Database, person: Person) -> FlaskClient:
    with database.writing() as db:
        token = signing_in.sign_in(db, person=person, by="link", now=this_moment())
    browser = app.test_client()
    browser.set_cookie("sign-in", token, domain="localhost")
    return browser


def addresses(app: Flask, blueprint: str) -> list[str]:
    """Every page of an area that can be opened by an address, with a plausible one."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(f"{blueprint}.") and "GET" in (rule.methods or set()):
            values: dict[str, Any] = {
                name: 1 if isinstance(kind, IntegerConverter) else "how-do-lamps-work"
                for name, kind in rule._converters.items()
            }
            if "reference" not in rule.arguments:
                found.append(rule.build(values)[1])  # type: ignore[index]
    return found


FRAMED = {"/widget", "/widget/v1.js", "/widget/articles/how-do-lamps-work"}
OPEN = FRAMED | {
    "/expectations",
    "/robots.txt",
    "/follow",
    "/follow/sent",
    "/follow/how-do-lamps-work",
}


def test_B10_closed_articles_are_not_there_without_an_account(
    make_app: MakeApp, database: Database, people: cast.Cast
) -> None:
    app = make_app(articles_access="signed_in")
    stranger, ines = app.test_client(), browser_of(app, database, people.ines)
    for address in addresses(app, "help"):
        answer = stranger.get(address)
        if address not in OPEN:
            assert answer.status_code == 303, address
            assert answer.location.startswith("/sign-in"), address
            assert answer.headers["Cache-Control"] == "no-store", address
        assert "zebrafish" not in answer.text
    assert "zebrafish" in ines.get("/articles/how-do-lamps-work").text
    assert stranger.get("/articles/how-do-lamps-work").status_code == 303  # nothing was kept
    assert stranger.get("/cases/new").status_code == 200


def test_B10_closed_articles_are_not_offered_beside_an_open_form(
    make_app: MakeApp, database: Database, people: cast.Cast
) -> None:
    for mode, is_told in (("open", True), ("signed_in", False)):
        app = make_app(articles_access=mode)
        page = app.test_client().get("/cases/answers?q=how+do+lamps+work").text
        assert ("How do lamps work?" in page) is is_told, mode


def test_B10_closed_cases_ask_to_sign_in_before_a_case_is_begun(
    make_app: MakeApp, database: Database, people: cast.Cast
) -> None:
    app = make_app(cases_access="signed_in")
    stranger, ines = app.test_client(), browser_of(app, database, people.ines)
    for address in addresses(app, "support"):
        if address not in OPEN:
            assert stranger.get(address).status_code == 303, address
    assert stranger.get("/articles/how-do-lamps-work").status_code == 200
    assert ines.get("/cases/new").status_code == 200


def test_a_mailed_link_still_opens_its_case_where_both_areas_are_closed(
    make_app: MakeApp, database: Database, people: cast.Cast
) -> None:
    app = make_app(articles_access="signed_in", cases_access="signed_in")
    with database.writing() as db:
        case = casework.opened(db, person=None, now=this_moment())
        token = issue_link(db, case=case, email=case.contact_email, now=this_moment())
    answer = app.test_client().get(f"/follow/{token}", follow_redirects=True)
    assert answer.status_code == 200
    assert "Phones don&#39;t ring" in answer.text


def asked(browser: FlaskClient, **fields: str) -> int:
    token = hidden_fields(browser.get(ASK).text)["csrf_token"]
    return browser.post(ASK, data={"csrf_token": token} | TYPED | fields).status_code


def test_B10_nobody_gets_in_before_a_manager_approves(
    client: FlaskClient, database: Database, people: cast.Cast, sign_in_as: SignInAs
) -> None:
    assert asked(client) == 303
    with database.reading() as db:
        assert db.scalar(select(Person).where(Person.email == TYPED["email"])) is None
        assert db.scalars(select(OutgoingMail)).all() == []
    manager = Visitor(sign_in_as(people.manager))
    assert "1 person waits" in manager.page("/desk/people")
    path = "/desk/people/requests/1"
    assert manager.form(path, f"{path}/approval")["organisation"] == "harbour-lines"
    assert manager.press(path, f"{path}/approval").status_code == 303
    with database.reading() as db:
        person = db.scalars(select(Person).where(Person.email == TYPED["email"])).one()
        mail = db.scalars(select(OutgoingMail)).one()
        assert person.organisation is not None
        assert person.organisation.slug == "harbour-lines"
        assert mail.recipient == person.email
        assert "/sign-in/link/" in mail.text


def test_a_refusal_is_told_with_its_reason_and_without_what_the_stranger_typed(
    client: FlaskClient, database: Database, people: cast.Cast, sign_in_as: SignInAs
) -> None:
    asked(client, name="BUY NOW evil.example", message="click here")
    manager = Visitor(sign_in_as(people.manager))
    path = "/desk/people/requests/1"
    assert manager.press(path, f"{path}/refusal", reason=" ").status_code == 422
    assert manager.press(path, f"{path}/refusal", reason="We know no Olga.").status_code == 303
    with database.reading() as db:
        mail = db.scalars(select(OutgoingMail)).one()
        assert db.scalars(select(AccountRequest)).one().outcome is Outcome.REFUSED
    assert "We know no Olga." in mail.text
    assert "BUY NOW" not in mail.text + mail.html + mail.subject
    assert "click here" not in mail.text + mail.html


def test_two_managers_decide_once(
    client: FlaskClient, database: Database, people: cast.Cast, sign_in_as: SignInAs
) -> None:
    asked(client)
    first, second = (Visitor(sign_in_as(p)) for p in (people.manager, people.administrator))
    path = "/desk/people/requests/1"
    slow = second.form(path, f"{path}/approval")
    first.press(path, f"{path}/refusal", reason="No.")
    second.send(f"{path}/approval", slow)
    assert "Mai Tanaka was faster" in second.page("/desk/people/requests")
    with database.reading() as db:
        assert db.scalar(select(Person).where(Person.email == TYPED["email"])) is None


def test_a_known_address_gets_the_same_answer_and_no_second_account(
    client: FlaskClient, database: Database, people: cast.Cast, sign_in_as: SignInAs
) -> None:
    assert asked(client, email=people.bea.email.upper()) == 303
    manager = Visitor(sign_in_as(people.manager))
    path = "/desk/people/requests/1"
    assert "This address is known" in manager.page(path)
    manager.press(path, f"{path}/approval")
    with database.reading() as db:
        bea = db.get_one(Person, people.bea.id)
        assert bea.organisation_id == people.brightwater.id
        assert db.scalars(select(OutgoingMail)).one().recipient == bea.email


def test_requests_are_limited_and_can_be_switched_off(
    make_app: MakeApp, client: FlaskClient, people: cast.Cast
) -> None:
    statuses = [asked(client, email=f"o{n}@x.example") for n in range(11)]
    assert statuses == [303] * 10 + [429]
    closed = make_app(accounts="by_invitation").test_client()
    assert closed.get(ASK).status_code == 404
    assert "Ask for one" not in closed.get("/sign-in").text
