"""What becomes of one mail: a new case, a reply, a report on a mail of ours; ignored with a reason,
or set aside for an administrator. Nothing is answered that a machine wrote, nothing is done twice,
and whatever goes wrong, the mail stays.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.cases.attachments import limits_of
from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.reopening import FollowUpNeededError, must_be_reopenable
from portal.database import Database
from portal.events import Event, record, take_recorded
from portal.files import FileStore
from portal.locale import N_
from portal.mail.inbound.arrived import Arrived
from portal.mail.inbound.automatic import Automatic
from portal.mail.inbound.bouncing import take_bounce
from portal.mail.inbound.filing import Files, add_reply, file_case, store_files
from portal.mail.inbound.inbox import InboxStatus, IncomingMail, Outcome
from portal.mail.inbound.judging import (
    NotForUsError,
    SetAsideError,
    Writer,
    case_named_in,
    refuse_machines,
    writer_of,
)
from portal.mail.inbound.keeping import keep
from portal.mail.inbound.reading import glimpse, read
from portal.mail.inbound.understanding import UnreadableMailError
from portal.mail.notices import write_notices
from portal.mail.restraint import hashed
from portal.people.throttle import allow
from portal.settings import Settings

CLAIM = timedelta(minutes=10)
LATER = timedelta(minutes=2)
MOST_TRIES = 5
RECEIPTS_AN_HOUR = 10
_DUPLICATE = N_("The same mail came before.")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Handled:
    """What was done with one mail. `reference` is the case's, "" where none is concerned."""

    mail_id: int
    status: InboxStatus
    outcome: Outcome
    reference: str
    reason: str


def receive(
    database: Database,
    files: FileStore,
    raw: bytes,
    *,
    way: str,
    settings: Settings,
    now: datetime,
    envelope_sender: str | None = None,
) -> Handled:
    """Keep the bytes of one mail, do what it asks for, and say what was done.

    Raises MailTooLargeError for what isn't even kept. A mail that can't be handled now is kept
    as `waiting`, and is handled later by the worker.
    """
    mail_id = keep(database, files, raw, way=way, envelope_sender=envelope_sender, now=now)
    return handle(database, files, mail_id, settings=settings, now=now)


def handle_due(database: Database, files: FileStore, *, settings: Settings, now: datetime) -> bool:
    """Handle the oldest mail that waits; True when there was one."""
    due = (
        select(IncomingMail.id)
        .where(IncomingMail.status == InboxStatus.WAITING, IncomingMail.next_try_at <= now)
        .order_by(IncomingMail.next_try_at, IncomingMail.id)
        .limit(1)
    )
    with database.reading() as db:
        mail_id = db.scalar(due)
    if mail_id is None:
        return False
    handle(database, files, mail_id, settings=settings, now=now)
    return True


def handle(
    database: Database, files: FileStore, mail_id: int, *, settings: Settings, now: datetime
) -> Handled:
    """Do what a kept mail asks for; what was done already is only said again."""
    if not _claim(database, mail_id, now=now):
        return _said(database, mail_id)
    try:
        _handle(database, files, mail_id, settings=settings, now=now)
    except UnreadableMailError as refusal:
        _set_aside(database, files, mail_id, str(refusal), now=now)
    except OperationalError:
        raise
    except Exception:
        _log.exception("incoming mail %s could not be handled; it is tried again", mail_id)
        _put_off(database, mail_id, now=now)
    return _said(database, mail_id)


def _claim(database: Database, mail_id: int, *, now: datetime) -> bool:
    """Take the mail for some minutes; who dies meanwhile leaves a claim that runs out."""
    with database.writing() as db:
        query = select(IncomingMail).where(IncomingMail.id == mail_id)
        mail = db.scalars(query.with_for_update(skip_locked=True)).one_or_none()
        if mail is None or mail.status is not InboxStatus.WAITING or mail.next_try_at > now:
            return False
        mail.tries += 1
        mail.next_try_at = now + CLAIM
        if mail.tries > MOST_TRIES:
            mail.status, mail.handled_at = InboxStatus.QUARANTINED, now
            mail.reason = f"It could not be handled in {MOST_TRIES} tries; see the log."
            return False
        return True


def _handle(
    database: Database, files: FileStore, mail_id: int, *, settings: Settings, now: datetime
) -> None:
    with database.reading() as db:
        mail = db.get_one(IncomingMail, mail_id)
        db.expunge(mail)
    path = files.path(mail.content_hash)
    if mail.size_bytes > settings.mail_limit_bytes:
        most = settings.mail_limit_bytes // 1024 // 1024
        raise UnreadableMailError(f"it is larger than {most} MB, so it was not opened")
    with read(path, envelope_sender=mail.envelope_sender) as arrived:
        taken = store_files(arrived, files, limits=limits_of(settings))
        with database.writing() as db:
            mail = db.get_one(IncomingMail, mail_id, with_for_update=True)
            _file(db, mail, arrived, taken, settings=settings, now=now)
            write_notices(db, take_recorded(db), settings=settings, now=now)


def _file(
    db: Session,
    mail: IncomingMail,
    arrived: Arrived,
    taken: Files,
    *,
    settings: Settings,
    now: datetime,
) -> None:
    """Decide and act, in the caller's transaction."""
    mail.sender, mail.subject = arrived.sender, arrived.subject
    mail.message_id, mail.handled_at = arrived.message_id, now
    identity = _identity(mail, arrived)
    twin = select(IncomingMail.id).where(
        IncomingMail.identity == identity, IncomingMail.id != mail.id
    )
    if db.scalar(twin) is not None:
        mail.status, mail.reason = InboxStatus.IGNORED, _DUPLICATE
        return
    mail.identity = identity
    try:
        _take(db, mail, arrived, taken, settings=settings, now=now)
    except NotForUsError as refusal:
        mail.status, mail.reason = InboxStatus.IGNORED, str(refusal)
    except SetAsideError as doubt:
        mail.status, mail.reason = InboxStatus.QUARANTINED, str(doubt)
        if doubt.case is not None:
            _say_on_case(db, mail, doubt.case, now=now)
    else:
        mail.status, mail.reason = InboxStatus.TAKEN, ""


def _take(
    db: Session,
    mail: IncomingMail,
    arrived: Arrived,
    taken: Files,
    *,
    settings: Settings,
    now: datetime,
) -> None:
    """Nothing is changed before the last doubt is out of the way."""
    if arrived.bounce is not None:
        mail.case_id = take_bounce(db, arrived.bounce, settings=settings, now=now)
        mail.outcome = Outcome.BOUNCE
        return
    refuse_machines(arrived, settings=settings, is_released=mail.is_released)
    writer = writer_of(db, arrived, settings=settings, is_released=mail.is_released, now=now)
    named = case_named_in(
        db, arrived, writer=writer, settings=settings, is_released=mail.is_released
    )
    if named is not None and _goes_on(named.case, settings, now):
        add_reply(
            db,
            mail,
            arrived,
            named=named,
            writer=writer,
            files=taken,
            is_quiet=_is_quiet(arrived),
            reopen_days=settings.reopen_days,
            now=now,
        )
        mail.case_id, mail.outcome = named.case.id, Outcome.REPLY
        return
    opened = file_case(
        db,
        mail,
        arrived,
        writer=writer,
        files=taken,
        follows=named.case if named else None,
        is_quiet=_is_quiet(arrived) or not _may_acknowledge(db, writer, now=now),
        now=now,
    )
    mail.case_id, mail.outcome = opened.id, Outcome.CASE


def _say_on_case(db: Session, mail: IncomingMail, case: Case, *, now: datetime) -> None:
    """Who works on the case knows that a mail about it waits; tried again, it is said once."""
    said = select(Event.id).where(
        Event.case_id == case.id,
        Event.kind == Happening.MAIL_SET_ASIDE,
        Event.detail["incoming_id"].as_integer() == mail.id,
    )
    if db.scalar(said.limit(1)) is None:
        record(
            db,
            Happening.MAIL_SET_ASIDE,
            now=now,
            case_id=case.id,
            is_internal=True,
            incoming_id=mail.id,
            sender=mail.sender,
        )


def _goes_on(case: Case, settings: Settings, now: datetime) -> bool:
    try:
        must_be_reopenable(case, now=now, reopen_days=settings.reopen_days)
    except FollowUpNeededError:
        return False
    return True


def _is_quiet(arrived: Arrived) -> bool:
    """Whether nothing automatic may go back: no machine is ever answered."""
    return arrived.wants_no_answer or arrived.automatic is not Automatic.NO


def _may_acknowledge(db: Session, writer: Writer, *, now: datetime) -> bool:
    """Two machines that write to each other by hand-made mails stop here."""
    key = f"mail-receipt:{hashed(writer.address)}"
    return allow(db, key, limit=RECEIPTS_AN_HOUR, window=timedelta(hours=1), now=now)


def _identity(mail: IncomingMail, arrived: Arrived) -> str:
    """One mail that came by two ways is one; two mails under one Message-ID stay two."""
    if not arrived.message_id:
        return f"bytes:{mail.content_hash}"
    told = (arrived.message_id, arrived.sender, arrived.subject, arrived.said, arrived.repeated)
    return "mail:" + hashlib.sha256("\n".join(told).encode("utf-8", "replace")).hexdigest()


def _set_aside(
    database: Database, files: FileStore, mail_id: int, reason: str, *, now: datetime
) -> None:
    """What can't be read waits whole; a glimpse of it helps to tell it from others."""
    with database.writing() as db:
        mail = db.get_one(IncomingMail, mail_id)
        seen = glimpse(files.path(mail.content_hash))
        mail.sender, mail.subject = seen.sender, seen.subject
        mail.status, mail.handled_at = InboxStatus.QUARANTINED, now
        mail.reason = f"It could not be read: {reason}."


def _put_off(database: Database, mail_id: int, *, now: datetime) -> None:
    with database.writing() as db:
        mail = db.get_one(IncomingMail, mail_id)
        mail.next_try_at = now + LATER * mail.tries


def _said(database: Database, mail_id: int) -> Handled:
    with database.reading() as db:
        mail = db.get_one(IncomingMail, mail_id)
        case = db.get(Case, mail.case_id) if mail.case_id is not None else None
        reference = case.reference if case else ""
        return Handled(mail.id, mail.status, mail.outcome, reference, mail.reason)
