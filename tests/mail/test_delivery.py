"""Every mail in the outbox arrives, whatever the mail server does meanwhile."""

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.database import Database
from portal.mail.delivery import (
    CLAIM,
    FEWEST_TRIES,
    FIRST_PAUSE,
    GIVE_UP_AFTER,
    LONGEST_PAUSE,
    deliver_due,
    pause_before,
    try_again,
)
from portal.mail.letters import Letter
from portal.mail.outbox import MailStatus, OutgoingMail
from portal.mail.posting import post
from portal.mail.sending import UnreachableError, compose
from portal.settings import Settings
from tests import cast
from tests.casework import adopted, opened
from tests.mail.smtp_server import Mailbox, mail_server

LETTER = Letter("Case 7KQ-4MPX", "Plain words", "<p>Plain words</p>")


WORKER = """
import sys
from datetime import datetime
from pathlib import Path
import portal.entities
from portal.database import Database
from portal.mail.delivery import deliver_due
from portal.settings import Settings
url, port, now = sys.argv[1], int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
settings = Settings(
    Path("."), "s" * 40, "https://help.example", url,
    smtp_host="127.0.0.1", smtp_port=port, smtp_tls="none", mail_from="support@help.example",
)
database = Database(url)
while deliver_due(database, settings=settings, now=now):
    pass
"""


def another_worker(sending: Settings, now: datetime) -> subprocess.Popen[bytes]:
    """A process of its own that empties the outbox once."""
    where = (sending.database_url, str(sending.smtp_port), now.isoformat())
    return subprocess.Popen([sys.executable, "-c", WORKER, *where])


def fill(database: Database, settings: Settings, now: datetime, *recipients: str) -> None:
    with database.writing() as db:
        for recipient in recipients:
            post(db, LETTER, recipient=recipient, settings=settings, now=now)


def outbox(database: Database) -> list[OutgoingMail]:
    with database.reading() as db:
        return list(db.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def test_a_mail_arrives_in_plain_text_and_html_with_its_own_message_id(
    database: Database, sending: Settings, mailbox: Mailbox, now: datetime
) -> None:
    fill(database, sending, now, "ines@customer.example")
    assert deliver_due(database, settings=sending, now=now) == 1

    [arrived], [mail] = mailbox.arrived, outbox(database)
    assert arrived["To"] == "ines@customer.example"
    assert arrived["From"] == "Harbour Support <support@help.example>"
    assert arrived["Message-ID"] == mail.message_id
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in arrived.iter_parts()] == ["text/plain", "text/html"]
    assert (mail.status, mail.sent_at) == (MailStatus.SENT, now)


def test_the_words_of_a_sent_mail_are_not_kept(
    database: Database, sending: Settings, now: datetime
) -> None:
    fill(database, sending, now, "ines@customer.example")
    deliver_due(database, settings=sending, now=now)
    [mail] = outbox(database)
    assert (mail.text, mail.html) == ("", "")


def test_a_sent_mail_is_not_sent_again(
    database: Database, sending: Settings, mailbox: Mailbox, now: datetime
) -> None:
    fill(database, sending, now, "ines@customer.example")
    for later in range(3):
        deliver_due(database, settings=sending, now=now + timedelta(days=later))
    assert len(mailbox.arrived) == 1


def test_nobody_home_is_tried_again_later_and_nothing_is_lost(
    database: Database, settings: Settings, now: datetime
) -> None:
    nowhere = replace(settings, smtp_host="127.0.0.1", smtp_port=1, smtp_tls="none")
    fill(database, nowhere, now, "ines@customer.example", "theo@customer.example")
    moment = now
    for _ in range(12):
        with pytest.raises(UnreachableError, match="refused"):
            deliver_due(database, settings=nowhere, now=moment)
        moment = max(mail.next_try_at for mail in outbox(database))
    assert {mail.status for mail in outbox(database)} == {MailStatus.WAITING}
    assert moment - now > timedelta(hours=2)

    with mail_server() as mailbox:
        back = replace(nowhere, smtp_port=mailbox.port)
        assert deliver_due(database, settings=back, now=moment) == 2
        assert len(mailbox.arrived) == 2


def test_a_lasting_refusal_fails_at_once_and_says_why(
    database: Database, sending: Settings, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.refused_recipients["gone@customer.example"] = "550 5.1.1 No such mailbox"
    fill(database, sending, now, "gone@customer.example", "ines@customer.example")
    deliver_due(database, settings=sending, now=now)
    gone, ines = outbox(database)
    assert gone.status is MailStatus.FAILED
    assert gone.last_error == "550 5.1.1 No such mailbox"
    assert ines.status is MailStatus.SENT


def test_a_passing_refusal_waits_and_does_not_hold_up_the_others(
    database: Database, sending: Settings, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.refused_recipients["full@customer.example"] = "452 4.2.2 Mailbox full"
    fill(database, sending, now, "full@customer.example", "ines@customer.example")
    assert deliver_due(database, settings=sending, now=now) == 1, "what was refused is not counted"
    full, ines = outbox(database)
    assert (full.status, full.last_error) == (MailStatus.WAITING, "452 4.2.2 Mailbox full")
    assert ines.status is MailStatus.SENT

    mailbox.refused_recipients.clear()
    deliver_due(database, settings=sending, now=full.next_try_at)
    assert {mail.status for mail in outbox(database)} == {MailStatus.SENT}


def test_a_refused_message_is_told_apart_by_its_answer(
    database: Database, sending: Settings, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.answer = lambda _envelope, number: "451 later" if number == 1 else "554 spam"
    fill(database, sending, now, "ines@customer.example", "theo@customer.example")
    deliver_due(database, settings=sending, now=now)
    assert [mail.status for mail in outbox(database)] == [MailStatus.WAITING, MailStatus.FAILED]


def test_after_three_days_of_passing_faults_it_gives_up_and_the_administrator_may_start_anew(
    database: Database, sending: Settings, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.answer = lambda _envelope, _number: "451 not today"
    fill(database, sending, now, "ines@customer.example")
    for number in range(FEWEST_TRIES):
        [mail] = outbox(database)
        assert mail.status is MailStatus.WAITING, "one fault after a long wait loses no mail"
        deliver_due(
            database, settings=sending, now=now + GIVE_UP_AFTER + timedelta(hours=2 * number)
        )
    [mail] = outbox(database)
    assert (mail.status, mail.last_error) == (MailStatus.FAILED, "451 not today")

    mailbox.answer = lambda _envelope, _number: None
    later = now + timedelta(days=6)
    with database.writing() as db:
        try_again(db.get_one(OutgoingMail, mail.id), now=later)
    deliver_due(database, settings=sending, now=later)
    assert len(mailbox.arrived) == 1


def test_a_hanging_server_costs_one_time_out_and_the_mail_waits(
    database: Database, sending: Settings, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.hangs = True
    fill(database, sending, now, "ines@customer.example", "theo@customer.example")
    deliver_due(database, settings=sending, now=now, timeout=0.3)
    first, second = outbox(database)
    assert first.last_error == "the mail server did not answer in time"
    assert (second.tries, second.next_try_at) == (0, now)


def test_a_connection_lost_after_the_message_repeats_it_under_the_same_message_id(
    database: Database, sending: Settings, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.drops_after = 1
    fill(database, sending, now, "ines@customer.example", "theo@customer.example")
    deliver_due(database, settings=sending, now=now)
    mailbox.drops_after = None
    deliver_due(database, settings=sending, now=now)
    deliver_due(database, settings=sending, now=now + 2 * FIRST_PAUSE)

    ids = mailbox.message_ids
    assert len(ids) == 3
    assert set(ids) == {mail.message_id for mail in outbox(database)}


def test_two_workers_never_take_the_same_mail(
    database: Database, sending: Settings, mailbox: Mailbox, now: datetime
) -> None:
    fill(database, sending, now, *(f"p{n}@customer.example" for n in range(40)))
    workers = [another_worker(sending, now) for _ in range(2)]
    assert [worker.wait(timeout=300) for worker in workers] == [0, 0]
    assert len(mailbox.message_ids) == len(set(mailbox.message_ids)) == 40


def test_kill_minus_nine_loses_no_mail_and_repeats_at_most_one(
    database: Database, sending: Settings, mailbox: Mailbox, now: datetime
) -> None:
    fill(database, sending, now, *(f"p{n}@customer.example" for n in range(12)))
    killed: list[subprocess.Popen[bytes]] = []

    def kill_in_the_middle(_envelope: object, number: int) -> str | None:
        if number == 5:
            killed[0].send_signal(signal.SIGKILL)
        return None

    mailbox.answer = kill_in_the_middle
    killed.append(another_worker(sending, now))
    assert killed[0].wait(timeout=300) == -signal.SIGKILL

    deliver_due(database, settings=sending, now=now + CLAIM)
    arrived = mailbox.message_ids
    assert set(arrived) == {mail.message_id for mail in outbox(database)}
    assert len(arrived) <= 13
    assert {mail.status for mail in outbox(database)} == {MailStatus.SENT}


@given(st.integers(1, 200), st.text(max_size=20))
def test_the_pauses_grow_up_to_an_hour_and_are_spread(tries: int, message_id: str) -> None:
    pause = pause_before(tries, message_id)
    assert FIRST_PAUSE * 0.8 <= pause <= LONGEST_PAUSE * 1.2
    assert pause_before(tries + 4, message_id) >= pause or pause > LONGEST_PAUSE * 0.6


def test_a_message_id_stands_on_one_line_however_long_the_domain_is(
    settings: Settings, database: Database, now: datetime
) -> None:
    long = replace(settings, mail_from=f"support@{'help.' * 20}example")
    with database.writing() as db:
        adopted(db, now=now)
        case = opened(db, person=cast.ines(db, cast.harbour_lines(db)), now=now)
        letter = Letter("S" * 160, "Plain words", "<p>Plain words</p>")
        mail = post(db, letter, recipient="a@b.example", settings=long, now=now, case=case)
        sent, expected = compose(mail, long).as_bytes(), f"\r\nMessage-ID: {mail.message_id}\r\n"
    assert expected.encode() in sent
    assert max(map(len, sent.split(b"\r\n"))) <= 998
