"""Mail comes in by SMTP, LMTP and IMAP: acknowledged once it is kept, and kept only once."""

import smtplib
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import BinaryIO

import pytest
from sqlalchemy import select

from portal import clock
from portal.commands.context import Opened
from portal.commands.fetching import fetch_mail, listening
from portal.database import Database
from portal.files import FileStore
from portal.mail.inbound.imap import MailboxError, fetch_new
from portal.mail.inbound.inbox import InboxStatus, IncomingMail, MailWay
from portal.mail.inbound.receiving import handle_due
from portal.settings import Settings
from tests import cast
from tests.casework import adopted
from tests.mail import dovecot as servers
from tests.mail.dovecot import Dovecot
from tests.mail.written import message, raw
from tests.ports import free_port

needs_dovecot = pytest.mark.skipif(
    not servers.is_installed(), reason="Dovecot is not installed (Debian: dovecot-imapd)"
)


def installation(database: Database, settings: Settings) -> Opened:
    return Opened(settings, database, FileStore(settings.files_folder))


def inbox(database: Database) -> list[IncomingMail]:
    with database.reading() as db:
        return list(db.scalars(select(IncomingMail).order_by(IncomingMail.id)))


def handle_all(portal: Opened, now: datetime) -> None:
    while handle_due(portal.database, portal.files, settings=portal.settings, now=now):
        pass


@pytest.fixture
def portal(database: Database, settings: Settings, now: datetime) -> Opened:
    with database.writing() as db:
        adopted(db, now=now)
        cast.everybody(db)
    return installation(database, settings)


def test_a_mail_by_smtp_is_kept_before_it_is_acknowledged(portal: Opened) -> None:
    port = free_port()
    there = replace(
        portal, settings=replace(portal.settings, mail_listen=f"smtp://127.0.0.1:{port}")
    )
    with listening(there), smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(message())
        server.sendmail("", ["Support+x@HELP.example"], raw("Bounce"))
        [first, second] = inbox(portal.database)
    assert (first.way, first.envelope_sender) == ("smtp", "ines@customer.example")
    assert (second.status, second.envelope_sender) == (InboxStatus.WAITING, "")
    handle_all(there, clock.now())
    assert [mail.status for mail in inbox(portal.database)] == [
        InboxStatus.TAKEN,
        InboxStatus.IGNORED,
    ]


def test_lmtp_answers_for_each_recipient(portal: Opened) -> None:
    port = free_port()
    settings = replace(
        portal.settings,
        mail_listen=f"lmtp://127.0.0.1:{port}",
        mail_recipients="help@help.example",
    )
    lines = [
        "LHLO mx.example",
        "MAIL FROM:<ines@customer.example>",
        "RCPT TO:<support@help.example>",
        "RCPT TO:<help@help.example>",
        "RCPT TO:<gus@guest.example>",
        "DATA",
    ]
    with (
        listening(replace(portal, settings=settings)),
        socket.create_connection(("127.0.0.1", port), timeout=120) as connection,
        connection.makefile("rwb") as stream,
    ):
        for line in lines:
            _last_answer(stream)
            stream.write(f"{line}\r\n".encode())
            stream.flush()
        assert _last_answer(stream).startswith(b"354")
        stream.write(raw() + b"\r\n.\r\nQUIT\r\n")
        stream.flush()
        answers = [_last_answer(stream)[:3] for _ in range(3)]
    assert answers == [b"250", b"250", b"221"]
    assert [mail.way for mail in inbox(portal.database)] == ["lmtp"]


def _last_answer(stream: BinaryIO) -> bytes:
    """One whole answer of the server; its last line."""
    while (line := stream.readline())[3:4] == b"-":
        pass
    return line


def test_nothing_is_passed_on_and_nothing_too_large_is_taken(portal: Opened) -> None:
    port = free_port()
    settings = replace(
        portal.settings, mail_listen=f"smtp://127.0.0.1:{port}", mail_limit_bytes=50_000
    )
    with listening(replace(portal, settings=settings)), smtplib.SMTP("127.0.0.1", port) as server:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            server.sendmail("a@b.example", ["gus@guest.example"], raw())
        with pytest.raises(smtplib.SMTPResponseException) as refusal:
            server.sendmail("a@b.example", ["support@help.example"], raw("x\n" * 60_000))
    assert refusal.value.smtp_code == 552
    assert inbox(portal.database) == []


def test_what_cannot_be_kept_is_not_acknowledged(
    portal: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    port = free_port()
    monkeypatch.setattr(FileStore, "keep", full)
    there = replace(
        portal, settings=replace(portal.settings, mail_listen=f"smtp://127.0.0.1:{port}")
    )
    with (
        listening(there),
        smtplib.SMTP("127.0.0.1", port) as server,
        pytest.raises(smtplib.SMTPDataError) as refusal,
    ):
        server.send_message(message())
    assert refusal.value.smtp_code == 451


def test_an_address_that_is_taken_stops_nothing_else(portal: Opened) -> None:
    port = free_port()
    there = replace(
        portal, settings=replace(portal.settings, mail_listen=f"smtp://127.0.0.1:{port}")
    )
    with listening(there), listening(there), smtplib.SMTP("127.0.0.1", port) as server:
        assert server.noop()[0] == 250


def with_mailbox(portal: Opened, port: int, **more: str) -> Opened:
    return replace(
        portal,
        settings=replace(
            portal.settings,
            imap_host="127.0.0.1",
            imap_port=port,
            imap_tls="none",
            imap_user=servers.USER,
            imap_password=more.pop("password", servers.PASSWORD),
            **more,  # type: ignore[arg-type]
        ),
    )


@pytest.fixture(scope="module")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    folder = tmp_path_factory.mktemp("dovecot")
    with servers.dovecot(folder) as server:
        yield server


@needs_dovecot
def test_mail_is_fetched_by_imap_and_moved_aside(
    portal: Opened, dovecot: Dovecot, now: datetime
) -> None:
    there, before = with_mailbox(portal, dovecot.port), dovecot.set_aside()
    for number in range(3):
        dovecot.put(f"a{number}", raw(f"Number {number}"))
    dovecot.put("a-broken", b"\x00\xff not a mail")
    assert fetch_mail(there, now)
    assert not fetch_mail(there, now)
    assert (dovecot.waiting(), dovecot.set_aside() - before) == (0, 4)
    handle_all(there, now)
    assert [mail.status for mail in inbox(portal.database)].count(InboxStatus.TAKEN) == 3


@needs_dovecot
def test_mails_that_are_too_large_never_stand_in_the_way_of_others(
    portal: Opened, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = with_mailbox(portal, dovecot.port, imap_taken_folder="")
    monkeypatch.setattr("portal.mail.inbound.imap.MOST_AT_ONCE", 2)
    names = ["huge-1", "huge-2", "small-1", "small-2", "small-3"]
    for name in names:
        dovecot.put(name, raw("x\n" * (5_000 if "huge" in name else 5)))
    kept: list[bytes] = []
    counts = [fetch_new(there.settings, keep=kept.append, most_bytes=5_000) for _ in range(3)]
    assert counts == [2, 1, 0]
    fetch_new(there.settings, keep=kept.append, most_bytes=50_000)
    assert (len(kept), dovecot.waiting()) == (5, 0)


@needs_dovecot
def test_without_a_folder_to_move_to_what_was_kept_is_deleted(
    portal: Opened, dovecot: Dovecot, now: datetime
) -> None:
    there = with_mailbox(portal, dovecot.port, imap_taken_folder="")
    dovecot.put("b1", raw())
    assert fetch_mail(there, now)
    assert dovecot.waiting() == 0
    assert len(inbox(portal.database)) == 1


@needs_dovecot
def test_a_mail_that_was_kept_but_not_moved_is_taken_once(
    portal: Opened, dovecot: Dovecot, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = with_mailbox(portal, dovecot.port)
    dovecot.put("c1", raw())
    with monkeypatch.context() as patched:
        patched.setattr("portal.mail.inbound.imap.Mailbox.set_aside", _lost)
        with pytest.raises(MailboxError):
            fetch_mail(there, now)
    assert fetch_mail(there, now)
    handle_all(there, now)
    assert [mail.status for mail in inbox(portal.database)] == [
        InboxStatus.TAKEN,
        InboxStatus.IGNORED,
    ]


def _lost(*_given: object) -> None:
    raise MailboxError("connection lost")


@needs_dovecot
def test_hours_without_the_mailbox_lose_nothing_and_the_administrator_sees_it(
    portal: Opened, dovecot: Dovecot, now: datetime
) -> None:
    nowhere, back = with_mailbox(portal, free_port()), with_mailbox(portal, dovecot.port)
    dovecot.put("d1", raw())
    for hours in range(4):
        with pytest.raises(MailboxError):
            fetch_mail(nowhere, now + timedelta(hours=hours))
    with portal.database.reading() as db:
        way = db.get_one(MailWay, "mailbox")
        assert way.failing_since == now
        assert "refused" in way.last_error
    assert fetch_mail(back, now + timedelta(hours=5))
    with portal.database.reading() as db:
        assert db.get_one(MailWay, "mailbox").failing_since is None
    assert len(inbox(portal.database)) == 1


@needs_dovecot
def test_a_wrong_password_is_said_without_saying_it(
    portal: Opened, dovecot: Dovecot, now: datetime
) -> None:
    with pytest.raises(MailboxError) as refusal:
        fetch_mail(with_mailbox(portal, dovecot.port, password="wrong-horse"), now)
    assert "wrong-horse" not in str(refusal.value)
