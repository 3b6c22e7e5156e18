"""Which team takes a request, who works on it at which level, and who is told."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import submission
from portal.cases.assigning import StaysAssignedError, assign
from portal.cases.case import Case, IllegalMoveError
from portal.cases.clocks import evaluation_of
from portal.cases.closing import solve
from portal.cases.escalating import answer_escalation, ask_for_escalation, escalate
from portal.cases.expectation import Expectation
from portal.cases.falling_due import do_what_is_due, next_due
from portal.cases.listening import ASKED_FOR, set_listeners
from portal.cases.policies import adopt
from portal.cases.request import Request
from portal.cases.responding import respond
from portal.cases.routing import UnknownKindError, change_kind, hand_to_team, set_routes
from portal.cases.timeline import OUR_TEAM, timeline_for_customer
from portal.cases.words import next_promise
from portal.events import take_recorded
from portal.mail.notices import write_notices
from portal.people.person import Person
from portal.people.team import Team
from portal.people.teams import WrongTeamError, keep_team, retire_team, team_named
from portal.policy.profiles import profile_source
from portal.settings import Settings
from tests.cases.conftest import ANSWERS, Cast


@pytest.fixture
def civicplus_teams(db: Session, cast: Cast, now: datetime) -> dict[str, Team]:
    adopt(db, source=profile_source("civicplus"), now=now)
    names = ("Technical team", "customer care", "Support liaison")
    return {name: _team(db, cast, name, now=now) for name in names}


def _team(
    db: Session, cast: Cast, name: str, *people: Person, level: int = 1, now: datetime
) -> Team:
    return keep_team(db, team=None, name=name, level=level, members=people, by=cast.second, now=now)


def _filed(db: Session, cast: Cast, kind: str, now: datetime, **said: str) -> Case:
    answers = ANSWERS | {"request_kind": kind} | said
    return submission.open_case(db, request=Request(answers, cast.ines), now=now)


def _told(db: Session, case: Case, **how: bool) -> Iterator[str]:
    for entry in timeline_for_customer(db, case, **how):
        yield f"{entry.title}: {entry.detail}" if entry.detail else entry.title


@pytest.mark.parametrize(
    ("kind", "team"),
    [
        ("problem", "Technical team"),
        ("services", "customer care"),
        ("question", "Support liaison"),
        ("suggestion", "Support liaison"),
    ],
)
def test_B12_the_kind_of_request_decides_whose_queue_it_is_in(
    db: Session, cast: Cast, civicplus_teams: dict[str, Team], kind: str, team: str
) -> None:
    case = _filed(db, cast, kind, civicplus_teams[team].created_at)
    assert case.team is civicplus_teams[team]
    assert f"In the queue of {team}" in list(_told(db, case))


def test_B12_what_turns_out_to_be_another_kind_goes_to_the_team_of_that_kind(
    db: Session, cast: Cast, now: datetime, civicplus_teams: dict[str, Team]
) -> None:
    case = _filed(db, cast, "question", now)
    assign(db, case=case, assignee=cast.agent, by=cast.agent, now=now)
    change_kind(
        db, case=case, request_kind="problem", reason="It is an error.", by=cast.agent, now=now
    )
    assert case.team is civicplus_teams["Technical team"]
    assert case.assignee is cast.agent
    told = list(_told(db, case))
    assert (
        "Taken as “Something does not work”, not as “I have a question or a concern”:"
        " It is an error."
    ) in told
    assert told[-1] == "In the queue of Technical team (before: Support liaison)"
    revision = case.revision
    change_kind(db, case=case, request_kind="problem", by=cast.agent, now=now)
    assert case.revision == revision
    with pytest.raises(UnknownKindError):
        change_kind(db, case=case, request_kind="poetry", by=cast.agent, now=now)


def test_B12_where_the_policy_names_no_team_a_managers_route_holds_and_then_the_default_queue(
    db: Session, cast: Cast, now: datetime
) -> None:
    adopt(db, source=profile_source("communicado"), now=now)
    assert _filed(db, cast, "problem", now).team is None
    defects, rest = _team(db, cast, "Defects", now=now), _team(db, cast, "Front desk", now=now)
    set_routes(db, chosen={"defect": defects, "": rest}, by=cast.second, now=now)
    assert _filed(db, cast, "defect", now, steps_to_reproduce="Open it").team is defects
    assert _filed(db, cast, "problem", now).team is rest
    retire_team(db, team=defects, by=cast.second, now=now)
    assert _filed(db, cast, "defect", now, steps_to_reproduce="Open it").team is rest


def test_C10_people_stay_assigned_until_it_is_solved(
    db: Session, cast: Cast, now: datetime
) -> None:
    adopt(db, source=profile_source("cts"), now=now)
    case = _filed(db, cast, "problem", now, chosen_priority="2")
    assign(db, case=case, assignee=cast.agent, by=cast.agent, now=now)
    with pytest.raises(StaysAssignedError, match="stays with the case"):
        assign(db, case=case, assignee=None, by=cast.second, reason="Busy", now=now)
    with pytest.raises(StaysAssignedError, match="Say why"):
        assign(db, case=case, assignee=cast.second, by=cast.second, now=now)
    assert case.assignee is cast.agent
    assign(db, case=case, assignee=cast.second, by=cast.second, reason="End of shift", now=now)
    assert "Assigned to Ben Carter (before: Asha Rao): End of shift" in list(_told(db, case))
    solve(db, case=case, by=cast.second, now=now)
    assign(db, case=case, assignee=None, by=cast.second, now=now)
    assert case.assignee is None


def test_C10_no_such_promise_at_priority_4(db: Session, cast: Cast, now: datetime) -> None:
    adopt(db, source=profile_source("cts"), now=now)
    case = _filed(db, cast, "problem", now, chosen_priority="4")
    assign(db, case=case, assignee=cast.agent, by=cast.agent, now=now)
    assign(db, case=case, assignee=None, by=cast.agent, now=now)
    assert case.assignee is None


def test_B11_staff_escalate_by_reason_to_a_level_its_team_and_a_named_engineer(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    developers = _team(db, cast, "Developers", cast.second, level=3, now=now)
    escalate(
        db,
        case=opened,
        by=cast.agent,
        level=3,
        team=developers,
        assignee=cast.second,
        reason="We can’t reproduce it",
        now=now,
    )
    assert (opened.level, opened.team, opened.assignee) == (3, developers, cast.second)
    expected = "Escalated from level 1 to level 3 (Developers, Ben Carter): We can’t reproduce it"
    assert expected in list(_told(db, opened))
    for level in (None, 2, 3, 4):
        with pytest.raises(IllegalMoveError):
            escalate(db, case=opened, by=cast.agent, level=level, reason="More", now=now)


def test_A9_escalation_by_the_clock_goes_to_the_only_team_of_the_next_level(
    db: Session, cast: Cast, now: datetime
) -> None:
    adopt(db, source=profile_source("cipplanner"), now=now)
    second_level = _team(db, cast, "Engineers", level=2, now=now)
    case = submission.open_case(db, request=Request(ANSWERS, cast.ines), now=now)
    due = case.escalation_due_at
    assert due is not None
    while (found := next_due(db, now=due)) is not None:
        do_what_is_due(db, case=found, now=due)
    assert case.team is second_level
    expected = Expectation(evaluation_of(db, case))
    (escalation,) = (
        one for one in expected.shown(now=due + timedelta(days=1)) if one.clock == "escalation"
    )
    assert escalation.headline.startswith("Escalated to Level 2")
    assert not escalation.is_late


def test_D30_who_asks_for_escalation_is_told_by_when_it_is_answered_and_the_answer(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    ask_for_escalation(db, case=opened, by=cast.ines, reason="Too slow", now=now)
    by = opened.escalation_answer_due_at
    assert by is not None
    assert by > now
    assert opened.next_due_at is not None
    assert opened.next_due_at <= by
    ask_for_escalation(
        db, case=opened, by=cast.ines, reason="Really", now=now + timedelta(minutes=20)
    )
    assert opened.escalation_answer_due_at == by
    just_before = by - timedelta(minutes=30)
    while (found := next_due(db, now=just_before)) is not None:
        do_what_is_due(db, case=found, now=just_before)
    kinds = [event.kind for event in take_recorded(db)]
    assert kinds.count("escalation_unanswered") == 1
    answer_escalation(
        db, case=opened, by=cast.second, reason="Parts arrive on Friday.", now=just_before
    )
    assert opened.escalation_requested_at is None
    assert list(_told(db, opened))[-1].endswith("stays at its level: Parts arrive on Friday.")
    with pytest.raises(IllegalMoveError):
        answer_escalation(db, case=opened, by=cast.second, reason="Again", now=just_before)


def test_D30_word_on_an_escalation_is_a_promise_that_the_queue_sorts_by(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    respond(db, case=opened, author=cast.agent, body="We are looking.", now=now)
    case_without_promise = opened.next_due_at
    ask_for_escalation(db, case=opened, by=cast.ines, reason="Too slow", now=now)
    assert case_without_promise is None
    assert opened.next_due_at == opened.escalation_answer_due_at
    assert next_promise(opened) == "Word on the escalation"
    answer_escalation(db, case=opened, by=cast.second, reason="It comes on Friday.", now=now)
    assert opened.next_due_at is None


def test_D31_each_step_up_has_its_own_list_of_people_who_are_told(
    db: Session, cast: Cast, opened: Case, now: datetime, settings: Settings
) -> None:
    take_recorded(db)
    developers = _team(db, cast, "Developers", cast.agent, level=2, now=now)
    set_listeners(db, step=ASKED_FOR, people=[cast.agent], by=cast.second, now=now)
    ask_for_escalation(db, case=opened, by=cast.ines, reason="Slow", now=now)
    assert _mailed(db, settings, now) == {cast.agent.email, opened.contact_email}
    escalate(db, case=opened, by=cast.second, reason="Hard", team=developers, now=now)
    assert cast.agent.email in _mailed(db, settings, now)
    escalate(db, case=opened, by=None, reason="Still open", now=now)
    assert cast.second.email in _mailed(db, settings, now)


def _mailed(db: Session, settings: Settings, now: datetime) -> set[str]:
    mails = write_notices(db, take_recorded(db), settings=settings, now=now)
    return {mail.recipient for mail in mails}


def test_names_of_staff_are_left_out_where_that_is_set(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    assign(db, case=opened, assignee=cast.agent, by=cast.agent, now=now)
    assign(db, case=opened, assignee=cast.second, by=cast.agent, reason="Shift", now=now)
    escalate(db, case=opened, by=cast.agent, assignee=cast.agent, reason="Hard", now=now)
    shown = timeline_for_customer(db, opened, names=False)
    assert "Asha" not in str(shown)
    assert "Ben" not in str(shown)
    assert {entry.author for entry in shown} == {"Ines Falk", OUR_TEAM}
    assert "Handed over to another member of our team: Shift" in list(
        _told(db, opened, names=False)
    )


def test_a_team_keeps_one_name_and_only_people_who_work_cases(
    db: Session, cast: Cast, now: datetime
) -> None:
    team = _team(db, cast, "Front desk", cast.agent, cast.agent, now=now)
    assert team.members == [cast.agent]
    for name, level, members in (("front DESK", 1, ()), ("New", 4, ()), ("New", 1, (cast.writer,))):
        with pytest.raises(WrongTeamError):
            keep_team(
                db, team=None, name=name, level=level, members=members, by=cast.second, now=now
            )
    retire_team(db, team=team, by=cast.second, now=now)
    assert team_named(db, "Front desk") is None
    assert _team(db, cast, "Front desk", now=now) is team


def test_a_case_that_is_over_goes_to_no_other_team(
    db: Session, cast: Cast, opened: Case, now: datetime
) -> None:
    team = _team(db, cast, "Front desk", now=now)
    solve(db, case=opened, by=cast.agent, now=now)
    with pytest.raises(IllegalMoveError):
        hand_to_team(db, case=opened, team=team, by=cast.agent, now=now)
    assert not db.scalars(select(Case).where(Case.team_id == team.id)).all()
