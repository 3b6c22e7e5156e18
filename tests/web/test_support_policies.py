"""The guided case under each of the four policies, in and out of hours."""

import re
from datetime import datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.cases.case import Case
from portal.cases.policies import adopt
from portal.database import Database
from portal.policy.profiles import profile_source
from tests import cast
from tests.cast import LONG_AGO, Cast
from tests.web.conftest import SignInAs
from tests.web.support_visitor import Visitor

MORNING = datetime.fromisoformat("2026-11-23T10:00:00-08:00")
SATURDAY_NIGHT = datetime.fromisoformat("2026-11-21T22:00:00-08:00")


def people_under(policy: str, database: Database) -> Cast:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source(policy), now=LONG_AGO)
        return cast.everybody(db)


def the_case(database: Database) -> Case:
    with database.reading() as db:
        return db.scalars(select(Case)).one()


def due(visitor: Visitor) -> str:
    """The promised instant on the page, in UTC; "" where none is promised."""
    promise = visitor.page.partition('class="promise-instant"')[2]
    found = re.search(r'<time datetime="([^"]+)"', promise.partition("</p>")[0])
    return found.group(1) if found else ""


@pytest.mark.parametrize(
    "scenario",
    [
        ("communicado", "system_down", MORNING, "2026-11-23T19:00:00Z"),
        ("communicado", "system_down", SATURDAY_NIGHT, "2026-11-23T18:30:00Z"),
        ("communicado", "only_a_question", MORNING, "2026-11-25T18:00:00Z"),
        ("cipplanner", "catastrophe", MORNING, "2026-11-23T18:30:00Z"),
        ("cipplanner", "cannot_wait", SATURDAY_NIGHT, "2026-11-22T07:00:00Z"),
        ("cipplanner", "daily_work", MORNING, "2026-11-24T01:00:00Z"),
        ("cipplanner", "daily_work", SATURDAY_NIGHT, "2026-11-24T01:00:00Z"),
        ("civicplus", "site_down", SATURDAY_NIGHT, "2026-11-22T07:00:00Z"),
        ("civicplus", "how_to", MORNING, "2026-11-23T22:00:00Z"),
        ("civicplus", "how_to", SATURDAY_NIGHT, "2026-11-23T17:00:00Z"),
        ("cts", "officer_safety", MORNING, "2026-11-23T18:15:00Z"),
        ("cts", "officer_safety", SATURDAY_NIGHT, "2026-11-23T13:15:00Z"),
        ("cts", "module_down", MORNING, "2026-11-23T18:30:00Z"),
        ("cts", "later", MORNING, ""),
    ],
)
def test_what_is_shown_before_sending_is_what_is_stored(
    scenario: tuple[str, str, datetime, str], database: Database, sign_in_as: SignInAs
) -> None:
    policy, yes, at, expected = scenario
    people = people_under(policy, database)
    with time_machine.travel(at, tick=False):
        ines = Visitor(sign_in_as(people.ines))
        ines.tell()
        ines.say_effect(**{yes: "yes"})
        assert due(ines) == expected
        ines.accept(business_effect="Nobody can work.")
        ines.give_details()
        ines.give_contact(consent="no")
        assert ines.heading == "Check your answers"
        assert due(ines) == expected
        ines.send_case()
        assert due(ines) == expected
    stored = the_case(database).first_response_due_at
    assert (f"{stored:%Y-%m-%dT%H:%M:%SZ}" if stored else "") == expected


def test_C2_each_definition_of_the_highest_level_is_a_question(
    app: Flask, database: Database
) -> None:
    people_under("cts", database)
    guest = Visitor(app.test_client())
    guest.tell()
    for asked in (
        "The safety of officers is at stake",
        "The application corrupts data",
        "The program does not start",
        "Critical work will miss its deadline",
    ):
        assert asked in guest.text
    guest.say_effect(deadline="yes")
    assert "Urgent / Emergency" in guest.text
    assert "You said yes to" in guest.text


def test_C3_a_module_that_is_down_is_high(app: Flask, database: Database) -> None:
    people_under("cts", database)
    guest = Visitor(app.test_client())
    guest.tell()
    guest.say_effect(module_down="yes")
    assert "High / Non-emergency" in guest.text


def test_C4_the_cause_decides_when_definitions_clash(app: Flask, database: Database) -> None:
    people_under("cts", database)
    guest = Visitor(app.test_client())
    guest.tell()
    guest.say_effect(will_not_start="yes", outside_cause="yes")
    assert "Medium" in guest.text
    assert "The cause lies outside the application" in guest.text


def test_C4_the_cause_is_asked_for_only_where_it_decides(app: Flask, database: Database) -> None:
    people_under("cts", database)
    guest = Visitor(app.test_client())
    guest.tell()
    guest.send(guest.action, holds=["will_not_start", "officer_safety"])
    assert guest.heading == "When you will hear from us"
    guest.open(f"{guest.draft}/effect?ask=1")
    guest.send(guest.action, holds=["will_not_start"])
    assert "Is the system down because of something other than the application" in guest.text
    guest.send(guest.action)
    assert guest.status == 422
    assert 'href="#cause"' in guest.page
    guest.send(guest.action, cause="unknown")
    assert "Urgent / Emergency" in guest.text


def test_an_urgent_answer_takes_back_what_was_said_of_the_less_urgent(
    app: Flask, database: Database
) -> None:
    people_under("cts", database)
    guest = Visitor(app.test_client())
    guest.tell()
    guest.say_effect(way_round="yes")
    guest.open(f"{guest.draft}/effect?ask=1")
    guest.send(guest.action, holds=["module_down"])
    assert guest.heading == "When you will hear from us"
    guest.open(f"{guest.draft}/effect?ask=1")
    guest.send(guest.action, holds=["none"])
    assert "There is a way round the problem for now" in guest.text
    assert " checked" not in guest.page


def test_C5_minor_only_when_nothing_higher_holds(app: Flask, database: Database) -> None:
    people_under("cts", database)
    guest = Visitor(app.test_client())
    guest.tell()
    guest.say_effect(later="yes")
    assert "There is no published time for this priority." in guest.text
    guest.open(f"{guest.draft}/effect?ask=1")
    guest.say_effect(later="yes", way_round="yes")
    assert "Medium" in guest.text


@time_machine.travel(SATURDAY_NIGHT, tick=False)
def test_who_works_day_and_night_may_call_at_any_hour(app: Flask, database: Database) -> None:
    people_under("cipplanner", database)
    guest = Visitor(app.test_client())
    guest.tell()
    guest.say_effect(catastrophe="yes")
    guest.accept(business_effect="Everything is lost.")
    guest.give_details()
    guest.give_contact(reachable_at="")
    assert "Who can be reached around the clock, and how?" in guest.text
    assert "Enter a name and a number that is answered at any hour." in guest.text


@time_machine.travel(SATURDAY_NIGHT, tick=False)
def test_emergency_cover_is_for_named_contacts_and_others_are_told_who_they_are(
    database: Database, sign_in_as: SignInAs
) -> None:
    people = people_under("civicplus", database)
    nadia = Visitor(sign_in_as(people.nadia))
    nadia.tell()
    nadia.say_effect(site_down="yes")
    assert "“Emergency” is for named contacts" in nadia.text
    assert "At Harbour Lines these are named contacts: Ines Okafor." in nadia.text
    assert due(nadia) == "2026-11-23T17:00:00Z"


@time_machine.travel(SATURDAY_NIGHT, tick=False)
def test_B8_B9_paid_help_needs_consent_with_the_amount_and_is_recorded(
    database: Database, sign_in_as: SignInAs
) -> None:
    people = people_under("civicplus", database)
    ines = Visitor(sign_in_as(people.ines))
    ines.tell()
    ines.say_effect(how_to="yes")
    ines.accept()
    ines.give_details()
    assert "Help before we open costs USD 200 per hour." in ines.text
    ines.give_contact()
    assert "Choose whether we may start before we open." in ines.text
    ines.give_contact(consent="yes")
    assert "Yes, for USD 200 per hour" in ines.text
    assert due(ines) == "2026-11-22T10:00:00Z"
    ines.send_case()
    consent = the_case(database).consent
    assert consent["rate"] == "USD 200 per hour"
    assert consent["by"] == "Ines Okafor"
    assert datetime.fromisoformat(consent["agreed_at"]) == SATURDAY_NIGHT


@time_machine.travel(SATURDAY_NIGHT, tick=False)
def test_B8_who_asks_for_emergency_help_reads_that_it_is_free_where_other_help_is_not(
    database: Database, sign_in_as: SignInAs
) -> None:
    people = people_under("civicplus", database)
    ines = Visitor(sign_in_as(people.ines))
    ines.tell()
    ines.say_effect(site_down="yes")
    assert "There is no charge for a true emergency." in ines.text
    ines.open("/cases/new")
    ines.tell()
    ines.say_effect(how_to="yes")
    assert "no charge" not in ines.text


@time_machine.travel(SATURDAY_NIGHT, tick=False)
def test_B9_without_consent_nothing_starts_before_opening(
    database: Database, sign_in_as: SignInAs
) -> None:
    people = people_under("civicplus", database)
    ines = Visitor(sign_in_as(people.ines))
    ines.tell()
    ines.say_effect(how_to="yes")
    ines.accept()
    ines.give_details()
    ines.give_contact(consent="no")
    assert due(ines) == "2026-11-23T17:00:00Z"
    ines.send_case()
    assert the_case(database).consent == {}


@time_machine.travel(MORNING, tick=False)
def test_in_hours_nobody_is_asked_to_pay(database: Database, sign_in_as: SignInAs) -> None:
    people = people_under("civicplus", database)
    ines = Visitor(sign_in_as(people.ines))
    ines.tell()
    ines.say_effect(how_to="yes")
    ines.accept()
    ines.give_details()
    assert "costs" not in ines.text


@time_machine.travel(SATURDAY_NIGHT, tick=False)
def test_only_a_named_contact_may_buy_help_at_night(
    database: Database, sign_in_as: SignInAs
) -> None:
    people = people_under("civicplus", database)
    nadia = Visitor(sign_in_as(people.nadia))
    nadia.tell()
    nadia.say_effect(how_to="yes")
    nadia.accept()
    nadia.give_details()
    assert "Should we start before we open?" not in nadia.text
    nadia.give_contact(consent="yes")
    assert due(nadia) == "2026-11-23T17:00:00Z"


@time_machine.travel(SATURDAY_NIGHT, tick=False)
def test_a_promise_that_waits_for_the_opening_is_not_said_to_count_from_sending(
    app: Flask, database: Database
) -> None:
    people_under("communicado", database)
    guest = Visitor(app.test_client())
    guest.up_to_check(effect={"system_down": "yes"})
    assert "the clock starts Mon 6:30 am Pacific time" in guest.text
    assert "the check delays nothing" in guest.text
    assert "counts from" not in guest.text
    guest.send_case()
    assert "counts from" not in guest.text


@time_machine.travel(MORNING, tick=False)
def test_where_no_time_is_published_none_is_spoken_of(app: Flask, database: Database) -> None:
    people_under("cts", database)
    guest = Visitor(app.test_client())
    guest.up_to_check(effect={"later": "yes"})
    before = guest.text
    guest.send_case()
    for page in (before, guest.text):
        assert "There is no published time for this priority." in page
        for sentence in ("time above", "time below", "time to our first answer", "How firm it is"):
            assert sentence not in page


@time_machine.travel(MORNING, tick=False)
def test_C11_who_is_promised_a_day_of_delivery_is_told_so_before_sending_and_after(
    database: Database, sign_in_as: SignInAs
) -> None:
    people = people_under("cts", database)
    ines = Visitor(sign_in_as(people.ines))
    ines.tell()
    ines.say_effect(module_down="yes")
    assert "the day on which it will be delivered" not in ines.text
    ines.open("/cases/new")
    ines.tell()
    ines.say_effect(later="yes")
    told = "we tell you the day on which it will be delivered"
    assert f"If a fix is needed, {told}." in ines.text
    ines.accept()
    ines.give_details()
    ines.give_contact()
    ines.send_case()
    ines.open(f"/cases/{ines.reference}")
    assert f"Delivery of the fix: If one is needed, {told}." in ines.text


@time_machine.travel(SATURDAY_NIGHT, tick=False)
def test_the_next_update_and_the_escalation_stand_in_both_zones(
    database: Database, sign_in_as: SignInAs
) -> None:
    people = people_under("cipplanner", database)
    ines = Visitor(sign_in_as(people.ines))
    ines.tell()
    ines.say_effect(daily_work="yes")
    update = ines.text.partition("Next update by ")[2].partition(" for us.")[0]
    assert update.startswith("Tue 24 Nov 2026, 2:00 am CET")
    assert update.endswith("which is Monday 23 November 2026, 5:00 pm Pacific time")


@time_machine.travel(SATURDAY_NIGHT, tick=False)
def test_only_who_may_have_another_priority_is_offered_one(
    database: Database, sign_in_as: SignInAs
) -> None:
    people = people_under("civicplus", database)
    for person, may in ((people.nadia, False), (people.ines, True)):
        visitor = Visitor(sign_in_as(person))
        visitor.up_to_check(effect={"how_to": "yes"})
        if "Choose whether we may start" in visitor.text:
            visitor.give_contact(consent="no")
        visitor.send_case()
        visitor.open(f"/cases/{visitor.reference}")
        assert ("Change the priority" in visitor.text) is may
        assert ("Emergency help is for named contacts." in visitor.text) is not may


@time_machine.travel(MORNING, tick=False)
def test_escalation_by_subject_names_nobody_before_the_subject_is_known(
    database: Database, sign_in_as: SignInAs
) -> None:
    people = people_under("civicplus", database)
    ines = Visitor(sign_in_as(people.ines))
    ines.up_to_check(effect={"how_to": "yes"})
    ines.send_case()
    ines.open(f"/cases/{ines.reference}")
    assert "We tell whoever takes escalations at once, with your reason" in ines.text
    assert "by subject" not in ines.text.lower()
    ines.send(f"/cases/{ines.reference}/escalation", **{"escalation-reason": "Nobody calls back"})
    assert "Escalation asked for" in ines.text
    assert "by subject" not in ines.text.lower()


@time_machine.travel(MORNING, tick=False)
def test_a_confirmation_that_is_opened_again_announces_nothing_that_has_happened(
    database: Database, sign_in_as: SignInAs
) -> None:
    people = people_under("cipplanner", database)
    ines = Visitor(sign_in_as(people.ines))
    ines.up_to_check(effect={"catastrophe": "yes"})
    ines.send_case()
    confirmation, number = ines.path, ines.reference
    assert "Call us now" in ines.text
    assert "Somebody reads your case and answers you" in ines.text
    ines.open(f"/cases/{number}")
    ines.send(f"/cases/{number}/closure", **{"closure-reason": "solved"})
    ines.open(confirmation)
    assert number in ines.text
    assert "no answer is outstanding" in ines.text
    for announced in ("Call us now", "Somebody reads your case", "We mail the details"):
        assert announced not in ines.text
