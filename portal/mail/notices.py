"""What people are told by mail: each event that concerns them becomes a message in the outbox."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.events import Event
from portal.settings import Settings


def write_notices(
    db: Session, events: Iterable[Event], *, settings: Settings, now: datetime
) -> None:
    """Put the mail that these events call for into the outbox, in the running transaction."""
