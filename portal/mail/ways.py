"""Does mail go its ways? Each way notes when it worked and since when it does not, so that an
administrator sees it without reading logs.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import Database
from portal.mail.inbound.inbox import MailWay

OUT, MAILBOX = "out", "mailbox"
_OFTEN_ENOUGH = timedelta(hours=1)


def note_success(database: Database, way: str, *, now: datetime) -> None:
    """It worked. Written only when that is news: after a fault, or once an hour."""
    with database.reading() as db:
        known = db.get(MailWay, way)
        worked_at = known.worked_at if known and not known.failing_since else None
        if worked_at is not None and now - worked_at < _OFTEN_ENOUGH:
            return
    with database.writing() as db:
        row = db.merge(MailWay(name=way))
        row.worked_at, row.failing_since, row.last_error = now, None, ""


def note_failure(database: Database, way: str, reason: str, *, now: datetime) -> None:
    """It did not work, and why; since when stays as it was first seen."""
    with database.writing() as db:
        row = db.get(MailWay, way) or db.merge(MailWay(name=way))
        row.failing_since = row.failing_since or now
        row.last_error = reason


def failing(db: Session) -> list[MailWay]:
    """The ways that don't work now."""
    return list(db.scalars(select(MailWay).where(MailWay.failing_since.is_not(None))))
