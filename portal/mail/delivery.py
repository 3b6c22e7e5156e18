"""The outbox is emptied: every mail is sent at least once, and after a crash at most once more,
with the same Message-ID.

A mail is first claimed for some minutes, then handed over, then marked as sent. Whoever dies in
between leaves a claim that runs out. A fault that passes is tried again, ever more seldom, for
three days and many times; then, or at a fault that stays, the mail is `failed` and says why.
"""

import zlib
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum, auto
from smtplib import SMTP

from sqlalchemy import select, update

from portal.database import Database
from portal.mail.outbox import MailStatus, OutgoingMail
from portal.mail.sending import (
    TIMEOUT_SECONDS,
    LastingFaultError,
    PassingFaultError,
    UnreachableError,
    connected,
    hand_over,
)
from portal.settings import Settings

CLAIM = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(days=3)
FEWEST_TRIES = 20
"""About half a day of them: mail that waited long for a mail server survives its first fault."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
AT_ONCE = 50
ON_ONE_CONNECTION = 500


class Fate(Enum):
    """What came of handing one mail over."""

    SENT = auto()
    REFUSED = auto()
    CUT_OFF = auto()


def deliver_due(
    database: Database, *, settings: Settings, now: datetime, timeout: float = TIMEOUT_SECONDS
) -> int:
    """Send what is due over one connection; how many mails went out, refused ones not counted.

    Some hundreds at most, so that claims last: call again for more. Raises UnreachableError when
    there is no mail server; the mails wait for a later try.
    """
    waiting = _claim(database, now=now)
    if not waiting:
        return 0
    try:
        with connected(settings, timeout=timeout) as server:
            return _deliver_all(database, server, waiting, settings, now)
    except UnreachableError as error:
        for mail in waiting:
            _put_off(database, mail.id, str(error), now)
        raise


def _deliver_all(
    database: Database,
    server: SMTP,
    waiting: deque[OutgoingMail],
    settings: Settings,
    now: datetime,
) -> int:
    """Send batch after batch while the connection holds; how many went out."""
    handled = sent = 0
    while waiting:
        fate = _deliver(database, server, waiting.popleft(), settings, now)
        handled += 1
        sent += fate is Fate.SENT
        if fate is Fate.CUT_OFF:
            _release(database, waiting, now)
            break
        if not waiting and handled < ON_ONE_CONNECTION:
            waiting = _claim(database, now=now)
    return sent


def try_again(mail: OutgoingMail, *, now: datetime) -> None:
    """The administrator wants a failed mail to be sent after all: it gets three more days."""
    mail.status, mail.next_try_at, mail.tries = MailStatus.WAITING, now, 0
    mail.created_at = now


def pause_before(tries: int, message_id: str) -> timedelta:
    """How long to wait after the `tries`th try: twice as long each time, spread by a fifth so that
    mails which failed together don't come back together.
    """
    doubled: timedelta = min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)
    spread = zlib.crc32(f"{message_id}{tries}".encode()) % 400 / 1000 - 0.2
    return doubled + doubled * spread


def _claim(database: Database, *, now: datetime) -> deque[OutgoingMail]:
    """Take mails that are due, for a while; several workers never take the same one."""
    due = (
        select(OutgoingMail)
        .where(OutgoingMail.status == MailStatus.WAITING, OutgoingMail.next_try_at <= now)
        .order_by(OutgoingMail.next_try_at, OutgoingMail.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    if not _any_due(database, now):
        return deque()
    with database.writing() as db:
        mails = deque(db.scalars(due))
        db.expunge_all()
        taken = update(OutgoingMail).where(OutgoingMail.id.in_([mail.id for mail in mails]))
        db.execute(taken.values(tries=OutgoingMail.tries + 1, next_try_at=now + CLAIM))
    return mails


def _any_due(database: Database, now: datetime) -> bool:
    """A look without any lock: an idle worker never stands in a writer's way."""
    with database.reading() as db:
        due = select(OutgoingMail.id).where(
            OutgoingMail.status == MailStatus.WAITING, OutgoingMail.next_try_at <= now
        )
        return db.scalar(due.limit(1)) is not None


def _deliver(
    database: Database, server: SMTP, mail: OutgoingMail, settings: Settings, now: datetime
) -> Fate:
    """Hand one mail over and note what came of it."""
    try:
        hand_over(server, mail, settings)
    except LastingFaultError as error:
        _give_up(database, mail.id, str(error))
    except PassingFaultError as error:
        _put_off(database, mail.id, str(error), now)
    except UnreachableError as error:
        _put_off(database, mail.id, str(error), now)
        return Fate.CUT_OFF
    else:
        _mark_sent(database, mail.id, now)
        return Fate.SENT
    return Fate.REFUSED


def _mark_sent(database: Database, mail_id: int, now: datetime) -> None:
    """Before the next one is handed over, so that a crash repeats this one at most. What was sent
    is not kept: the words may hold a secret link.
    """
    sent = update(OutgoingMail).where(OutgoingMail.id == mail_id)
    with database.writing() as db:
        db.execute(
            sent.values(status=MailStatus.SENT, sent_at=now, last_error="", text="", html="")
        )


def _put_off(database: Database, mail_id: int, reason: str, now: datetime) -> None:
    with database.writing() as db:
        mail = db.get_one(OutgoingMail, mail_id)
        mail.last_error = reason
        mail.next_try_at = now + pause_before(mail.tries, mail.message_id)
        is_old = now - mail.created_at >= GIVE_UP_AFTER
        if is_old and mail.tries >= FEWEST_TRIES:
            mail.status = MailStatus.FAILED


def _give_up(database: Database, mail_id: int, reason: str) -> None:
    with database.writing() as db:
        mail = db.get_one(OutgoingMail, mail_id)
        mail.status, mail.last_error = MailStatus.FAILED, reason


def _release(database: Database, mails: Iterable[OutgoingMail], now: datetime) -> None:
    """Give claimed mails back that were not tried: the next connection takes them."""
    ids = [mail.id for mail in mails]
    back = update(OutgoingMail).where(OutgoingMail.id.in_(ids))
    with database.writing() as db:
        db.execute(back.values(tries=OutgoingMail.tries - 1, next_try_at=now))
