"""Staff write down a case for who called or wrote: the same promise, seen before it is given."""

import re

import pytest
from sqlalchemy import select

from portal.cases.case import Case, CaseStatus
from portal.database import Database
from portal.events import Event
from portal.mail.outbox import OutgoingMail
from portal.people.person import Person, Role
from tests import cast
from tests.cast import LONG_AGO
from tests.web.at_the_desk import Desk, desk, page, sent

__all__ = ["desk"]

NEW = "/desk/cases/new"
NEW_CONTACT = f"{NEW}/contact"


def nadia(desk: Desk) -> int:
    with desk.database.reading() as db:
        return db.scalars(select(Person.id).where(Person.name == "Nadia Petrov")).one()


def said(desk: Desk, **changes: str) -> dict[str, str]:
    values = {
        "channel": "phone",
        "subject": "No dial tone",
        "description": "She says that no telephone has a dial tone.",
        "kind": "",
        "priority": "2",
        "contact_name": "Nadia Petrov",
        "contact_email": "nadia@customer.example",
        "contact_phone": "",
        "installation": "",
    }
    return values | changes


def newest(database: Database) -> Case:
    with database.reading() as db:
        return db.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


def test_the_contact_is_found_by_name_or_organisation(desk: Desk) -> None:
    assert "Nadia Petrov" not in page(desk.aldo, NEW)
    for words in ("nadia", "harbour petrov", "customer.example"):
        assert f'href="{NEW}?contact={nadia(desk)}"' in page(desk.aldo, f"{NEW}?q={words}")
    assert "Nobody with an account" in page(desk.aldo, f"{NEW}?q=aldo")


def test_what_is_known_stands_in_the_form(desk: Desk) -> None:
    form = page(desk.aldo, f"{NEW}?contact={nadia(desk)}")
    assert 'value="nadia@customer.example"' in form
    assert 'value="Avaya"' in form
    assert re.search(r'<option value="\d+" selected>Main office', form)


@pytest.mark.usefixtures("time_stands")
@pytest.mark.parametrize("channel", ["phone", "email"])
def test_B5_the_promise_of_the_channel_is_shown_and_then_kept(desk: Desk, channel: str) -> None:
    shown = f"{NEW}?contact={nadia(desk)}"
    before = newest(desk.database)
    checked = sent(desk.aldo, shown, NEW, act="open", **said(desk, channel=channel))
    assert "This will be promised" in checked
    assert newest(desk.database).id == before.id
    seal = re.search(r'name="promised_for"[^>]*value="([^"]*)"', checked)
    assert seal is not None
    due = re.search(r'<time datetime="([^"]+)"', checked[checked.index("will be promised") :])

    opened = sent(
        desk.aldo, shown, NEW, act="open", promised_for=seal[1], **said(desk, channel=channel)
    )
    case = newest(desk.database)
    assert f"{case.reference} is open. Nadia Petrov gets the receipt" in opened
    assert (case.channel, case.priority, case.contact_name) == (channel, "2", "Nadia Petrov")
    if due is not None and case.first_response_due_at is not None:
        assert due[1][:16] == f"{case.first_response_due_at:%Y-%m-%dT%H:%M}"
    with desk.database.reading() as db:
        event = db.scalars(
            select(Event).where(Event.case_id == case.id, Event.kind == "opened")
        ).one()
        assert event.actor_name == "Aldo Marchetti"
        receipts = db.scalars(select(OutgoingMail).where(OutgoingMail.case_id == case.id)).all()
        assert [mail.recipient for mail in receipts] == ["nadia@customer.example"]
    how = "a telephone call" if channel == "phone" else "an e-mail"
    assert f"Case opened for Nadia Petrov from {how}" in opened
    assert "Not asked yet" in opened


def test_another_promise_is_looked_at_again(desk: Desk) -> None:
    shown = f"{NEW}?contact={nadia(desk)}"
    checked = sent(desk.aldo, shown, NEW, act="check", **said(desk))
    seal = re.search(r'name="promised_for"[^>]*value="([^"]*)"', checked)
    assert seal is not None
    before = newest(desk.database)
    again = sent(
        desk.aldo, shown, NEW, act="open", promised_for=seal[1], **said(desk, priority="4")
    )
    assert "This will be promised" in again
    assert newest(desk.database).id == before.id


def test_somebody_without_an_account_waits_for_the_contract_check(desk: Desk) -> None:
    shown = f"{NEW}?contact=guest"
    told = said(desk, contact_name="Gus Guest", contact_email="gus@guest.example")
    checked = sent(desk.aldo, shown, NEW, act="check", **told)
    seal = re.search(r'name="promised_for"[^>]*value="([^"]*)"', checked)
    assert seal is not None
    sent(desk.aldo, shown, NEW, act="open", promised_for=seal[1], **told)
    case = newest(desk.database)
    assert (case.status, case.contact_id, case.is_email_proven) == (CaseStatus.HELD, None, False)


def test_whoever_answers_takes_up_a_new_contact_who_sees_own_cases_only(desk: Desk) -> None:
    assert f'href="{NEW_CONTACT}?q=Omar"' in page(desk.aldo, f"{NEW}?q=Omar")
    assert 'value="Omar"' in page(desk.aldo, f"{NEW_CONTACT}?q=Omar")
    told = {"name": "Omar Said", "email": "omar@customer.example", "organisation": "harbour-lines"}
    taken = sent(desk.aldo, NEW_CONTACT, NEW_CONTACT, **told | {"email": "nadia@customer.example"})
    assert "Somebody has this address already" in taken
    lost = sent(desk.aldo, NEW_CONTACT, NEW_CONTACT, **told | {"organisation": ""})
    assert "Choose the organisation" in lost
    form = sent(desk.aldo, NEW_CONTACT, NEW_CONTACT, **told)
    assert 'value="omar@customer.example"' in form
    with desk.database.reading() as db:
        omar = db.scalars(select(Person).where(Person.name == "Omar Said")).one()
        assert (omar.role, omar.sees_organisation_cases) == (Role.CONTACT, False)
        assert not omar.is_emergency_contact
        [mail] = db.scalars(select(OutgoingMail).where(OutgoingMail.recipient == omar.email))
        assert "sign in" in mail.text.lower()


def test_the_customers_panel_names_the_partner_and_leads_to_the_organisation(desk: Desk) -> None:
    with desk.database.writing() as db:
        case = db.get_one(Case, desk.phones.id)
        assert case.organisation is not None
        case.organisation.partner_id = cast.cedar(db).id
    shown = page(desk.aldo, f"/desk/cases/{desk.phones.reference}")
    assert "Cedar &amp; Co." in shown
    assert 'href="/desk/organisations/harbour-lines"' in shown
    assert 'href="/desk/organisations/harbour-lines/history"' in shown


def test_the_panel_says_that_no_mail_goes_to_who_was_shut_out(desk: Desk) -> None:
    with desk.database.writing() as db:
        db.get_one(Person, nadia(desk)).disabled_at = LONG_AGO
    assert "no mail goes to them" in page(desk.aldo, f"/desk/cases/{desk.phones.reference}")


def test_what_is_wrong_is_said_and_what_was_typed_stays(desk: Desk) -> None:
    wrong = said(desk, subject="", contact_email="nadia@", description="Kept words")
    found = sent(desk.aldo, f"{NEW}?contact={nadia(desk)}", NEW, act="check", **wrong)
    assert "Say in a line what it is about." in found
    assert "Enter an e-mail address in full" in found
    assert "Kept words" in found


def test_only_a_contact_can_be_chosen(desk: Desk) -> None:
    for chosen in (str(desk.people["mai"].id), "999999", "x", "-1"):
        assert desk.aldo.get(f"{NEW}?contact={chosen}").status_code == 404


def test_what_is_wrong_is_listed_in_the_order_of_the_page(desk: Desk) -> None:
    wrong = {"existing_case_number": "x" * 300, "contact_phone": "none", "subject": ""}
    shown = f"{NEW}?contact={nadia(desk)}"
    refused = sent(desk.aldo, shown, NEW, act="open", **said(desk, **wrong))
    summary = refused[refused.index('class="error-summary"') :]
    listed = re.findall(r'<a href="#([^"]+)"', summary[: summary.index("</ul>")])
    assert listed == ["subject", "contact_phone", "existing_case_number"]
    places = [refused.index(f'id="{field}"') for field in listed]
    assert places == sorted(places)
