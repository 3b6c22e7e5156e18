"""What has had its day is forgotten: drafts, sign-ins, links, sent mail, unnamed files."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases.access_link import AccessLink
from portal.cases.attachments import hashes_in_use
from portal.cases.drafting import sweep_drafts
from portal.commands.context import Opened
from portal.insight import attempting
from portal.knowledge import drafts, helping, subscribing
from portal.knowledge.article import ArticleImage
from portal.knowledge.picturing import unsaved_hashes
from portal.mail.inbound.inbox import InboxStatus, IncomingMail
from portal.mail.inbound.keeping import kept_hashes
from portal.mail.outbox import MailStatus, OutgoingMail
from portal.mail.policy_trouble import tell_of_unusable_policies
from portal.people import sign_in_links, signing_in
from portal.people.sign_in import Attempt
from portal.search import learned, log
from portal.search.learned import Learning
from portal.settings import Settings

KEEP_SENT_MAIL, KEEP_LINKS, KEEP_ATTEMPTS = (
    timedelta(days=90),
    timedelta(days=30),
    timedelta(days=2),
)
FILE_GRACE = timedelta(hours=24)


def sweep(portal: Opened, *, now: datetime) -> bool:
    """Everything once, each in a transaction; files last. Never asks to be called again at once."""
    with portal.database.writing() as db:
        sweep_drafts(db, now=now)
        signing_in.sweep(db, now=now)
        sign_in_links.sweep(db, now=now)
        subscribing.forget_old(db, now=now)
        helping.forget_old(db, now=now)
        drafts.forget_old(db, now=now)
        _forget_old_rows(db, now=now)
        _forget_old_searches(db, portal.settings, now=now)
    with portal.database.writing() as db:
        tell_of_unusable_policies(db, settings=portal.settings, now=now)
    with portal.database.reading() as db:
        used = (
            hashes_in_use(db)
            | kept_hashes(db)
            | unsaved_hashes(db)
            | set(db.scalars(select(ArticleImage.content_hash)))
        )
    remove_unused_files(portal.files.folder, used)
    return False


def remove_unused_files(folder: Path, used: Iterable[str]) -> int:
    """Remove stored files that nothing names, once they are a day old; how many.

    What is left of an upload that broke off goes the same way.
    """
    named, oldest = set(used), time.time() - FILE_GRACE.total_seconds()
    removed = 0
    for path in [p for p in folder.rglob("*") if p.name not in named and p.is_file()]:
        if _is_older(path, oldest):  # asked right before: the same bytes may just have come again
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _is_older(path: Path, than: float) -> bool:
    try:
        return path.stat().st_mtime < than
    except FileNotFoundError:
        return False


def _forget_old_searches(db: Session, settings: Settings, *, now: datetime) -> None:
    log.forget_old(db, now=now, kept_days=settings.search_log_days)
    attempting.forget_old(db, now=now, kept_days=settings.search_log_days)
    learned.forget_old(
        db,
        now=now,
        learning=Learning(settings.learning_half_life_days, settings.learning_days),
    )


def _forget_old_rows(db: Session, *, now: datetime) -> None:
    sent = OutgoingMail.status == MailStatus.SENT
    db.execute(delete(OutgoingMail).where(sent, OutgoingMail.sent_at < now - KEEP_SENT_MAIL))
    over = IncomingMail.status.in_((InboxStatus.TAKEN, InboxStatus.IGNORED, InboxStatus.DISMISSED))
    db.execute(delete(IncomingMail).where(over, IncomingMail.arrived_at < now - KEEP_SENT_MAIL))
    db.execute(delete(AccessLink).where(AccessLink.expires_at < now - KEEP_LINKS))
    db.execute(delete(Attempt).where(Attempt.window_started_at < now - KEEP_ATTEMPTS))
