"""What a customer reads of a promise: before sending, while waiting, when it was missed, and in
whatever zone the customer lives.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from portal.cases.case import Case, CaseStatus
from portal.cases.policies import adopt
from portal.cases.priorities import change_priority
from portal.cases.responding import respond
from portal.database import Database
from portal.people.person import Person
from portal.policy.profiles import profile_source
from tests import cast
from tests.casework import opened
from tests.cast import LONG_AGO, Cast
from tests.web.conftest import SignInAs
from tests.web.support_visitor import Visitor

TUESDAY = datetime.fromisoformat("2026-11-17T09:00:00-08:00")
AN_HOUR_LATER = datetime.fromisoformat("2026-11-17T10:00:00-08:00")
NEXT_DAY = datetime.fromisoformat("2026-11-18T09:00:00-08:00")


@pytest.fixture
def people(database: Database) -> Cast:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("cipplanner"), now=LONG_AGO)
        return cast.everybody(db)


def open_at(database: Database, person: Person, at: datetime, priority: str = "minor") -> str:
    """The number of a case that was opened at this moment."""
    with database.writing() as db:
        owner = db.get_one(Person, person.id)
        return opened(db, person=owner, now=at, priority=priority).reference


def ask_back(database: Database, by: Person, at: datetime) -> None:
    """Staff answer with a question; then it is the customer's turn."""
    with database.writing() as db:
        case = db.scalars(select(Case)).one()
        agent = db.get_one(Person, by.id)
        respond(db, case=case, author=agent, body="Which?", now=at, then=CaseStatus.WAITING)


def raise_to(database: Database, priority: str, by: Person, at: datetime) -> None:
    with database.writing() as db:
        case = db.scalars(select(Case)).one()
        agent = db.get_one(Person, by.id)
        change_priority(db, case=case, priority=priority, reason="Worse", by=agent, now=at)


def move_to(database: Database, person: Person, zone: str) -> Person:
    with database.writing() as db:
        db.expire_on_commit = False
        moved = db.get_one(Person, person.id)
        moved.time_zone = zone
        return moved


def seen(sign_in_as: SignInAs, person: Person, number: str, at: datetime) -> Visitor:
    """The case page as this person sees it at this moment."""
    with time_machine.travel(at, tick=False):
        visitor = Visitor(sign_in_as(person))
        visitor.open(f"/cases/{number}")
    return visitor


def test_while_we_wait_the_page_says_since_when_the_clock_stands_and_what_is_left(
    people: Cast, database: Database, sign_in_as: SignInAs
) -> None:
    number = open_at(database, people.ines, TUESDAY)
    ask_back(database, people.agent, AN_HOUR_LATER)
    page = seen(sign_in_as, people.ines, number, NEXT_DAY).text
    assert "It’s your turn." in page
    assert "Clock stopped since Tuesday 17 November 2026, 10:00 am Pacific time" in page
    assert "; 9 h of support time left once you answer." in page


def test_an_answer_of_the_customer_starts_the_clock_again_with_what_was_left(
    people: Cast, database: Database, sign_in_as: SignInAs
) -> None:
    number = open_at(database, people.ines, TUESDAY)
    ask_back(database, people.agent, AN_HOUR_LATER)
    with time_machine.travel(NEXT_DAY, tick=False):
        ines = Visitor(sign_in_as(people.ines))
        ines.open(f"/cases/{number}")
        ines.send(f"/cases/{number}/reply", body="The second", form_token="a")
        ines.open(f"/cases/{number}")
    assert "Clock stopped" not in ines.text
    assert 'Next update due by <time datetime="2026-11-19T17:00:00Z">' in ines.page


def test_a_missed_promise_is_said_openly_with_the_way_to_escalate(
    people: Cast, database: Database, sign_in_as: SignInAs
) -> None:
    number = open_at(database, people.ines, TUESDAY)
    in_time = seen(sign_in_as, people.ines, number, AN_HOUR_LATER).text
    assert "We’re late" not in in_time
    page = seen(sign_in_as, people.ines, number, NEXT_DAY.replace(hour=7)).text
    assert "We’re late: promised Wed 18 Nov 2026, 2:00 am CET" in page
    assert "We expected to answer by Tuesday 17 November 2026, 5:00 pm Pacific time" in page
    assert "you can ask for escalation to Level 2 senior product engineers" in page


def test_the_promise_that_was_replaced_stays_on_the_page(
    people: Cast, database: Database, sign_in_as: SignInAs
) -> None:
    number = open_at(database, people.ines, TUESDAY)
    raise_to(database, "urgent", people.agent, AN_HOUR_LATER)
    page = seen(sign_in_as, people.ines, number, AN_HOUR_LATER).text
    assert "First answer Due by Tue 17 Nov 2026, 8:00 pm CET" in page
    earlier = page[page.index("Earlier promises:") :]
    assert "Wed 18 Nov 2026, 2:00 am CET, promised Tue 17 Nov 2026, 6:00 pm CET" in earlier
    assert "(Minor" in earlier


def test_a_priority_that_staff_raised_is_not_said_to_be_what_the_customer_asked_for(
    people: Cast, database: Database, sign_in_as: SignInAs
) -> None:
    number = open_at(database, people.ines, TUESDAY)
    raise_to(database, "urgent", people.agent, AN_HOUR_LATER)
    page = seen(sign_in_as, people.ines, number, AN_HOUR_LATER).text
    assert "Your answers led to “Minor (Level 1)”." in page
    assert "You asked for" not in page


def test_who_may_call_at_night_is_not_only_told_that_we_are_closed(
    people: Cast, database: Database, sign_in_as: SignInAs
) -> None:
    number = open_at(database, people.ines, TUESDAY, "urgent")
    by_day = seen(sign_in_as, people.ines, number, AN_HOUR_LATER).text
    assert "We are open now" in by_day
    assert "In an emergency" not in by_day
    by_night = seen(sign_in_as, people.ines, number, AN_HOUR_LATER.replace(hour=22)).text
    assert "We are closed now" in by_night
    assert "In an emergency, call all the same." in by_night


def test_the_same_promises_are_there_for_programs(
    people: Cast, database: Database, sign_in_as: SignInAs
) -> None:
    number = open_at(database, people.ines, TUESDAY)
    raise_to(database, "urgent", people.agent, AN_HOUR_LATER)
    with time_machine.travel(AN_HOUR_LATER, tick=False):
        answer = sign_in_as(people.ines).get(f"/cases/{number}/promise.json")
    told = answer.get_json()
    assert (told["case"], told["policy"], told["priority"]) == (number, "cipplanner", "urgent")
    assert told["first_response"] == {"state": "running", "due_at": "2026-11-17T19:00:00Z"}
    assert [
        (each["priority"], each["made_at"], each["due_at"])
        for each in told["history"]
        if each["clock"] == "first_response"
    ] == [
        ("minor", "2026-11-17T17:00:00Z", "2026-11-18T01:00:00Z"),
        ("urgent", "2026-11-17T18:00:00Z", "2026-11-17T19:00:00Z"),
    ]
    assert all(span["because"] for span in told["why"])
    assert answer.headers["Cache-Control"] == "no-store"


def test_nobody_else_gets_the_promises_as_data(
    people: Cast, database: Database, sign_in_as: SignInAs
) -> None:
    number = open_at(database, people.ines, TUESDAY)
    assert sign_in_as(people.bea).get(f"/cases/{number}/promise.json").status_code == 404


@pytest.mark.parametrize(
    ("zone", "own"),
    [
        ("Europe/Berlin", "Wed 18 Nov 2026, 2:00 am CET"),
        ("Asia/Kolkata", "Wed 18 Nov 2026, 6:30 am IST"),
        ("Pacific/Honolulu", "Tue 17 Nov 2026, 3:00 pm HST"),
    ],
)
def test_the_time_stands_in_the_readers_zone_and_in_ours(
    zone: str, own: str, people: Cast, database: Database, sign_in_as: SignInAs
) -> None:
    number = open_at(database, people.ines, TUESDAY)
    reader = move_to(database, people.ines, zone)
    page = seen(sign_in_as, reader, number, AN_HOUR_LATER).text
    assert f"First answer due by {own}" in page
    assert "which is Tuesday 17 November 2026, 5:00 pm Pacific time for us" in page


def test_a_reader_in_our_zone_is_told_once(
    people: Cast, database: Database, sign_in_as: SignInAs
) -> None:
    number = open_at(database, people.ines, TUESDAY)
    reader = move_to(database, people.ines, "America/Los_Angeles")
    page = seen(sign_in_as, reader, number, AN_HOUR_LATER).text
    assert "First answer due by Tue 17 Nov 2026, 5:00 pm PST" in page
    assert "for us" not in page[: page.index("Conversation")]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kolkata", "Pacific/Honolulu"])
@pytest.mark.parametrize(
    "edge",
    [
        ("2026-11-17T16:59:59-08:00", "2026-11-18T01:00:00Z"),  # the last second of the day
        ("2026-11-17T17:00:00-08:00", "2026-11-19T01:00:00Z"),  # closing time is after hours
        ("2026-03-06T17:30:00-08:00", "2026-03-10T00:00:00Z"),  # over the night that is shorter
        ("2026-10-30T17:30:00-07:00", "2026-11-03T01:00:00Z"),  # over the night that is longer
        ("2026-11-25T17:30:00-08:00", "2026-11-28T01:00:00Z"),  # on Thanksgiving's eve
    ],
)
def test_what_the_form_shows_is_what_is_stored_at_the_edges_of_a_day(
    zone: str, edge: tuple[str, str], people: Cast, database: Database, sign_in_as: SignInAs
) -> None:
    at, expected = edge
    customer = move_to(database, people.ines, zone)
    due = datetime.fromisoformat(expected)
    there = due.astimezone(ZoneInfo(zone))
    with time_machine.travel(datetime.fromisoformat(at), tick=False):
        ines = Visitor(sign_in_as(customer))
        ines.up_to_check(effect={"daily_work": "yes"})
        assert f'<time datetime="{expected}">' in ines.page
        assert f"{there.hour % 12 or 12}:{there:%M} {there:%p}".lower() in ines.text
        ines.send_case()
        assert f'<time datetime="{expected}">' in ines.page
    with database.reading() as db:
        stored = db.scalars(select(Case)).one().first_response_due_at
    assert stored == due
