"""Put a letter into the outbox, in the transaction of what it tells of: both exist or neither.

A mail gets its Message-ID here and keeps it, so that a repeat after a crash folds into one; mails
to one address about one case refer to the first of them, so that they stand together.
"""

import re
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.mail.letters import Letter
from portal.mail.outbox import OutgoingMail
from portal.settings import Settings

LONGEST_SUBJECT, LONGEST_ADDRESS = 180, 254
_PLAIN_ADDRESS = re.compile(r"""[^\s@,;:<>"()\[\]\\]+@[^\s@,;:<>"()\[\]\\]+""")


class RefusedAddressError(ValueError):
    """Mail can't go to this address: it is none, or it tries to be more than one."""


def post(
    db: Session,
    letter: Letter,
    *,
    recipient: str,
    settings: Settings,
    now: datetime,
    case_id: int | None = None,
) -> OutgoingMail:
    """Write `letter` into the outbox for exactly one recipient.

    Raises RefusedAddressError when `recipient` is not one plain address.
    """
    mail = OutgoingMail(
        message_id=_message_id(settings),
        recipient=one_address(recipient),
        subject=_one_line(letter.subject),
        text=letter.text,
        html=letter.html,
        in_reply_to=_first_mail(db, recipient, case_id),
        case_id=case_id,
        next_try_at=now,
        created_at=now,
    )
    db.add(mail)
    db.flush()
    return mail


def one_address(text: str) -> str:
    """`text` if it is one plain address. Raises RefusedAddressError."""
    if len(text) > LONGEST_ADDRESS or not _PLAIN_ADDRESS.fullmatch(text):
        raise RefusedAddressError(f"{text!r} is not one plain e-mail address")
    return text


def _one_line(subject: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in subject)
    return " ".join(printable.split())[:LONGEST_SUBJECT]


def _message_id(settings: Settings) -> str:
    return f"<{secrets.token_hex(16)}@{settings.mail_from.rpartition('@')[2]}>"


def _first_mail(db: Session, recipient: str, case_id: int | None) -> str:
    if case_id is None:
        return ""
    first = (
        select(OutgoingMail.message_id)
        .where(OutgoingMail.case_id == case_id, OutgoingMail.recipient == recipient)
        .order_by(OutgoingMail.id)
        .limit(1)
    )
    return db.scalar(first) or ""
