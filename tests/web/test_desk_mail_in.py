"""The administrator's page of mail that came in: seen whole, tried again, taken or dismissed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.cases.case import Case
from portal.clock import now as this_moment
from portal.database import Database
from portal.files import FileStore
from portal.mail.inbound.inbox import InboxStatus, IncomingMail
from portal.mail.inbound.receiving import handle_due, receive
from portal.mail.outbox import OutgoingMail
from portal.mail.ways import MAILBOX, note_failure
from portal.people.person import Person
from portal.settings import Settings
from tests import cast
from tests.casework import adopted
from tests.mail.written import raw
from tests.web.conftest import hidden_fields

SignInAs = Callable[[Person], FlaskClient]
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def administrator(database: Database, settings: Settings, sign_in_as: SignInAs) -> FlaskClient:
    """An administrator, where two mails were set aside and one is a case."""
    with database.writing() as db:
        db.expire_on_commit = False
        adopted(db, now=this_moment())
        everybody = cast.everybody(db)
    mails = (
        raw("Offers", subject=f"Offers {HOSTILE}", sender="shop@shop.example", List_Id="<x.y>"),
        raw(f"Backup failed {HOSTILE}", subject="cron", sender="noreply@customer.example"),
        raw(),
    )
    files = FileStore(settings.files_folder)
    for each in mails:
        receive(database, files, each, way="pipe", settings=settings, now=this_moment())
    return sign_in_as(everybody.administrator)


def page_of(client: FlaskClient, path: str = "/desk/mail-in") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def decide(client: FlaskClient, act: str, *mails: int, reason: str = "") -> int:
    token = hidden_fields(page_of(client))["csrf_token"]
    sent = {"csrf_token": token, "act": act, "mail": list(mails), "reason": reason}
    return client.post("/desk/mail-in/decision", data=sent).status_code


def statuses(database: Database) -> list[InboxStatus]:
    with database.reading() as db:
        return list(db.scalars(select(IncomingMail.status).order_by(IncomingMail.id)))


def handle_all(database: Database, settings: Settings) -> None:
    files, later = FileStore(settings.files_folder), this_moment() + timedelta(seconds=5)
    while handle_due(database, files, settings=settings, now=later):
        pass


def test_what_was_set_aside_stands_first_and_says_why(administrator: FlaskClient) -> None:
    page = page_of(administrator)
    assert "A mailing list or bulk mail" in page
    assert HOSTILE not in page
    assert "New case" not in page
    assert "New case" in page_of(administrator, "/desk/mail-in?all=yes")


def test_a_mail_is_read_as_plain_text_and_saved_as_it_came(administrator: FlaskClient) -> None:
    page = page_of(administrator, "/desk/mail-in/2")
    assert "Backup failed" in page
    assert HOSTILE not in page
    original = administrator.get("/desk/mail-in/2/original")
    assert HOSTILE.encode() in original.data
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert original.headers["Content-Type"].startswith("application/octet-stream")
    assert "sandbox" in original.headers["Content-Security-Policy"]


def test_taken_all_the_same_it_is_a_case_and_no_machine_is_answered(
    administrator: FlaskClient, database: Database, settings: Settings
) -> None:
    assert decide(administrator, "release", 2) == 303
    handle_all(database, settings)
    with database.reading() as db:
        subjects = set(db.scalars(select(Case.subject)))
        told = set(db.scalars(select(OutgoingMail.recipient)))
    assert "cron" in subjects
    assert "noreply@customer.example" not in told


def test_tried_again_what_is_still_in_doubt_is_set_aside_again(
    administrator: FlaskClient, database: Database, settings: Settings
) -> None:
    assert decide(administrator, "again", 1, 2) == 303
    assert statuses(database)[:2] == [InboxStatus.WAITING] * 2
    handle_all(database, settings)
    assert statuses(database)[:2] == [InboxStatus.QUARANTINED] * 2


def test_a_mail_without_a_sender_is_not_offered_as_a_request_and_says_why(
    administrator: FlaskClient, database: Database, settings: Settings
) -> None:
    files = FileStore(settings.files_folder)
    receive(
        database, files, b"Subject: hi\r\n\r\n", way="pipe", settings=settings, now=this_moment()
    )
    page = page_of(administrator, "/desk/mail-in/4")
    assert "Take as a request all the same" not in page
    assert "It can’t become a request" in page
    assert "Take as a request all the same" in page_of(administrator, "/desk/mail-in/1")
    assert decide(administrator, "release", 1, 4) == 303
    said = page_of(administrator)
    assert "1 mail will be handled in a moment." in said
    assert "1 mail can’t become a request" in said
    assert statuses(database)[3] is InboxStatus.QUARANTINED


def test_several_are_dismissed_at_once_with_a_reason(
    administrator: FlaskClient, database: Database
) -> None:
    assert decide(administrator, "dismiss", 1, 2) == 422
    assert decide(administrator, "dismiss", 1, 2, reason="Advertising") == 303
    assert statuses(database)[:2] == [InboxStatus.DISMISSED] * 2
    assert "Advertising (Ada Kowalski)" in page_of(administrator, "/desk/mail-in?status=dismissed")


def test_nothing_chosen_and_what_was_taken_already_change_nothing(
    administrator: FlaskClient, database: Database
) -> None:
    before = statuses(database)
    assert decide(administrator, "again") == 422
    assert decide(administrator, "dismiss", 3, reason="No") == 303
    assert statuses(database) == before


def test_a_mailbox_that_fails_is_said_on_top(
    administrator: FlaskClient, database: Database
) -> None:
    note_failure(database, MAILBOX, "connection refused", now=this_moment())
    page = page_of(administrator)
    assert "The mailbox can’t be looked into" in page
    assert "connection refused" in page


def test_nobody_else_sees_the_mail(
    administrator: FlaskClient, database: Database, sign_in_as: SignInAs
) -> None:
    with database.reading() as db:
        agent = db.scalars(select(Person).where(Person.name == "Aldo Marchetti")).one()
    other = sign_in_as(agent)
    for path in ("/desk/mail-in", "/desk/mail-in/1", "/desk/mail-in/1/original"):
        assert other.get(path).status_code == 404
