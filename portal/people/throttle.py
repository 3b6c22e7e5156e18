"""Not too often: every act that could be abused is counted under a key within a window.

Keys never hold an address or a name as it stands, only what was made of it with the portal's
secret, so the counts tell nothing about anybody.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.people.sign_in import Attempt

LONGEST_WINDOW = timedelta(days=90)


def allow(db: Session, key: str, *, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one more attempt under `key`; False once more than `limit` fell into the window."""
    attempt = db.get(Attempt, key)
    if attempt is None:
        attempt = Attempt(key=key, window_started_at=now, count=0)
        db.add(attempt)
    elif not timedelta(0) <= now - attempt.window_started_at < window:
        attempt.window_started_at, attempt.count = now, 0
    attempt.count += 1
    db.flush()
    return attempt.count <= limit


def is_known(db: Session, key: str, *, window: timedelta, now: datetime) -> bool:
    """Whether something was counted under `key` within the window; counts nothing."""
    attempt = db.get(Attempt, key)
    return attempt is not None and now - attempt.window_started_at < window


def forget(db: Session, key: str) -> None:
    """Begin again for `key`."""
    db.execute(delete(Attempt).where(Attempt.key == key))


def sweep(db: Session, *, now: datetime) -> None:
    """Drop counts that no window can need any more."""
    db.execute(delete(Attempt).where(Attempt.window_started_at < now - LONGEST_WINDOW))
