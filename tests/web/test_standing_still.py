"""Pauses, agreed days, teams and levels, as both sides meet them on their pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.cases import submission
from portal.cases.access import issue_link
from portal.cases.case import Case, CaseStatus
from portal.cases.policies import adopt
from portal.cases.request import Request
from portal.cases.turns import Side, Stretch
from portal.cases.words import TURN_WORDS
from portal.clock import now as this_moment
from portal.database import Database
from portal.people.person import Person
from portal.people.team import Team
from portal.policy.moments import full_day
from portal.policy.profiles import profile_source
from portal.web.turns import turn_rows
from tests import cast
from tests.cases.conftest import ANSWERS
from tests.web.test_desk import hidden, page_of, submit

SignInAs = Callable[[Person], FlaskClient]


@dataclass
class Both:
    """One case under the policy of CTS, priority 3, with its customer and the desk."""

    database: Database
    customer: FlaskClient
    manager: FlaskClient
    agent: FlaskClient
    reference: str
    ids: dict[str, int]

    def act(self, act: str, **fields: object) -> object:
        return submit(self.manager, self.reference, act, **fields)

    def answer(self, act: str, **fields: object) -> object:
        return _send(self.customer, self.reference, act, **fields)

    @property
    def page(self) -> str:
        return page_of(self.customer, f"/cases/{self.reference}")

    @property
    def desk(self) -> str:
        return page_of(self.manager, f"/desk/cases/{self.reference}")

    def case(self) -> Case:
        with self.database.reading() as db:
            db.expire_on_commit = False
            return db.scalars(select(Case).where(Case.number == self.reference)).one()


def _send(client: FlaskClient, reference: str, act: str, **fields: object) -> object:
    page = page_of(client, f"/cases/{reference}")
    action = f"/cases/{reference}/{act}"
    data = {**hidden(page, action), **{f"{act}-{k}": v for k, v in fields.items()}}
    return client.post(action, data=data)


@pytest.fixture
def both(database: Database, sign_in_as: SignInAs) -> Both:
    at = this_moment()
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("cts"), now=at)
        ines = cast.ines(db, cast.harbour_lines(db))
        agent, manager = cast.agent(db), cast.manager(db)
        said = ANSWERS | {"request_kind": "problem", "chosen_priority": "3"}
        case = submission.open_case(db, request=Request(said, ines), now=at)
    ids = {"agent": agent.id, "manager": manager.id, "case": case.id}
    return Both(
        database, sign_in_as(ines), sign_in_as(manager), sign_in_as(agent), case.reference, ids
    )


def _in_days(count: int) -> date:
    return (datetime.now(UTC) + timedelta(days=count)).date()


def test_a_pause_for_a_third_party_is_read_by_both_sides(both: Both) -> None:
    refused = both.act("pause", pause="third_party", party="", reason="")
    assert refused.status_code == 422
    assert "Name whom we wait for" in refused.get_data(as_text=True)
    done = both.act("pause", pause="third_party", party="Mitel", reason="They read the log.")
    assert done.status_code == 303
    assert "Waiting for a third party: Mitel; you need to do nothing" in both.page
    assert "They read the log." in both.page
    assert "Waiting for a third party: Mitel" in both.desk
    both.act("reply", body="Still waiting", then="paused")
    assert both.case().status is CaseStatus.PAUSED
    both.act("reply", body="They answered", then="in_progress")
    assert both.case().status is CaseStatus.IN_PROGRESS


def test_a_pause_ends_by_itself_at_the_time_on_the_clock_of_who_typed_it(both: Both) -> None:
    assert "On your clock: Pacific time." in both.desk
    both.act("pause", pause="maintenance_window", until_day="5 Jan 2030", until="8 pm")
    assert both.case().resumes_at == datetime(2030, 1, 6, 4, 0, tzinfo=UTC)
    both.act("pause", pause="maintenance_window", until_day="", until="")
    assert both.case().resumes_at is None


@pytest.mark.parametrize(
    ("until_day", "until", "told"),
    [
        ("5 Jan 2020", "20:00", "this one is over"),
        ("5 Jan 2030", "", "Enter the time too"),
        ("", "20:00", "Enter the day too"),
        ("5 Jan 2030", "8", "8:00 am or 8:00 pm"),
        ("5 Jan 2030", "at dusk", "Write the time like 2:30 pm."),
        ("soon", "20:00", "Write the day with the month as a word"),
        ("10 Mar 2030", "2:30 am", "There is no 2:30 am on that day"),
        ("31 Dec 9999", "20:00", "Choose an earlier day"),
    ],
)
def test_a_pause_until_no_clear_moment_is_asked_about_and_nothing_typed_is_lost(
    both: Both, until_day: str, until: str, told: str
) -> None:
    act = {"pause": "maintenance_window", "reason": "The lift is moved", "party": "Mitel"}
    answer: TestResponse = both.act("pause", until_day=until_day, until=until, **act)
    assert answer.status_code == 422
    assert answer.text.count(told) == 2, "above the page, and at the field"
    assert 'class="field invalid"' in answer.text
    shown = {"20:00": "8:00 pm"}.get(until, until)
    for typed in (until_day, shown, "The lift is moved", "Mitel"):
        assert f'value="{typed}"' in answer.text
    assert both.case().status is CaseStatus.RECEIVED


@given(st.lists(st.tuples(st.sampled_from(list(Side)), st.integers(0, 9_000_000)), max_size=12))
def test_the_times_on_the_page_add_up_to_the_time_since_receipt(
    turns: list[tuple[Side, int]],
) -> None:
    at, found = datetime(2026, 11, 23, tzinfo=UTC), []
    for side, seconds in turns:
        found.append(Stretch(side, at, at + timedelta(seconds=seconds), CaseStatus.IN_PROGRESS))
        at = found[-1].ends or at
    rows = turn_rows(found, TURN_WORDS, now=at)
    shown = [_minutes(words) for _, words in rows]
    assert len(rows) < 2 or sum(shown[:-1]) == shown[-1]


def _minutes(words: str) -> int:
    units = {"day": 1_440, "days": 1_440, "h": 60, "min": 1}
    return sum(int(n) * units[unit] for n, unit in re.findall(r"(\d+) (days?|h|min)", words))


@pytest.mark.usefixtures("time_stands")
def test_C12_a_day_is_proposed_answered_with_another_one_and_agreed(both: Both) -> None:
    ours, theirs = _in_days(30), _in_days(40)
    both.act("schedule", on=ours.isoformat(), reason="A quiet week", decision="propose")
    assert f"We propose to do this on {full_day(ours)}" in both.page
    nothing = both.answer("schedule")
    assert "Choose whether the day suits you" in nothing.get_data(as_text=True)
    empty = both.answer("schedule", answer="other", reason="Not then")
    assert "Enter the day that suits you" in empty.get_data(as_text=True)
    assert "Not then" in empty.get_data(as_text=True)
    both.answer("schedule", answer="other", on=theirs.isoformat(), reason="We have a fair")
    assert f"The customer proposes {full_day(theirs)}" in both.desk
    assert "We have a fair" in both.desk
    both.act("schedule", decision="accept")
    assert both.case().scheduled_on == theirs
    assert "Paused by agreement." in both.page
    assert f"Agreed: this is done on {full_day(theirs)}" in both.page
    both.answer("schedule", answer="other", on=ours.isoformat())
    assert both.case().scheduled_on == theirs
    both.act("schedule", decision="withdraw", reason="We can’t")
    assert f"The proposal of {full_day(ours)} is off" in both.page


@pytest.mark.usefixtures("time_stands")
def test_C12_somebody_with_a_secret_link_can_agree_too(both: Both, app: Flask) -> None:
    both.act("schedule", on=_in_days(30).isoformat(), decision="propose")
    with both.database.writing() as db:
        case = db.get_one(Case, both.ids["case"])
        token = issue_link(db, case=case, email=case.contact_email, now=datetime.now(UTC))
    guest = app.test_client()
    guest.get(f"/follow/{token}")
    _send(guest, both.reference, "schedule", answer="accept")
    assert both.case().scheduled_on == _in_days(30)
    assert "Ines" in both.desk


@pytest.mark.usefixtures("time_stands")
def test_C12_only_the_day_that_was_read_is_agreed_to(both: Both) -> None:
    both.act("schedule", on=_in_days(30).isoformat(), decision="propose")
    stale = {**hidden(both.page, f"/cases/{both.reference}/schedule")}
    both.act("schedule", on=_in_days(35).isoformat(), decision="propose")
    both.customer.post(
        f"/cases/{both.reference}/schedule", data=stale | {"schedule-answer": "accept"}
    )
    assert both.case().scheduled_on is None
    assert "was changed meanwhile" in both.page


def test_C10_the_desk_refuses_to_leave_a_case_whose_people_stay(both: Both) -> None:
    both.act("assignment", assignee=str(both.ids["agent"]))
    left = both.act("assignment", assignee="")
    assert left.status_code == 422
    assert "stays with the case until it is solved" in left.get_data(as_text=True)
    both.act("assignment", assignee=str(both.ids["manager"]), reason="End of shift")
    assert "Assigned to Mai Tanaka (before: Aldo Marchetti): End of shift" in both.page


def test_D30_a_customer_reads_who_is_told_and_by_when_and_then_the_answer(both: Both) -> None:
    assert "at once, with your reason, and you are answered by" in both.page
    both.answer("escalation", reason="Nobody answers")
    assert "You asked for escalation; you are answered by" in both.page
    both.act("escalation-answer", reason="An engineer looks at it tomorrow.")
    assert "An engineer looks at it tomorrow." in both.page
    assert both.case().escalation_requested_at is None
    assert both.act("status", status="solved", reason="Replaced.").status_code == 303


def test_B12_a_manager_makes_teams_routes_and_lists(both: Both) -> None:

    def send(action: str, page: str = "/desk/teams", **data: object) -> TestResponse:
        token = hidden(page_of(both.manager, page), action)
        return both.manager.post(action, data=token | data)

    assert "no team stands for" in page_of(both.manager, "/desk/teams")
    send("/desk/teams/named")
    agent = str(both.ids["agent"])
    both.manager.post("/desk/teams/new", data=_team(both, "Engineers", members=[agent]))
    with both.database.reading() as db:
        teams = {team.name: team.id for team in db.scalars(select(Team))}
    assert set(teams) == {"Customer support", "Engineers"}
    twice = both.manager.post("/desk/teams/new", data=_team(both, "engineers"))
    assert "Choose another name" in twice.get_data(as_text=True)
    send("/desk/teams/routes", kind_0=str(teams["Engineers"]))
    send("/desk/teams/listeners/2", **{"step-2-people": [agent]})
    page = page_of(both.manager, "/desk/teams")
    assert "A case comes to level 2: Aldo Marchetti" in " ".join(page.split())
    both.act("escalation", level="2", assignee="", team="", reason="Hard")
    assert both.case().team_id == teams["Engineers"]
    assert "level 1 to level 2 (Engineers): Hard" in both.page
    own_page = f"/desk/teams/{teams['Engineers']}"
    send(f"{own_page}/retirement", own_page)
    assert ">Engineers</a>" not in page_of(both.manager, "/desk/teams")


def _team(both: Both, name: str, **more: object) -> dict[str, object]:
    page = page_of(both.manager, "/desk/teams/new")
    found = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
    assert found is not None
    return {"csrf_token": found[1], "name": name, "level": "2", **more}


@pytest.mark.parametrize("address", ["/desk/teams", "/desk/teams/new"])
def test_teams_are_for_managers(both: Both, address: str) -> None:
    assert both.agent.get(address).status_code in {403, 404}
    assert both.customer.get(address).status_code in {403, 404}


def test_what_closes_by_itself_says_when_on_both_pages(both: Both) -> None:
    both.act("reply", body="Done", then="solved")
    closes_at = both.case().closes_at
    assert closes_at is not None
    for page in (both.page, both.desk):
        assert f'datetime="{closes_at:%Y-%m-%dT%H:%M}' in page
