"""Every mail is kept whole before anything else is done with it: once it is acknowledged to who
brought it, it can't be lost any more.
"""

import io
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import Database
from portal.files import FileStore, FileTooLargeError
from portal.mail.inbound.inbox import IncomingMail

MOST_BYTES = 100 * 1024 * 1024


class MailTooLargeError(Exception):
    """The mail is so large that it isn't even kept; whoever brought it keeps it."""


def keep(
    database: Database,
    files: FileStore,
    raw: bytes,
    *,
    way: str,
    now: datetime,
    envelope_sender: str | None = None,
) -> int:
    """Store a mail for good; its id in the inbox. Raises MailTooLargeError."""
    try:
        stored = files.keep(io.BytesIO(raw), limit_bytes=MOST_BYTES)
    except FileTooLargeError as error:
        raise MailTooLargeError from error
    with database.writing() as db:
        mail = IncomingMail(
            way=way,
            content_hash=stored.content_hash,
            size_bytes=stored.size_bytes,
            envelope_sender=envelope_sender,
            arrived_at=now,
            next_try_at=now,
        )
        db.add(mail)
        db.flush()
        return mail.id


def kept_hashes(db: Session) -> set[str]:
    """What the file store must keep for the inbox."""
    return set(db.scalars(select(IncomingMail.content_hash).distinct()))
