"""What an administrator decides about a mail that waits: try it again, take it as it is, or dismiss
it with a reason. A dismissed mail can be tried again as well; none is deleted by hand.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.events import record
from portal.mail.inbound.inbox import InboxStatus, IncomingMail
from portal.people.person import Person

_DECIDED = frozenset({InboxStatus.TAKEN, InboxStatus.WAITING})


class AlreadyDecidedError(Exception):
    """The mail was taken already, or is about to be handled."""


class NobodyWroteError(Exception):
    """The mail names no sender: it can't be anybody's request, whoever vouches for it."""


def try_again(
    db: Session, *, mail: IncomingMail, by: Person, is_released: bool = False, now: datetime
) -> None:
    """Let the worker handle it anew. `is_released`: by whatever it was written, take it; it makes a
    case, or joins the one that it answers, and nothing automatic goes back to a machine.

    Raises AlreadyDecidedError, and NobodyWroteError for a released mail that names no sender.
    """
    _must_be_open(mail)
    if is_released and not mail.sender:
        raise NobodyWroteError(str(mail.id))
    mail.status, mail.is_released = InboxStatus.WAITING, is_released
    mail.tries, mail.next_try_at, mail.handled_at = 0, now, None
    kind = "mail_released" if is_released else "mail_tried_again"
    _record(db, kind, mail=mail, by=by, now=now)


def dismiss(db: Session, *, mail: IncomingMail, by: Person, reason: str, now: datetime) -> None:
    """It needs nothing. Raises AlreadyDecidedError."""
    _must_be_open(mail)
    mail.status, mail.handled_at = InboxStatus.DISMISSED, now
    mail.reason = f"{reason} ({by.name})"
    _record(db, "mail_dismissed", mail=mail, by=by, now=now, reason=reason)


def _must_be_open(mail: IncomingMail) -> None:
    if mail.status in _DECIDED:
        raise AlreadyDecidedError(str(mail.id))


def _record(
    db: Session, kind: str, *, mail: IncomingMail, by: Person, now: datetime, reason: str = ""
) -> None:
    record(
        db,
        kind,
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        is_internal=True,
        incoming_id=mail.id,
        reason=reason,
    )
