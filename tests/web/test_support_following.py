"""Following a case: list, page, acts, files and secret links."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.cases.access import issue_link
from portal.cases.case import Case, CaseStatus
from portal.cases.closing import close, solve
from portal.cases.conversation import Message
from portal.cases.draft import Draft
from portal.cases.noting import note
from portal.cases.policies import adopt
from portal.cases.rating import Rating
from portal.cases.responding import respond
from portal.database import Database
from portal.mail.outbox import OutgoingMail
from portal.people.person import Person
from portal.policy.profiles import profile_source
from tests import cast
from tests.cast import LONG_AGO, Cast
from tests.web.conftest import SignInAs
from tests.web.support_visitor import Visitor

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture
def people(database: Database) -> Cast:
    with database.writing() as db:
        db.expire_on_commit = False
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        return cast.everybody(db)


@pytest.fixture
def ines(people: Cast, sign_in_as: SignInAs) -> Visitor:
    return Visitor(sign_in_as(people.ines))


@pytest.fixture
def number(ines: Visitor) -> str:
    """Ines has opened a case and looks at it."""
    ines.up_to_check(effect={"part_down": "yes"})
    ines.send_case()
    number = ines.reference
    ines.open(f"/cases/{number}")
    return number


def the_case(database: Database) -> Case:
    with database.reading() as db:
        return db.scalars(select(Case)).one()


def staff_respond(
    database: Database, by: Person, *, then: CaseStatus = CaseStatus.IN_PROGRESS
) -> None:
    with database.writing() as db:
        case = db.scalars(select(Case)).one()
        respond(
            db, case=case, author=by, body="Which port is it?", now=datetime.now(UTC), then=then
        )


def test_the_top_says_who_has_the_ball_and_when_news_is_due(ines: Visitor, number: str) -> None:
    assert "It’s our turn. First answer due by" in ines.text
    assert "Received" in ines.text
    assert f'data-copy="case number">{number}<' in ines.page


def test_A1_the_telephone_number_stands_on_the_case_page(ines: Visitor, number: str) -> None:
    assert "(866) 489-8722" in ines.text
    assert "option 2" in ines.text


def test_the_ball_is_theirs_while_we_wait(
    ines: Visitor, number: str, people: Cast, database: Database
) -> None:
    staff_respond(database, people.agent, then=CaseStatus.WAITING)
    ines.open(f"/cases/{number}")
    assert "It’s your turn. Answer our question below" in ines.text
    ines.open("/cases")
    assert "We need your answer" in ines.text


def test_internal_notes_never_reach_the_customer(
    ines: Visitor, number: str, people: Cast, database: Database
) -> None:
    with database.writing() as db:
        case = db.scalars(select(Case)).one()
        note(db, case=case, author=people.agent, body="zebra secret", now=datetime.now(UTC))
    for path in (f"/cases/{number}", f"/cases/{number}/entries", "/cases", "/cases/export.csv"):
        assert "zebra" not in ines.open(path)


def test_a_reply_is_shown_literally_and_told_of(
    ines: Visitor, number: str, database: Database
) -> None:
    ines.send(
        f"/cases/{number}/reply",
        body="It is <b>port 9</b>\nand https://a.example/x",
        form_token="a1",
    )
    assert "Your reply was sent." in ines.text
    assert "&lt;b&gt;port 9&lt;/b&gt;" in ines.page
    assert 'href="https://a.example/x"' in ines.page


def test_a_reply_sent_twice_is_one_message(ines: Visitor, number: str, database: Database) -> None:
    for _ in range(2):
        ines.send(f"/cases/{number}/reply", body="Port 9", form_token="same")
    with database.reading() as db:
        assert [m.body for m in db.scalars(select(Message))].count("Port 9") == 1


def test_an_empty_reply_says_what_to_do(ines: Visitor, number: str) -> None:
    ines.send(f"/cases/{number}/reply", body=" ", form_token="b")
    assert ines.status == 422
    assert "Write your message, or choose a file." in ines.text
    assert ines.title.startswith("Error: ")


def test_a_refused_file_is_named_and_the_rest_is_sent(ines: Visitor, number: str) -> None:
    files = [(PNG, "screen.png"), (b"MZ\x00\x00", "fix.exe")]
    ines.send(f"/cases/{number}/reply", files=files, body="See here", form_token="c")
    assert "fix.exe: Files of this kind can carry programs." in ines.text
    assert "See here" in ines.text
    assert "screen.png" in ines.text


def test_a_held_case_is_explained(people: Cast, sign_in_as: SignInAs) -> None:
    bea = Visitor(sign_in_as(people.bea))
    bea.up_to_check()
    bea.send_case()
    bea.open(f"/cases/{bea.reference}")
    assert "We are checking your contract" in bea.text
    assert "We have no contract in force on record" in bea.text
    assert "You can ask for escalation" not in bea.text


def test_closing_asks_once_names_the_case_and_can_be_undone(
    ines: Visitor, number: str, database: Database
) -> None:
    assert f"Close case {number}?" in ines.text
    ines.send(f"/cases/{number}/closure", **{"closure-reason": "solved"})
    assert "The case is closed. You can open it again for 14 days." in ines.text
    assert "You can open it again until" in ines.text
    ines.send(f"/cases/{number}/reopening", **{"reopening-reason": "It is back"})
    assert "The case is open again." in ines.text
    assert the_case(database).status is CaseStatus.IN_PROGRESS


def test_reopening_asks_what_is_still_wrong(ines: Visitor, number: str) -> None:
    ines.send(f"/cases/{number}/closure", **{"closure-reason": "solved"})
    ines.send(f"/cases/{number}/reopening", **{"reopening-reason": ""})
    assert "Say what is still wrong" in ines.text


def test_long_after_closing_a_follow_up_case_is_offered(
    ines: Visitor, number: str, database: Database
) -> None:
    ines.send(f"/cases/{number}/closure", **{"closure-reason": "not needed"})
    with database.writing() as db:
        db.scalars(select(Case)).one().closed_at = datetime(2026, 1, 1, tzinfo=UTC)
    ines.open(f"/cases/{number}")
    assert "Open a follow-up case" in ines.text
    assert f"/cases/new?follows={number}" in ines.page
    ines.open(f"/cases/new?follows={number}")
    assert f'value="{number}"' in ines.page


def test_a_follow_up_case_knows_what_the_case_before_it_told(
    ines: Visitor, number: str, database: Database, app: Flask
) -> None:
    guest = follow_by_link(app, database)
    with database.reading() as db:
        earlier = db.scalars(select(Case)).one()
        told, subject, receipt = dict(earlier.details), earlier.subject, earlier.receipt
    assert told
    for reader in (ines, guest):
        reader.open(f"/cases/new?follows={number}")
        assert f'value="{subject}"' in reader.page
        reader.send(
            "/cases/new",
            subject=subject,
            description="It is back",
            continues=number,
            kind="problem",
            open_case="new",
        )
        with database.reading() as db:
            draft = db.scalars(select(Draft).order_by(Draft.id.desc())).first()
            assert draft is not None
            assert {name: draft.answers.get(name) for name in told} == told
            assert draft.answers["followed_receipt"] == receipt


def test_a_number_of_somebody_elses_case_tells_nothing(
    number: str, database: Database, app: Flask
) -> None:
    with database.reading() as db:
        subject = db.scalars(select(Case.subject)).one()
    stranger = Visitor(app.test_client())
    stranger.open(f"/cases/new?follows={number}")
    assert f'value="{number}"' in stranger.page
    assert subject not in stranger.page


def test_a_solved_case_says_when_it_closes_and_a_reply_opens_it(
    ines: Visitor, number: str, people: Cast, database: Database
) -> None:
    with database.writing() as db:
        case = db.scalars(select(Case)).one()
        solve(db, case=case, by=people.agent, now=datetime.now(UTC))
    ines.open(f"/cases/{number}")
    assert "Solved - please confirm" in ines.text
    assert "Otherwise the case closes by itself on" in ines.text
    assert "Your reply opens the case again." in ines.text
    ines.send(f"/cases/{number}/reply", body="No, it is not", form_token="d")
    assert the_case(database).status is CaseStatus.IN_PROGRESS


def test_A24_satisfaction_is_asked_once_and_never_by_get(
    ines: Visitor, number: str, people: Cast, database: Database
) -> None:
    assert "How did we do?" not in ines.text
    with database.writing() as db:
        case = db.scalars(select(Case)).one()
        close(db, case=case, by=people.agent, now=datetime.now(UTC))
    ines.open(f"/cases/{number}")
    assert "How did we do?" in ines.text
    assert ines.client.get(f"/cases/{number}/rating?score=5").status_code == 405
    ines.send(f"/cases/{number}/rating")
    assert "Choose one of the five answers." in ines.text
    ines.send(f"/cases/{number}/rating", **{"rating-score": "4", "rating-comment": "Quick"})
    assert "Thank you for telling us." in ines.text
    assert "How did we do?" not in ines.text
    assert re.search(r"You told us on \d+ \w+ \d{4}: Satisfied ?\. Thank you\. Quick", ines.text)
    ines.send(f"/cases/{number}/rating", **{"rating-score": "1"})
    assert "Satisfied" in ines.text.split("How we did")[1]
    with database.reading() as db:
        assert db.scalars(select(Rating)).one().score == 4


def test_escalation_asks_the_reason_and_stays_visible(ines: Visitor, number: str) -> None:
    assert "We tell Manager of Technical Support or local Sales Manager at once" in ines.text
    assert "You can ask for escalation to" in ines.text
    ines.send(f"/cases/{number}/escalation", **{"escalation-reason": ""})
    assert "Say what is not going well" in ines.text
    ines.send(f"/cases/{number}/escalation", **{"escalation-reason": "Nobody called back"})
    assert "Escalation asked for" in ines.text
    assert "Nobody called back" in ines.text
    assert "You can ask for escalation to" not in ines.text


def test_word_on_an_escalation_is_owed_at_the_top_and_in_the_list(
    ines: Visitor, number: str, people: Cast, app: Flask, database: Database
) -> None:
    guest = follow_by_link(app, database)
    staff_respond(database, people.agent)
    ines.open(f"/cases/{number}")
    assert "No time is published for the next answer" in ines.text
    ines.send(f"/cases/{number}/escalation", **{"escalation-reason": "Nobody called back"})
    assert "It’s our turn. Word on the escalation due by" in ines.text
    ines.open("/cases")
    assert "No published time" not in ines.text
    with time_machine.travel(the_day_after(), tick=False):
        guest.open(f"/cases/{number}")
    assert "We owe you word on the escalation that you asked for." in guest.text


@pytest.mark.usefixtures("time_stands")
def test_a_new_priority_shows_its_promise_before_it_holds(
    ines: Visitor, number: str, database: Database
) -> None:
    path = f"/cases/{number}/priority"
    ines.open(path)
    ines.send(path, outcome="show", priority="1", reason="", shown="")
    assert "Say why, so that we can judge it the same way." in ines.text
    ines.send(path, outcome="change", priority="1", reason="Now all is down", shown="")
    assert the_case(database).priority == "2"
    shown = re.findall(r'<time datetime="([^"]+)"', ines.page)[0]
    ines.send(path, outcome="change", priority="1", reason="Now all is down", shown="1")
    assert the_case(database).priority == "1"
    assert "The priority is now “System Down”." in ines.text
    due = the_case(database).first_response_due_at
    assert due is not None
    assert f"{due:%Y-%m-%dT%H:%M:%SZ}" == shown
    assert "Now all is down" in ines.text


def the_day_after() -> datetime:
    return datetime.now(UTC) + timedelta(days=5)


def test_a_missed_promise_is_said_openly_to_a_follower(
    ines: Visitor, number: str, app: Flask, database: Database
) -> None:
    guest = follow_by_link(app, database)
    with time_machine.travel(the_day_after(), tick=False):
        guest.open(f"/cases/{number}")
    assert "We’re late: promised" in guest.text
    assert "you can ask for escalation to Manager of Technical Support" in guest.text


def follow_by_link(app: Flask, database: Database) -> Visitor:
    with database.writing() as db:
        case = db.scalars(select(Case)).one()
        token = issue_link(db, case=case, email=case.contact_email, now=datetime.now(UTC))
    guest = Visitor(app.test_client())
    guest.open(f"/follow/{token}")
    return guest


def test_a_secret_link_opens_one_case_and_leaves_the_address_bar(
    ines: Visitor, number: str, app: Flask, database: Database
) -> None:
    guest = follow_by_link(app, database)
    assert guest.path == f"/cases/{number}"
    guest.send(f"/cases/{number}/reply", body="From my phone", form_token="e")
    assert "Your reply was sent." in guest.text
    assert guest.client.get("/cases").status_code == 303


def test_a_secret_link_sends_no_referrer_and_is_not_stored(
    ines: Visitor, number: str, app: Flask, database: Database
) -> None:
    with database.writing() as db:
        token = issue_link(db, case=the_case(database), email="x@y.example", now=datetime.now(UTC))
    response = app.test_client().get(f"/follow/{token}")
    assert response.status_code == 303
    assert token not in response.headers["Location"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response.headers["Cache-Control"]


def test_a_wrong_link_says_how_to_get_another(app: Flask, people: Cast) -> None:
    guest = Visitor(app.test_client())
    guest.open("/follow/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    assert guest.status == 404
    assert "We can mail you a new one." in guest.text


def test_asking_for_a_link_answers_everybody_the_same(
    app: Flask, ines: Visitor, number: str, database: Database
) -> None:
    seen = set()
    for reference, email in (
        (number, "ines@customer.example"),
        (number, "mallory@else.example"),
        ("7KQ-4MPX", "ines@customer.example"),
    ):
        guest = Visitor(app.test_client())
        guest.open("/follow")
        guest.send("/follow", reference=reference, email=email)
        seen.add((guest.status, guest.path, guest.text))
    assert len(seen) == 1
    with database.reading() as db:
        mails = db.scalars(select(OutgoingMail).where(OutgoingMail.subject.contains("link"))).all()
        assert [mail.recipient for mail in mails] == ["ines@customer.example"]


def test_a_case_number_alone_opens_nothing(ines: Visitor, number: str, app: Flask) -> None:
    guest = Visitor(app.test_client())
    known, unknown = guest.open(f"/cases/{number}"), guest.open("/cases/7KQ-4MPX")
    assert guest.heading == "Follow a case without an account"
    assert without_secrets(known, number) == without_secrets(unknown, "7KQ-4MPX")


def without_secrets(page: str, number: str) -> str:
    """The page but for the number that was typed and the form's token."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.replace(number, ""))


@pytest.mark.parametrize(
    ("who", "may_see"),
    [
        ("ines", True),
        ("nadia", True),
        ("piet", True),
        ("bea", False),
    ],
)
def test_the_access_matrix_of_a_case(
    who: str, may_see: bool, number: str, people: Cast, sign_in_as: SignInAs
) -> None:
    visitor = Visitor(sign_in_as(getattr(people, who)))
    assert (visitor.open(f"/cases/{number}") and visitor.status == 200) is may_see
    for act in ("reply", "closure", "reopening", "escalation", "rating", "priority"):
        visitor.open("/cases/new")
        visitor.send(f"/cases/{number}/{act}")
        assert (visitor.status != 404) is may_see or act in {"reopening", "rating"}
    assert visitor.client.get(f"/cases/{number}/priority").status_code == (200 if may_see else 404)


def test_staff_are_led_to_the_desk_and_cannot_act_for_the_customer(
    number: str, people: Cast, sign_in_as: SignInAs
) -> None:
    browser = sign_in_as(people.agent)
    response = browser.get(f"/cases/{number}")
    assert response.headers["Location"] == f"/desk/cases/{number}"
    agent = Visitor(browser)
    agent.open("/cases/new")
    agent.send(f"/cases/{number}/reply", body="As if I were the customer", form_token="f")
    assert agent.status == 404


def test_files_are_saved_not_run_and_only_seen_by_those_who_see_the_case(
    ines: Visitor, number: str, app: Flask, people: Cast, sign_in_as: SignInAs
) -> None:
    files = [(PNG, "screen.png"), (b"<script>alert(1)</script>", "page.txt")]
    ines.send(f"/cases/{number}/reply", files=files, body="Two files", form_token="g")
    found = dict(re.findall(r'href="(/cases/[^"]+/files/[^"]+)">([^<]+)<', ines.page))
    assert sorted(found.values()) == ["page.txt", "screen.png"]
    for path, name in found.items():
        response = ines.client.get(path)
        headers = response.headers
        assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in headers["Cache-Control"]
        if name == "page.txt":
            assert headers["Content-Type"] == "application/octet-stream"
            assert headers["Content-Disposition"].startswith("attachment")
            assert response.data == b"<script>alert(1)</script>"
        else:
            assert headers["Content-Type"] == "image/png"
        assert sign_in_as(people.bea).get(path).status_code == 404
        assert app.test_client().get(path).status_code == 303


def test_the_promise_goes_into_a_calendar(ines: Visitor, number: str, database: Database) -> None:
    response = ines.client.get(f"/cases/{number}/promise.ics")
    due = the_case(database).next_due_at
    assert due is not None
    assert response.mimetype == "text/calendar"
    text = response.get_data(as_text=True)
    assert f"DTEND:{due:%Y%m%dT%H%M%SZ}\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_list_is_searched_filtered_and_exported(ines: Visitor, number: str) -> None:
    assert number in ines.open("/cases?q=exports")
    assert number in ines.open(f"/cases?q={number.lower().replace('-', '')}")
    assert "No case fits" in ines.open("/cases?q=zebra")
    assert number not in ines.open("/cases?status=Closed")
    assert number in ines.open("/cases?status=Received&priority=2&since=2020-01-01")
    assert number in ines.open("/cases?since=1.1.2020&until=9999-12-31")
    assert number in ines.open("/cases/export.csv?q=exports")
    assert number not in ines.open("/cases/export.csv?q=zebra")


def test_a_day_that_could_be_two_is_asked_about_where_it_was_typed(ines: Visitor) -> None:
    page = ines.open("/cases?since=03/04/2026")
    assert "This can be 4 March 2026 or 3 April 2026. Write the month as a word." in page
    assert 'value="03/04/2026"' in page
    assert re.search(r"<details open>\s*<summary>More filters", page)


def test_an_empty_list_offers_one_action(people: Cast, sign_in_as: SignInAs) -> None:
    nadia = Visitor(sign_in_as(people.nadia))
    nadia.open("/cases")
    assert "No cases yet" in nadia.text
    assert "Open a case" in nadia.text


def test_colleagues_cases_stand_behind_a_tab(
    number: str, people: Cast, sign_in_as: SignInAs
) -> None:
    nadia = Visitor(sign_in_as(people.nadia))
    assert number not in nadia.open("/cases")
    assert number in nadia.open("/cases?scope=organisation")
    assert "Ines Okafor" in nadia.text
    bea = Visitor(sign_in_as(people.bea))
    assert number not in bea.open("/cases?scope=organisation")
    assert number not in bea.open("/cases/export.csv?scope=organisation")


def test_D1_a_partners_tab_names_its_customers_too(people: Cast, sign_in_as: SignInAs) -> None:
    page = Visitor(sign_in_as(people.piet)).open("/cases")
    assert "Others at Cedar &amp; Co. and its customers" in page


def test_the_five_statuses_are_explained(ines: Visitor, number: str) -> None:
    ines.open("/cases")
    for word in ("Received", "We're working on it", "Waiting for you", "Closed"):
        assert word in ines.text


def test_formulas_are_defused_in_the_export(ines: Visitor) -> None:
    ines.up_to_check(subject="=HYPERLINK(1)")
    ines.send_case()
    assert '"\'=HYPERLINK(1)"' in ines.open("/cases/export.csv")


def test_what_a_guest_may_do_stays_with_the_page(
    ines: Visitor, number: str, app: Flask, database: Database
) -> None:
    guest = follow_by_link(app, database)
    guest.send(f"/cases/{number}/closure", **{"closure-reason": "solved"})
    assert the_case(database).status is CaseStatus.CLOSED


def test_the_page_lets_its_own_forms_say_where_they_come_from(ines: Visitor, number: str) -> None:
    """A no-referrer page sends "Origin: null", and every act on it would be refused."""
    assert "no-referrer" not in ines.page
    assert ines.headers["Referrer-Policy"] == "same-origin"
