"""From a question to a case, its mail, the answer and the end: the whole way of a customer."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.database import Database
from portal.mail.outbox import OutgoingMail
from tests.browser.conftest import OpenPage, sign_in
from tests.browser.guiding import SENT, open_case


def mailed_link(home: Path, reference: str, address: str) -> str:
    """The secret link in the last mail about a case, on the address that is served here."""
    database = Database(f"sqlite:///{home / 'portal.db'}")
    with database.reading() as db:
        about = OutgoingMail.subject.contains(reference)
        mail = db.scalars(select(OutgoingMail).where(about).order_by(OutgoingMail.id)).all()[-1]
        text = mail.text
    database.close()
    found = re.search(r"/follow/\S+", text)
    assert found is not None, text
    return address + found.group()


def test_a_guest_gets_a_receipt_and_follows_by_the_mailed_link(
    page: Page, served_home: Path, address: str, open_page: OpenPage
) -> None:
    email = f"gus{time.time_ns()}@guest.example"
    reference = open_case(page, "Quorblat zzyx fails", email=email)
    assert reference.startswith("R-")
    expect(page.get_by_role("main")).to_contain_text("contract")

    elsewhere = open_page(script=False)
    elsewhere.goto(mailed_link(served_home, reference, address))
    expect(elsewhere.get_by_role("main")).to_contain_text(reference)
    expect(elsewhere.get_by_role("main")).to_contain_text("Quorblat zzyx fails")


def test_reloading_the_confirmation_makes_no_second_case(page: Page) -> None:
    sign_in(page, "theo@harbour.example")
    reference = open_case(page, "Only one of me")
    page.reload()
    assert SENT.search(page.url)
    expect(page.get_by_role("main")).to_contain_text(reference)
    page.goto("/cases?scope=own")
    rows = page.get_by_role("main").locator(f"a[href='/cases/{reference}']")
    assert rows.count() >= 1


def test_a_contacts_case_is_answered_solved_reopened_and_closed(
    page: Page, open_page: OpenPage
) -> None:
    sign_in(page, "ines@harbour.example")
    reference = open_case(page, "The wallboard shows nothing")
    desk = open_page()
    sign_in(desk, "aldo@desk.example")

    desk.goto(f"/desk/cases/{reference}")
    desk.get_by_label("Your answer").fill("Please try the new firmware.")
    desk.get_by_label("Solved: ask the customer to confirm").check()
    desk.get_by_role("button", name="Send to customer").click()
    expect(desk.get_by_role("main")).to_contain_text("Please try the new firmware.")

    page.goto(f"/cases/{reference}")
    expect(page.get_by_role("main")).to_contain_text("Please try the new firmware.")
    expect(page.get_by_role("main")).to_contain_text("Solved - please confirm")
    page.get_by_label("Your message").fill("It still shows nothing.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("main")).to_contain_text("It still shows nothing.")
    expect(page.get_by_role("main")).to_contain_text("We're working on it")


@pytest.mark.parametrize("served_under", ["cipplanner", "civicplus", "cts"], indirect=True)
def test_under_each_other_policy_a_contact_opens_a_case_and_reads_the_promise(
    served_under: str, open_page: OpenPage
) -> None:
    page = open_page(script=False, at=served_under)
    sign_in(page, "ines@harbour.example")
    open_case(page, "The same question under another policy")
    expect(page.get_by_role("region", name="When you will hear from us")).to_be_visible()
