"""The guided case, step by step, as a customer walks it."""

import re
from datetime import datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.cases.case import Case, CaseStatus
from portal.cases.draft import Draft
from portal.cases.policies import adopt
from portal.database import Database
from portal.policy.profiles import profile_source
from tests import cast
from tests.cast import LONG_AGO, Cast
from tests.web.conftest import SignInAs
from tests.web.support_visitor import Visitor

OPEN = "2026-11-23T10:00:00-08:00"
NIGHT = "2026-11-21T22:00:00-08:00"


@pytest.fixture
def people(database: Database) -> Cast:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        return cast.everybody(db)


@pytest.fixture
def guest(app: Flask, people: Cast) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def ines(people: Cast, sign_in_as: SignInAs) -> Visitor:
    return Visitor(sign_in_as(people.ines))


def only_case(database: Database) -> Case:
    with database.reading() as db:
        return db.scalars(select(Case)).one()


def test_a_guest_goes_from_question_to_receipt(guest: Visitor) -> None:
    guest.tell()
    assert guest.heading == "How badly does it affect you?"
    guest.say_effect(part_down="yes")
    assert guest.heading == "When you will hear from us"
    guest.accept()
    assert guest.heading == "Details we need"
    guest.give_details()
    assert guest.heading == "Who should we contact?"
    guest.give_contact()
    assert guest.heading == "Check your answers"
    guest.send_case()
    assert guest.heading == "We have your request"
    assert guest.reference.startswith("R-")


def test_each_question_page_says_where_one_is_and_leads_back(guest: Visitor) -> None:
    guest.open("/cases/new")
    assert "Step 1 of 4" in guest.text
    guest.tell()
    assert "Step 2 of 4" in guest.text
    assert f'href="{guest.draft}/question"' in guest.page
    guest.say_effect()
    guest.accept()
    assert "Step 3 of 4" in guest.text
    guest.give_details()
    assert "Step 4 of 4" in guest.text


def test_B15_suggestions_and_questions_are_kinds_of_request(app: Flask, database: Database) -> None:
    with database.writing() as db:
        adopt(db, source=profile_source("civicplus"), now=LONG_AGO)
    visitor = Visitor(app.test_client())
    visitor.open("/cases/new")
    assert "I have a suggestion" in visitor.text
    assert "I have a question or a concern" in visitor.text


def test_errors_stand_above_the_heading_at_the_field_and_in_the_title(guest: Visitor) -> None:
    guest.open("/cases/new")
    guest.send("/cases/new", subject="", description="It stops at 40 percent.")
    assert guest.status == 422
    assert guest.title.startswith("Error: What is happening?")
    words = "Write in one line what it is about"
    assert guest.page.count(words) == 2
    assert guest.page.index("There is a problem") < guest.page.index("<h1")
    assert 'href="#subject"' in guest.page
    assert 'aria-invalid="true"' in guest.page
    assert "It stops at 40 percent." in guest.page


def test_D15_a_subject_in_one_line_is_required(guest: Visitor) -> None:
    guest.open("/cases/new")
    guest.send("/cases/new", kind="problem", subject=" ", description="x")
    assert "Write in one line what it is about" in guest.text


def test_what_was_searched_for_is_filled_in(guest: Visitor) -> None:
    guest.open("/cases/new?q=exports+fail")
    assert 'value="exports fail"' in guest.page


def test_nothing_is_a_draft_before_the_first_answers(guest: Visitor, database: Database) -> None:
    guest.open("/cases/new")
    with database.reading() as db:
        assert db.scalar(select(func.count(Draft.id))) == 0


def test_D28_the_first_statement_is_that_the_system_is_down(guest: Visitor) -> None:
    guest.tell()
    offered = re.findall(r'<label for="holds[^"]*">(.*?)</label>', guest.page)
    assert offered[0] == "Your system does not work"
    assert offered[-1] == "None of these, or I don’t know"


@pytest.mark.parametrize("holds", [[], ["none", "part_down"], ["invented"]])
def test_something_must_be_ticked_and_none_of_these_goes_with_nothing_else(
    guest: Visitor, holds: list[str]
) -> None:
    guest.tell()
    guest.send(guest.action, holds=holds)
    assert guest.status == 422
    assert guest.title.startswith("Error: ")
    assert 'href="#holds"' in guest.page
    assert "Tick what is true, or “None of these, or I don’t know”" in guest.text
    guest.send(guest.action, holds=["part_down"])
    assert guest.heading == "When you will hear from us"


def test_what_was_ticked_stands_there_on_the_way_back_and_can_be_changed(guest: Visitor) -> None:
    guest.tell()
    guest.send(guest.action, holds=["part_down"])
    guest.open(f"{guest.draft}/effect?ask=1")
    assert re.search(r'value="part_down" checked', guest.page)
    guest.send(guest.action, holds=["none"])
    assert "None of these applies" in guest.text


def test_D33_the_promise_says_what_it_measures(guest: Visitor) -> None:
    with time_machine.travel(datetime.fromisoformat(OPEN), tick=False):
        guest.tell()
        guest.say_effect(part_down="yes")
    assert "The time to our first answer, not to the fix" in guest.text


@time_machine.travel(datetime.fromisoformat(NIGHT), tick=False)
def test_a_promise_at_night_names_the_morning_and_the_reason(guest: Visitor) -> None:
    guest.tell()
    guest.say_effect(system_down="yes")
    assert "Mon 23 Nov 2026, 10:30 am PST" in guest.text
    assert "Because it is the weekend (Sat)" in guest.text
    assert "(866) 489-8722" in guest.text
    assert "Nobody answers the telephone before Mon 23 Nov 2026, 6:30 am PST" in guest.text


@time_machine.travel(datetime.fromisoformat(OPEN), tick=False)
def test_for_the_most_urgent_the_telephone_is_shown_at_once(guest: Visitor) -> None:
    guest.tell()
    guest.say_effect(system_down="yes")
    assert "Call us now" in guest.text
    assert 'href="tel:8664898722"' in guest.page


def test_the_most_urgent_level_asks_what_cannot_be_done_and_who_is_reachable(
    guest: Visitor,
) -> None:
    guest.tell()
    guest.say_effect(system_down="yes")
    guest.accept(business_effect="")
    assert "Say what you can’t do because of it." in guest.text
    guest.accept(business_effect="Nobody can phone.")
    guest.give_details()
    guest.give_contact(reachable_at="")
    assert "an engineer may call whenever we are open" in guest.text
    assert "around the clock" not in guest.text, "this level is answered in office hours only"
    assert "Enter a name and a number." in guest.text


def test_another_priority_needs_a_reason_and_shows_its_own_promise(guest: Visitor) -> None:
    with time_machine.travel(datetime.fromisoformat(OPEN), tick=False):
        guest.tell()
        guest.say_effect(part_down="yes")
        before = guest.text
        guest.send(f"{guest.draft}/effect", outcome="show", priority="3", reason="")
        assert "Say why, so that we can judge it the same way." in guest.text
        guest.send(f"{guest.draft}/effect", outcome="show", priority="3", reason="A way round it")
    assert "you chose “Priority 3”" in guest.text
    assert "Your reason: A way round it" in guest.text
    assert "Mon 23 Nov 2026, 2:00 pm PST" in before
    assert "Tue 24 Nov 2026, 10:00 am PST" in guest.text


def test_the_fragment_shows_what_another_priority_would_promise(guest: Visitor) -> None:
    with time_machine.travel(datetime.fromisoformat(OPEN), tick=False):
        guest.tell()
        guest.say_effect(part_down="yes")
        page = guest.client.get(f"{guest.draft}/expectation?priority=1").get_data(as_text=True)
    assert "<html" not in page
    assert "2026-11-23T19:00:00Z" in page


def test_D11_D12_D13_D14_D17_D18_the_policy_says_what_is_asked(guest: Visitor) -> None:
    guest.tell()
    guest.say_effect()
    guest.accept()
    for label in (
        "Company",
        "Type of installation",
        "Location of the installation",
        "Database",
        "VXTracker server (version, operating system)",
        "Who makes your PBX?",
        "Model number of your PBX",
        "Is another product involved?",
        "What have you tried so far?",
    ):
        assert label in guest.text
    assert "Nobody should ask you to try it twice." in guest.text
    guest.give_details()
    for label in ("Technical contact: name", "Technical contact: telephone"):
        assert label in guest.text


def test_D11_a_required_detail_that_is_missing_names_itself(guest: Visitor) -> None:
    guest.tell()
    guest.say_effect()
    guest.accept()
    guest.give_details(location="")
    assert guest.status == 422
    assert "Fill in “Location of the installation”, or write “I don’t know”." in guest.text
    assert 'value="Avaya"' in guest.page


def test_D11_what_is_wrong_is_listed_in_the_order_of_the_page(guest: Visitor) -> None:
    guest.tell()
    guest.say_effect()
    guest.accept()
    guest.send(f"{guest.draft}/details")
    guest.send(f"{guest.draft}/details", **{"detail-location": "", "detail-steps_taken": ""})
    assert guest.status == 422
    summary = guest.page[guest.page.index('class="error-summary"') :]
    listed = re.findall(r'<a href="#([^"]+)"', summary[: summary.index("</ul>")])
    assert len(listed) == 3, "two answers, and the leave to connect"
    places = [guest.page.index(f'id="{field}"') for field in listed]
    assert places == sorted(places)


@pytest.mark.parametrize("typed", ["call me", "12 34", "555 0100 after six", "+++"])
def test_what_nobody_can_call_is_refused_with_an_example_and_stays(
    guest: Visitor, typed: str
) -> None:
    guest.tell()
    guest.say_effect()
    guest.accept()
    guest.give_details()
    guest.give_contact(phone=typed)
    assert guest.status == 422
    assert "at least 5 digits, like +49 30 5550100" in guest.text
    assert guest.value_of("phone") == typed


def test_D12_D13_what_the_installation_tells_is_filled_in(ines: Visitor) -> None:
    ines.tell()
    ines.say_effect()
    ines.accept()
    assert 'value="Harbour Lines"' in ines.page
    assert 'value="IP Office 500"' in ines.page
    assert "We filled in what you told us before." in ines.text


def test_what_was_answered_is_changed_under_its_own_name(guest: Visitor) -> None:
    guest.up_to_check()
    assert "Change Who makes your PBX?" in guest.text
    assert "Time zone Berlin" in guest.text


def test_D14_the_technical_contact_is_filled_in_and_can_be_changed(ines: Visitor) -> None:
    ines.tell()
    ines.say_effect()
    ines.accept()
    ines.give_details()
    assert 'value="Ines Okafor"' in ines.page
    assert 'value="ines@customer.example"' in ines.page
    assert "readonly" not in ines.page


def test_D17_a_conditional_field_follows_by_a_round_trip(guest: Visitor) -> None:
    guest.tell()
    guest.say_effect()
    guest.accept()
    assert "Name and version of the other product" not in guest.text
    names = set(re.findall(r'name="(detail-[^"]+)"', guest.page))
    given = dict.fromkeys(names, "Avaya") | {"detail-other_product_involved": "yes"}
    del given["detail-third_party_product_and_version"]
    guest.send(f"{guest.draft}/details", remote_access="y", **given)
    assert guest.heading == "Details we need"
    assert "Name and version of the other product" in guest.text
    guest.give_details(
        other_product_involved="yes", third_party_product_and_version="Cisco CUCM 12"
    )
    guest.give_contact()
    assert "Cisco CUCM 12" in guest.text


def test_D2_remote_access_must_be_confirmed(guest: Visitor) -> None:
    guest.tell()
    guest.say_effect()
    guest.accept()
    names = set(re.findall(r'name="(detail-[^"]+)"', guest.page))
    guest.send(f"{guest.draft}/details", **dict.fromkeys(names, "Avaya"))
    assert "without remote access we can’t look at the fault" in guest.text


def test_D20_a_defect_asks_for_the_steps_to_reproduce(guest: Visitor) -> None:
    guest.tell(kind="defect")
    guest.say_effect()
    guest.accept()
    assert "How can we make it happen, step by step?" in guest.text


def test_D21_an_upgrade_is_refused_with_the_condition_that_failed(
    people: Cast, guest: Visitor, sign_in_as: SignInAs
) -> None:
    refused = "is open to the technical contact named in your contract"
    guest.open("/cases/new")
    guest.send("/cases/new", kind="upgrade", subject="Version 5, please")
    assert "Sign in first." in guest.text
    nadia = Visitor(sign_in_as(people.nadia))
    nadia.open("/cases/new")
    nadia.send("/cases/new", kind="upgrade", subject="Version 5, please")
    assert refused in nadia.text
    bea = Visitor(sign_in_as(people.bea))
    bea.open("/cases/new")
    bea.send("/cases/new", kind="upgrade", subject="Version 5, please")
    assert "needs a contract that is in force" in bea.text
    theo = Visitor(sign_in_as(people.theo))
    theo.open("/cases/new")
    theo.send("/cases/new", kind="upgrade", subject="Version 5, please")
    assert theo.status == 200
    assert "Requests of this kind always have it." in theo.text


def test_D4_without_a_contract_the_request_is_held_and_told_so_before(
    people: Cast, sign_in_as: SignInAs, database: Database
) -> None:
    bea = Visitor(sign_in_as(people.bea))
    bea.up_to_check()
    assert "We have no contract in force on record for your organisation." in bea.text
    assert "A case number needs a maintenance contract." in bea.text
    bea.send_case()
    assert bea.reference.startswith("R-")
    assert only_case(database).status is CaseStatus.HELD
    assert only_case(database).number is None


def test_with_a_contract_the_number_is_given_at_once(ines: Visitor, database: Database) -> None:
    ines.up_to_check()
    ines.send_case()
    assert ines.heading == "Case sent"
    assert ines.reference == only_case(database).number


def test_the_promise_shown_is_the_promise_stored(ines: Visitor, database: Database) -> None:
    with time_machine.travel(datetime.fromisoformat(NIGHT), tick=False):
        ines.up_to_check(effect={"part_down": "yes"})
        shown = re.findall(r'<time datetime="([^"]+)"', ines.page)[0]
        ines.send_case()
        confirmed = re.findall(r'<time datetime="([^"]+)"', ines.page)[0]
    stored = only_case(database).first_response_due_at
    assert stored is not None
    assert shown == confirmed == f"{stored:%Y-%m-%dT%H:%M:%SZ}"
    assert "7:30 pm CET" in ines.text
    assert "10:30 am Pacific time" in ines.text


def test_the_check_page_leads_to_each_answer_and_straight_back(guest: Visitor) -> None:
    guest.up_to_check()
    draft = guest.draft
    for step in ("question", "effect", "details", "contact"):
        assert f'href="{draft}/{step}?change=yes"' in guest.page
    guest.open(f"{draft}/question?change=yes")
    assert "Back to check" in guest.text
    guest.send(
        f"{draft}/question?change=yes", kind="problem", subject="Faxes fail", description="Since 9."
    )
    assert guest.heading == "Check your answers"
    assert "Faxes fail" in guest.text


def test_another_kind_of_request_asks_again_what_depends_on_it(guest: Visitor) -> None:
    guest.up_to_check()
    draft = guest.draft
    guest.send(f"{draft}/question?change=yes", kind="defect", subject="S", description="D")
    assert guest.heading == "When you will hear from us"
    guest.send(f"{draft}/effect?change=yes", outcome="accept")
    assert guest.heading == "Details we need"
    guest.give_details()
    assert guest.heading == "Who should we contact?"


def test_what_was_not_given_reads_not_provided(guest: Visitor) -> None:
    guest.up_to_check()
    assert "Earlier case Not provided" in guest.text


def test_pressing_send_again_makes_no_second_case(guest: Visitor, database: Database) -> None:
    guest.up_to_check()
    draft = guest.draft
    for _ in range(3):
        guest.send_case()
        assert guest.heading == "We have your request"
        guest.path = f"{draft}/check"
    for step in ("question", "effect", "details", "contact", "check"):
        guest.open(f"{draft}/{step}")
        assert guest.heading == "We have your request"
    assert only_case(database)


def test_sending_before_everything_is_answered_leads_to_what_is_missing(guest: Visitor) -> None:
    guest.tell()
    draft = guest.draft
    guest.send(f"{draft}/check")
    assert guest.heading == "How badly does it affect you?"
    guest.open(f"{draft}/contact")
    assert guest.heading == "How badly does it affect you?"


def test_a_draft_is_offered_again_and_opens_only_in_its_browser(app: Flask, guest: Visitor) -> None:
    guest.tell(subject="Voice mail is silent")
    draft = guest.draft
    guest.open("/cases/new")
    assert "Continue your draft" in guest.text
    assert "Voice mail is silent" in guest.text
    stranger = Visitor(app.test_client())
    for step in ("", "/question", "/effect", "/details", "/contact", "/check", "/sent"):
        assert stranger.client.get(f"{draft}{step}").status_code == 404


def test_a_draft_lives_seven_days(guest: Visitor) -> None:
    with time_machine.travel(datetime.fromisoformat("2026-11-02T10:00:00-08:00"), tick=False):
        guest.tell()
    draft = guest.draft
    with time_machine.travel(datetime.fromisoformat("2026-11-08T10:00:00-08:00"), tick=False):
        assert guest.client.get(f"{draft}/question").status_code == 200
    with time_machine.travel(datetime.fromisoformat("2026-11-20T10:00:00-08:00"), tick=False):
        assert guest.client.get(f"{draft}/question").status_code == 404


def test_a_draft_survives_signing_in_and_gets_a_number(
    people: Cast, guest: Visitor, sign_in_as: SignInAs, database: Database
) -> None:
    guest.tell()
    guest.say_effect()
    guest.accept()
    guest.give_details()
    assert "Sign in" in guest.text
    assert f"next={guest.draft}/contact".replace("/", "%2F") in guest.page.replace("/", "%2F")
    sign_in = sign_in_as(people.ines).get_cookie("sign-in", domain="localhost")
    assert sign_in is not None
    guest.client.set_cookie("sign-in", sign_in.value, domain="localhost")
    draft = guest.draft
    guest.open(f"{draft}/contact")
    assert 'value="Ines Okafor"' in guest.page
    guest.give_contact(name="Ines Okafor", email="ines@customer.example")
    guest.send_case()
    assert guest.heading == "Case sent"
    assert only_case(database).contact_id == people.ines.id


def test_D16_an_open_case_is_offered_instead_of_a_new_one(ines: Visitor) -> None:
    ines.up_to_check()
    ines.send_case()
    number = ines.reference
    ines.open("/cases/new")
    assert "Is it about one of your open cases?" in ines.text
    ines.send(
        "/cases/new", kind="problem", subject="More", description="Also on port 9", open_case=number
    )
    assert ines.path == f"/cases/{number}"
    assert "Also on port 9" in ines.page


def test_the_confirmation_can_be_copied_and_says_what_happens_next(guest: Visitor) -> None:
    guest.up_to_check()
    guest.send_case()
    assert 'data-copy="receipt"' in guest.page
    assert "What happens next" in guest.text
    assert "We mail a link that opens your case without an account to gus@guest.example." in (
        guest.text
    )
    guest.open(guest.path)
    assert guest.heading == "We have your request"


def test_who_has_no_contract_is_told_on_the_first_page(
    people: Cast, guest: Visitor, ines: Visitor, sign_in_as: SignInAs
) -> None:
    guest.open("/cases/new")
    assert "You can send one without an account: we then check the contract first." in guest.text
    bea = Visitor(sign_in_as(people.bea))
    bea.open("/cases/new")
    assert "We have no contract in force on record for your organisation." in bea.text
    assert "You can send a request all the same" in bea.text
    ines.open("/cases/new")
    assert "all the same" not in ines.text
