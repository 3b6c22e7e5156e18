"""`portal check` names the mail that waits for its mail server."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.clock import now
from portal.commands import check as checking
from portal.commands.context import Opened
from portal.database import Database
from portal.files import FileStore
from portal.mail.letters import Letter
from portal.mail.outbox import MailStatus, OutgoingMail
from portal.mail.posting import post
from portal.mail.ways import OUT, note_failure
from portal.settings import Settings

LETTER = Letter("Case 7KQ-4MPX", "Plain words", "<p>Plain words</p>")


@pytest.fixture
def portal(settings: Settings, database: Database) -> Opened:
    sending = replace(settings, smtp_host="relay.example", mail_from="support@help.example")
    return Opened(sending, database, FileStore(sending.files_folder))


def waiting(portal: Opened, minutes: int, last_error: str) -> None:
    at = now() - timedelta(minutes=minutes)
    with portal.database.writing() as db:
        post(db, LETTER, recipient="ines@x.example", settings=portal.settings, now=at)
    with portal.database.writing() as db:
        for mail in db.query(OutgoingMail):
            mail.last_error, mail.created_at = last_error, at


def test_a_relay_that_refuses_is_named_with_number_time_error_and_remedy(portal: Opened) -> None:
    waiting(portal, 40, "454 4.7.1 Relay access denied")
    waiting(portal, 40, "454 4.7.1 Relay access denied")
    said = r"2 not taken by the mail server since 20.* UTC \(454 4.7.1 Relay access denied\): check"
    with pytest.raises(checking.NotInOrderError, match=said):
        checking._mail(portal)


def test_a_relay_that_cannot_be_reached_is_named_at_once(portal: Opened) -> None:
    waiting(portal, 1, "Connection refused")
    note_failure(portal.database, OUT, "Connection refused", now=now())
    with pytest.raises(checking.NotInOrderError, match=r"1 not taken .*Connection refused"):
        checking._mail(portal)


def test_a_mail_that_is_put_off_for_minutes_is_told_and_is_no_problem(portal: Opened) -> None:
    waiting(portal, 2, "451 4.7.1 Greylisted")
    assert checking._mail(portal).startswith("goes out by relay.example; 1 not taken")


def test_failed_and_waiting_mail_are_both_named(portal: Opened) -> None:
    waiting(portal, 40, "550 No such mailbox")
    with portal.database.writing() as db:
        for mail in db.query(OutgoingMail):
            mail.status = MailStatus.FAILED
    waiting(portal, 40, "451 not today")
    with portal.database.writing() as db:
        db.query(OutgoingMail).order_by(OutgoingMail.id).limit(1).one().status = MailStatus.FAILED
    with pytest.raises(checking.NotInOrderError, match=r"1 could not be sent.*; 1 not taken"):
        checking._mail(portal)
