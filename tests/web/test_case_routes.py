"""Who sees whose cases, on every route that there is: the address map itself is walked.

A route that is added later is tried too, whatever it calls what it takes: each gap in an address
is filled with the case's number, its receipt, or its key in the database.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule

from portal.cases.access import issue_link
from portal.cases.attachments import KeptFile
from portal.cases.case import Case
from portal.cases.noting import note
from portal.cases.policies import adopt
from portal.cases.replying import reply
from portal.clock import now as this_moment
from portal.database import Database
from portal.files import FileStore
from portal.policy.profiles import profile_source
from portal.settings import Settings
from tests import casework, cast
from tests.cast import LONG_AGO
from tests.web.conftest import SignInAs, hidden_fields

SECRET = "Zebrafish"
"""Stands in everything that is secret: subject, text, reply, note, file name."""
SEES_AS_CUSTOMER = {"filer", "colleague", "partner", "holder"}
SEES_AT_THE_DESK = {"agent", "manager", "administrator"}
OUTSIDE = {"nobody", "shy colleague", "stranger", "other partner", "former", "ended", "writer"}
ACTORS = sorted(SEES_AS_CUSTOMER | SEES_AT_THE_DESK | OUTSIDE)
OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Scene:
    """One case of Ines's at Harbour Lines, and the browser of one actor."""

    app: Flask
    name: str
    browser: FlaskClient
    case_id: int
    reference: str
    receipt: str
    file: str

    def keys(self, rule: Rule) -> Iterator[str]:
        """Addresses of this route with the case in its gaps, by each of its names."""
        for name in (self.reference, self.receipt):
            values: dict[str, Any] = {}
            for argument in rule.arguments:
                is_number = isinstance(rule._converters[argument], IntegerConverter)
                values[argument] = self.case_id if is_number else name
                if argument == "token" and "reference" in rule.arguments:
                    values[argument] = self.file
            if (built := rule.build(values)) is not None:
                yield built[1]

    def routes(self, method: str) -> Iterator[tuple[Rule, str]]:
        for rule in self.app.url_map.iter_rules():
            if method in (rule.methods or set()):
                for address in dict.fromkeys(self.keys(rule)):
                    yield rule, address


@pytest.fixture
def scene(
    request: pytest.FixtureRequest,
    app: Flask,
    database: Database,
    settings: Settings,
    sign_in_as: SignInAs,
) -> Scene:
    at = this_moment() - timedelta(hours=1)
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        people = cast.everybody(db)
        harbour = people.harbour_lines.id
        shy = cast.person(
            db, "Shy Colleague", organisation_id=harbour, sees_organisation_cases=False
        )
        rival = cast.organisation(db, "Rival Partner")
        gone = cast.organisation(db, "Gone Partner", ended_at=at)
        people.brightwater.partner_id = rival.id
        actors = {
            "filer": people.ines,
            "colleague": people.nadia,
            "partner": people.piet,
            "shy colleague": shy,
            "stranger": people.bea,
            "other partner": cast.person(db, "Rita Rival", organisation_id=rival.id),
            "former": cast.person(
                db, "Former Colleague", organisation_id=harbour, disabled_at=this_moment()
            ),
            "ended": cast.person(db, "Gerd Gone", organisation_id=gone.id),
            "writer": people.writer,
            "agent": people.agent,
            "manager": people.manager,
            "administrator": people.administrator,
        }
        case = casework.opened(db, person=people.ines, now=at, subject=f"{SECRET} subject")
        stored = FileStore(settings.files_folder).keep(io.BytesIO(b"x"), limit_bytes=9)
        kept = [KeptFile(f"{SECRET}.txt", stored)]
        shown = reply(db, case=case, author=people.ines, body=f"{SECRET} reply", now=at, kept=kept)
        note(db, case=case, author=people.agent, body=f"{SECRET} note", now=at)
        token = issue_link(db, case=case, email=case.contact_email, now=this_moment())
        file = shown.attachments[0].token
    name: str = request.param
    browser = sign_in_as(actors[name]) if name in actors else app.test_client()
    if name == "holder":
        assert browser.get(f"/follow/{token}").status_code == 303
    assert case.number is not None
    return Scene(app, name, browser, case.id, case.number, case.receipt, file)


def only(names: set[str]) -> Any:
    return pytest.mark.parametrize("scene", sorted(names), indirect=True)


def told(text: str) -> list[str]:
    """What a page tells of the case; pages repeat what was searched for, so never the bare word."""
    words = [f"{SECRET} {what}" for what in ("subject", "reply", "note")]
    return [secret for secret in (*words, f"{SECRET}.txt") if secret in text]


@only(OUTSIDE)
def test_who_may_not_see_a_case_learns_nothing_of_it_on_any_page(scene: Scene) -> None:
    for rule, address in scene.routes("GET"):
        for query in ("", f"?q={SECRET}", f"?q={quote(scene.reference)}", "?scope=organisation"):
            answer = scene.browser.get(f"{address}{query}")
            assert told(answer.text) == [], (rule.rule, query)
            if scene.reference not in address + query:
                assert scene.reference not in answer.text, (rule.rule, query)
            if "reference" in rule.arguments:
                assert answer.status_code in {303, 404}, (rule.rule, answer.status_code)


@only(OUTSIDE)
def test_who_may_not_see_a_case_can_do_nothing_to_it(scene: Scene, database: Database) -> None:
    page = scene.browser.get("/cases/new").text
    token = hidden_fields(page).get("csrf_token", "")
    for rule, address in scene.routes("POST"):
        if "reference" in rule.arguments:
            data = {"csrf_token": token, "body": "I was here", "reason": "I was here"}
            answer = scene.browser.post(address, data=data, headers=OURS)
            assert answer.status_code in {303, 403, 404}, (rule.rule, answer.status_code)
            assert told(answer.text) == [], rule.rule
    with database.reading() as db:
        case = db.get_one(Case, scene.case_id)
        assert case.revision == 3
        assert not any("I was here" in message.body for message in case.messages)


@only(SEES_AS_CUSTOMER)
def test_customers_open_every_page_of_a_case_that_is_theirs_and_no_desk(scene: Scene) -> None:
    for rule, address in scene.routes("GET"):
        if "reference" not in rule.arguments:
            continue
        answer = scene.browser.get(address)
        if rule.rule.startswith("/desk"):
            assert answer.status_code in {303, 404}, rule.rule
            assert told(answer.text) == [], rule.rule
        else:
            assert answer.status_code < 500, rule.rule
            assert answer.status_code != 404, rule.rule
            assert f"{SECRET} note" not in told(answer.text), rule.rule


@only(SEES_AT_THE_DESK)
def test_staff_open_every_page_of_every_case(scene: Scene) -> None:
    for rule, address in scene.routes("GET"):
        if "reference" in rule.arguments:
            status = scene.browser.get(address).status_code
            assert status < 500, rule.rule
            assert status != 404, rule.rule


@only({"filer"})
def test_the_walk_meets_the_routes_that_there_are(scene: Scene) -> None:
    taking = {r.rule for r in scene.app.url_map.iter_rules() if "reference" in r.arguments}
    walked = {rule.rule for m in ("GET", "POST") for rule, _ in scene.routes(m)}
    assert taking <= walked
    assert len(taking) > 20
