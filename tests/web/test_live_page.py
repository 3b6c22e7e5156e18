"""New entries show up without a reload: an open page asks, and mostly hears that nothing is new."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.cases.access import find_case, issue_link
from portal.cases.case import CaseStatus
from portal.cases.noting import note
from portal.cases.policies import adopt
from portal.cases.responding import respond
from portal.clock import now as this_moment
from portal.database import Database
from portal.people.person import Person
from portal.policy.profiles import profile_source
from tests import casework, cast
from tests.cast import LONG_AGO
from tests.web.conftest import SignInAs


@dataclass
class Scene:
    """A case of Ines's, with her browser, the agent's, and that of a holder of its link."""

    database: Database
    reference: str
    agent: Person
    ines: FlaskClient
    desk: FlaskClient
    holder: FlaskClient

    def write(self, act: object, body: str, **more: object) -> None:
        with self.database.writing() as db:
            agent = db.get_one(Person, self.agent.id)
            case = find_case(db, self.reference, person=agent)
            now = this_moment()
            act(db, case=case, author=agent, body=body, now=now, **more)  # type: ignore[operator]


@pytest.fixture
def scene(app: Flask, database: Database, sign_in_as: SignInAs) -> Scene:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        people = cast.everybody(db)
        case = casework.opened(db, person=people.ines, now=this_moment())
        token = issue_link(db, case=case, email=case.contact_email, now=this_moment())
    holder = app.test_client()
    holder.get(f"/follow/{token}")
    ines, desk = sign_in_as(people.ines), sign_in_as(people.agent)
    return Scene(database, case.reference, people.agent, ines, desk, holder)


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What the framework's sessions asked the database meanwhile."""
    seen: list[str] = []
    engine = app.extensions["portal"].database.engine

    def note_down(*given: object) -> None:
        seen.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note_down)
    yield seen
    event.remove(engine, "before_cursor_execute", note_down)


def mark_on(browser: FlaskClient, page: str) -> str:
    found = re.search(r'data-fresh-mark="([^"]+)"', browser.get(page).text)
    assert found
    return found[1].replace("&#34;", '"').replace("&quot;", '"')


def look(browser: FlaskClient, page: str, mark: str) -> tuple[int, str, str]:
    answer = browser.get(f"{page}/entries", headers={"If-None-Match": mark})
    return answer.status_code, answer.text, answer.headers.get("ETag", "")


def test_U803_nothing_new_costs_no_session_and_no_template(scene: Scene, app: Flask) -> None:
    page = f"/cases/{scene.reference}"
    for browser in (scene.ines, scene.holder):
        mark = mark_on(browser, page)
        with statements(app) as seen:
            status, body, again = look(browser, page, mark)
        assert (status, body, again) == (304, "", mark)
        assert seen == []


def test_U803_what_is_new_is_told_once(scene: Scene) -> None:
    pages = (
        (scene.ines, f"/cases/{scene.reference}"),
        (scene.desk, f"/desk/cases/{scene.reference}"),
    )
    marks = [mark_on(browser, page) for browser, page in pages]
    scene.write(respond, "We found the fault.")
    for (browser, page), mark in zip(pages, marks, strict=True):
        status, body, newer = look(browser, page, mark)
        assert status == 200
        assert "We found the fault." in body
        assert "<html" not in body
        assert look(browser, page, newer)[0] == 304


def test_U803_where_the_case_stands_comes_with_the_news(scene: Scene) -> None:
    mine, theirs = f"/cases/{scene.reference}", f"/desk/cases/{scene.reference}"
    marks = mark_on(scene.ines, mine), mark_on(scene.desk, theirs)
    scene.write(respond, "Which port is it?", then=CaseStatus.WAITING)
    _, asked, _ = look(scene.ines, mine, marks[0])
    assert "Waiting for you" in asked
    assert "It’s your turn." in asked
    assert "Waiting for the customer" in look(scene.desk, theirs, marks[1])[1]
    parts = re.findall(r'id="([\w-]+)" data-fresh-part', asked)
    assert parts == ["case-state", "case-ball"]
    assert all(f'id="{part}"' in scene.ines.get(mine).text for part in parts)


def test_U803_a_note_is_news_at_the_desk_and_leaves_no_trace_on_the_customers_page(
    scene: Scene,
) -> None:
    mine, theirs = f"/cases/{scene.reference}", f"/desk/cases/{scene.reference}"
    mark, at_desk = mark_on(scene.ines, mine), mark_on(scene.desk, theirs)
    scene.write(note, "Between us.")
    assert look(scene.ines, mine, mark)[0] == 304
    status, body, _ = look(scene.desk, theirs, at_desk)
    assert status == 200
    assert "Between us." in body


def test_a_mark_is_of_use_to_nobody_else_and_can_not_be_made_up(scene: Scene, app: Flask) -> None:
    page = f"/cases/{scene.reference}"
    mark = mark_on(scene.ines, page)
    stranger = app.test_client()
    assert look(stranger, page, mark)[0] != 304
    made_up = re.sub(r"\d+(?=\.[0-9a-f]{32})", "999", mark)
    for wrong in (made_up, '"1.c.1.' + "0" * 32 + '"', "*", '"', mark.replace(".c.", ".s.")):
        assert look(scene.ines, page, wrong)[0] == 200


def test_a_page_says_where_to_look_and_keeps_a_polite_place_for_news(scene: Scene) -> None:
    for browser, page in (
        (scene.ines, f"/cases/{scene.reference}"),
        (scene.desk, f"/desk/cases/{scene.reference}"),
    ):
        html = browser.get(page).text
        assert f'data-fresh-url="{page}/entries"' in html
        assert '<p class="fresh" role="status"></p>' in html
