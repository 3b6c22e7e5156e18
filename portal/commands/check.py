"""`portal check`: what is in order and what is not, one line each, with the remedy."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec

import click
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.cases.case import PolicyVersion
from portal.cases.conversation import Attachment
from portal.cases.policies import NoPolicyError, policy_in_force, read_or_none
from portal.clock import now
from portal.commands.context import Opened, opened
from portal.mail.inbound.inbox import InboxStatus, IncomingMail, MailWay
from portal.mail.outbox import MailStatus, OutgoingMail
from portal.mail.ways import MAILBOX, OUT
from portal.migrations.standing import at_head
from portal.search.advice import advice
from portal.search.index import Health
from portal.search.indexing import published_count
from portal.search.opening import open_index

Finding = str
MAIL_WAITS_TOO_LONG = timedelta(hours=1)
MAIL_MAY_BE_PUT_OFF = timedelta(minutes=15)


class NotInOrderError(Exception):
    """Something is wrong; the message says what, and the remedy."""


@click.command()
def check() -> None:
    """Say what is wrong with this installation, and the remedy."""
    with opened() as portal:
        found = [_reported(name, look, portal) for name, look in LOOKS]
    raise SystemExit(0 if all(found) else 1)


def _reported(name: str, look: Callable[[Opened], Finding], portal: Opened) -> bool:
    try:
        click.echo(f"ok       {name}: {look(portal)}")
    except (NotInOrderError, SQLAlchemyError, OSError) as error:
        click.echo(f"PROBLEM  {name}: {' '.join(str(error).split())}")
        return False
    return True


def _settings(portal: Opened) -> Finding:
    file = portal.settings.home / "settings.toml"
    if file.is_file() and file.stat().st_mode & 0o077:
        raise NotInOrderError(f"{file} can be read by others: chmod 600 {file}")
    if portal.settings.demonstration:
        return (
            f"demonstration, at the address that `portal serve` says, home {portal.settings.home}"
        )
    return f"installation at {portal.settings.base_url}, home {portal.settings.home}"


def _database(portal: Opened) -> Finding:
    with portal.database.reading() as db:
        db.execute(select(1))
        if portal.database.is_sqlite:
            said = db.connection().exec_driver_sql("PRAGMA quick_check").scalar()
            if said != "ok":
                raise NotInOrderError(f"the file is damaged ({said}): restore a backup")
    return "answers"


def _migrations(portal: Opened) -> Finding:
    if not at_head(portal.database):
        raise NotInOrderError("the schema is of another version: run `portal migrate`")
    return "up to date"


def _policy(portal: Opened) -> Finding:
    with portal.database.reading() as db:
        try:
            version, policy = policy_in_force(db, now=now())
        except NoPolicyError:
            raise NotInOrderError("none is in force: run `portal policy adopt`") from None
        broken = [v.version for v in db.scalars(select(PolicyVersion)) if read_or_none(v) is None]
    if broken:
        raise NotInOrderError(
            f"version {broken[0]} can't be used, version {version.version} goes on: adopt a "
            "corrected one at /desk/policies"
        )
    return f"{policy.name}, version {version.version}"


def _index(portal: Opened) -> Finding:
    state = open_index(portal.settings).health()
    if state is not Health.READY:
        raise NotInOrderError(
            f"{state.value}; search works without it. `portal search rebuild` makes it anew, "
            "and so does the worker"
        )
    engine = portal.settings.search_engine
    with portal.database.reading() as db:
        articles = published_count(db)
    said = advice(engine=engine, articles=articles, is_postgres=not portal.database.is_sqlite)
    return f"ready, {engine}, {articles} articles" + (f"; {said}" if said else "")


def _meaning(portal: Opened) -> Finding:
    if not portal.settings.search_meaning:
        return "off: words alone answer"
    if find_spec("numpy") is None:
        raise NotInOrderError(
            "words alone answer, NumPy is not installed: pip install answerfirst[semantic]"
        )
    from portal.search.meaning.following import counts
    from portal.search.meaning.opening import open_mind
    from portal.search.meaning.weights import ModelUnavailableError

    try:
        done, total = counts(portal.database, open_mind(portal.settings).meanings)
    except ModelUnavailableError as error:
        raise NotInOrderError(f"words alone answer, {error}") from None
    return f"{done} of {total} articles encoded" + ("" if done == total else ", the rest follows")


def _files(portal: Opened) -> Finding:
    folder = portal.files.folder
    if folder.exists() and not os.access(folder, os.W_OK):
        raise NotInOrderError(f"{folder} can't be written: check its rights")
    with portal.database.reading() as db:
        hashes = set(db.scalars(select(Attachment.content_hash)))
    missing = [each for each in sorted(hashes) if not portal.files.path(each).is_file()]
    if missing:
        raise NotInOrderError(
            f"{len(missing)} files are missing, the first is {portal.files.path(missing[0])}: "
            "restore them from a backup"
        )
    return f"{len(hashes)} attachments, none missing"


def _mail(portal: Opened) -> Finding:
    waits = OutgoingMail.status == MailStatus.WAITING
    too_old = OutgoingMail.created_at < now() - MAIL_WAITS_TOO_LONG
    with portal.database.reading() as db:
        failed = _count(db, OutgoingMail.status == MailStatus.FAILED)
        put_off = _put_off(db) if portal.settings.sends_mail else None
        late = _count(db, waits, too_old, OutgoingMail.last_error == "")
    wrong = [f"{failed} could not be sent: see /desk/outbox for the reasons"] if failed else []
    if put_off is not None and put_off.is_a_problem:
        wrong.append(
            f"{put_off}: check PORTAL_SMTP_HOST and the settings beside it; they are tried again "
            "by themselves, and at once by /desk/outbox"
        )
    elif late and portal.settings.sends_mail:
        wrong.append(f"{late} have waited for over an hour: does `portal work` run?")
    if wrong:
        raise NotInOrderError("; ".join(wrong))
    if not portal.settings.sends_mail:
        return "stays in the outbox page: PORTAL_SMTP_HOST is not set"
    return f"goes out by {portal.settings.smtp_host}" + (f"; {put_off}" if put_off else "")


@dataclass(frozen=True)
class PutOff:
    """Mail that the mail server refused for now, or that found no mail server."""

    number: int
    since: datetime
    last_error: str
    is_unreachable: bool

    @property
    def is_a_problem(self) -> bool:
        """A server may put a stranger off for some minutes; that mends itself."""
        return self.is_unreachable or self.since < now() - MAIL_MAY_BE_PUT_OFF

    def __str__(self) -> str:
        since = f"{self.since:%Y-%m-%d %H:%M} UTC"
        return f"{self.number} not taken by the mail server since {since} ({self.last_error})"


def _put_off(db: Session) -> PutOff | None:
    waits = (OutgoingMail.status == MailStatus.WAITING, OutgoingMail.last_error != "")
    number, oldest = db.execute(
        select(func.count(), func.min(OutgoingMail.created_at)).where(*waits)
    ).one()
    if not number:
        return None
    newest = select(OutgoingMail.last_error).where(*waits).order_by(OutgoingMail.next_try_at.desc())
    way = db.get(MailWay, OUT)
    failing_since = way.failing_since if way is not None else None
    return PutOff(
        number=number,
        since=failing_since or oldest,
        last_error=db.scalar(newest.limit(1)) or "",
        is_unreachable=failing_since is not None,
    )


def _mail_in(portal: Opened) -> Finding:
    with portal.database.reading() as db:
        way = db.get(MailWay, MAILBOX)
        aside = _count_in(db, IncomingMail.status == InboxStatus.QUARANTINED)
        late = _count_in(
            db,
            IncomingMail.status == InboxStatus.WAITING,
            IncomingMail.arrived_at < now() - MAIL_WAITS_TOO_LONG,
        )
    if portal.settings.imap_host and way is not None and way.failing_since is not None:
        raise NotInOrderError(
            f"{portal.settings.imap_host} can't be looked into since "
            f"{way.failing_since:%Y-%m-%d %H:%M} UTC ({way.last_error}): check PORTAL_IMAP_HOST "
            "and the settings beside it"
        )
    if late:
        raise NotInOrderError(f"{late} wait for over an hour: does `portal work` run?")
    ways = [portal.settings.mail_listen, portal.settings.imap_host]
    by = " and ".join(filter(None, ways)) or "`portal mail receive` only"
    return f"comes in by {by}" + (f"; {aside} set aside, see /desk/mail-in" if aside else "")


def _count_in(db: Session, *which: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count()).select_from(IncomingMail).where(*which)) or 0


def _count(db: Session, *which: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count()).select_from(OutgoingMail).where(*which)) or 0


LOOKS = (
    ("settings", _settings),
    ("database", _database),
    ("schema", _migrations),
    ("policy", _policy),
    ("search index", _index),
    ("search by meaning", _meaning),
    ("files", _files),
    ("mail", _mail),
    ("mail in", _mail_in),
)
