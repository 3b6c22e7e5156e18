"""Nobody may use the portal to write to a stranger.

An address that has not been proven gets one mail an hour and five a day from what anonymous
visitors do, whatever their number of cases; and when very many such mails are asked for in an
hour, all of them stop and the administrator is told.
"""

import hashlib
import logging
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.events import record
from portal.people.queries import normal_email
from portal.people.throttle import allow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALL_ADDRESSES_AN_HOUR = 300
_log = logging.getLogger(__name__)


def may_write_to_stranger(db: Session, address: str, *, purpose: str, now: datetime) -> bool:
    """Count one mail to an unproven address, for one purpose; False when it must not be sent."""
    person = hashed(address)
    limits = (
        (f"stranger:{purpose}:hour:{person}", 1, HOUR),
        (f"stranger:{purpose}:day:{person}", 5, DAY),
    )
    if not all(allow(db, key, limit=n, window=window, now=now) for key, n, window in limits):
        return False
    if allow(db, "stranger:all", limit=ALL_ADDRESSES_AN_HOUR, window=HOUR, now=now):
        return True
    _raise_alarm(db, now=now)
    return False


def hashed(address: str) -> str:
    """What stands for an address where attempts are counted."""
    return hashlib.sha256(normal_email(address).encode()).hexdigest()[:32]


def _raise_alarm(db: Session, *, now: datetime) -> None:
    """Say it once an hour, in the log and in the record."""
    if not allow(db, "stranger:alarm", limit=1, window=HOUR, now=now):
        return
    record(db, "mail_cap_reached", now=now, is_internal=True, an_hour=ALL_ADDRESSES_AN_HOUR)
    _log.error(
        "More than %d mails an hour to unproven addresses: they are held back until the hour is "
        "over. Look for a flood of cases from strangers in the queue.",
        ALL_ADDRESSES_AN_HOUR,
    )
