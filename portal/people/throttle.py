"""Not too often: every act that could be abused is counted under a key within a window."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.people.sign_in import Attempt


def allow(db: Session, key: str, *, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one more attempt under `key`; False once more than `limit` fell into the window."""
    attempt = db.get(Attempt, key)
    if attempt is None:
        attempt = Attempt(key=key, window_started_at=now, count=0)
        db.add(attempt)
    elif now - attempt.window_started_at >= window:
        attempt.window_started_at, attempt.count = now, 0
    attempt.count += 1
    db.flush()
    return attempt.count <= limit
