"""One page holds everything that an organisation ever asked, and what became of it (A22)."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from portal.cases import organisation_history
from portal.cases.case import CaseStatus
from portal.cases.noting import note
from portal.cases.policies import adopt
from portal.cases.rating import Rating
from portal.cases.responding import respond
from portal.database import Database
from portal.policy.profiles import profile_source
from tests import casework, cast
from tests.cast import LONG_AGO
from tests.web.conftest import SignInAs
from tests.web.directory_visitor import Visitor

HISTORY = "/desk/organisations/harbour-lines/history"
AT = datetime(2026, 11, 2, 18, 0, tzinfo=UTC)


@dataclass
class Scene:
    database: Database
    agent: Visitor
    people: cast.Cast
    sign_in_as: SignInAs


@pytest.fixture
def scene(database: Database, sign_in_as: SignInAs) -> Scene:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        people = cast.everybody(db)
        called = casework.opened(db, person=people.ines, now=AT, subject="Phones ring twice")
        called.channel = "phone"
        respond(db, case=called, author=people.agent, body="Update to 9.2.", now=AT)
        note(db, case=called, author=people.agent, body="Internal words", now=AT)
        called.status, called.resolution = CaseStatus.CLOSED, "=Version 9.2 mends it"
        called.closed_at = AT
        db.add(Rating(case_id=called.id, score=5, at=AT))
        casework.opened(
            db, person=people.theo, now=AT + timedelta(days=9), subject="Exports are empty"
        )
        casework.opened(db, person=people.bea, now=AT, subject="Of another customer")
    return Scene(database, Visitor(sign_in_as(people.agent)), people, sign_in_as)


def test_A22_contacts_requests_history_and_resolution_stand_on_one_page(scene: Scene) -> None:
    page = scene.agent.page(HISTORY)
    for told in (
        "2 cases",
        "Phones ring twice",
        "Ines Okafor, telephone",
        "=Version 9.2 mends it",
        "Very satisfied",
        "1 from them, 1 from us",
        "Exports are empty",
        "Theo Lindqvist, web form",
    ):
        assert told in page, told
    assert "Of another customer" not in page
    assert "Internal words" not in page
    assert page.index("Exports are empty") < page.index("Phones ring twice")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("contact=Ines+Okafor", {"Phones"}),
        ("channel=phone", {"Phones"}),
        ("state=open", {"Exports"}),
        ("state=over", {"Phones"}),
        ("q=exports", {"Exports"}),
        ("since=2026-11-05", {"Exports"}),
        ("until=2026-11-05", {"Phones"}),
        ("until=5+November+2026", {"Phones"}),
        ("until=9999-12-31", {"Phones", "Exports"}),
        ("contact=Bea+Nkosi", set()),
        ("state=nonsense&since=soon", {"Phones", "Exports"}),
    ],
)
def test_A22_the_history_is_narrowed_and_the_table_holds_the_same(
    scene: Scene, query: str, found: set[str]
) -> None:
    page = scene.agent.page(f"{HISTORY}?{query}")
    subjects = {"Phones": "Phones ring twice", "Exports": "Exports are empty"}
    assert {key for key, subject in subjects.items() if subject in page} == found
    rows = table(scene.agent, f"?{query}")
    assert {row["Subject"] for row in rows} == {subjects[key] for key in found}


def test_the_table_runs_nothing_and_tells_what_the_page_tells(scene: Scene) -> None:
    phones = next(row for row in table(scene.agent) if "Phones" in row["Subject"])
    assert phones["Resolution"] == "'=Version 9.2 mends it"
    assert (phones["Channel"], phones["Satisfaction"]) == ("Telephone", "Very satisfied")


def test_the_table_is_whole_however_many_batches_it_takes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scene.database.writing() as db:
        for number in range(3):  # at one moment: the order of equals is kept between batches
            ines = db.merge(scene.people.ines)
            casework.opened(db, person=ines, now=AT, subject=f"More {number}")
    whole = table(scene.agent)
    monkeypatch.setattr(organisation_history, "BATCH_SIZE", 2)
    assert table(scene.agent) == whole
    assert len({row["Case"] for row in whole}) == 5


def test_who_does_not_work_cases_has_no_such_page(scene: Scene) -> None:
    for who in (scene.people.writer, scene.people.ines, scene.people.piet):
        visitor = Visitor(scene.sign_in_as(who))
        visitor.page(HISTORY, 404)
        visitor.page(f"{HISTORY}.csv", 404)


def test_a_long_history_costs_no_more_queries_than_a_short_one(scene: Scene) -> None:
    asked: list[str] = []
    app = scene.agent.browser.application.extensions["portal"].database.engine
    event.listen(app, "before_cursor_execute", lambda *a: asked.append(a[2]))
    scene.agent.page(HISTORY)
    asked.clear()
    scene.agent.page(HISTORY)
    few = len(asked)
    with scene.database.writing() as db:
        for number in range(25):
            casework.opened(db, person=db.merge(scene.people.ines), now=AT, subject=f"N{number}")
    scene.agent.page(HISTORY)  # notes the visit, as once a minute
    asked.clear()
    scene.agent.page(HISTORY)
    assert len(asked) == few <= 12


def table(visitor: Visitor, query: str = "") -> list[dict[str, str]]:
    answer = visitor.browser.get(f"{HISTORY}.csv{query}")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
