"""Put a letter into the outbox, in the transaction of what it tells of: both exist or neither.

A mail gets its Message-ID here and keeps it, so that a repeat after a crash folds into one; mails
to one address about one case follow the first of them, and what its reader wrote last, so that they
stand together in one thread.
"""

import re
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.mail.inbound.inbox import IncomingMail
from portal.mail.letters import Letter
from portal.mail.outbox import OutgoingMail
from portal.mail.proof import is_proven
from portal.mail.threads import new_message_id, reply_address
from portal.people.queries import normal_email
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
    case: Case | None = None,
) -> OutgoingMail:
    """Write `letter` into the outbox for exactly one recipient.

    Raises RefusedAddressError when `recipient` is not one plain address.
    """
    receipt = case.receipt if case else ""
    thread = _thread(db, recipient, case) if case else []
    mail = OutgoingMail(
        message_id=new_message_id(settings, receipt),
        recipient=one_address(recipient),
        subject=_one_line(letter.subject),
        text=letter.text,
        html=letter.html,
        stop_url=letter.stop_url,
        in_reply_to=thread[-1] if thread else "",
        thread=" ".join(thread),
        reply_to=reply_address(settings, receipt) if receipt else "",
        case_id=case.id if case else None,
        next_try_at=now,
        created_at=now,
    )
    db.add(mail)
    return mail


def one_address(text: str) -> str:
    """`text` if it is one plain address. Raises RefusedAddressError."""
    if len(text) > LONGEST_ADDRESS or not _PLAIN_ADDRESS.fullmatch(text):
        raise RefusedAddressError(f"{text!r} is not one plain e-mail address")
    return text


def _one_line(subject: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in subject)
    return " ".join(printable.split())[:LONGEST_SUBJECT]


def _thread(db: Session, recipient: str, case: Case) -> list[str]:
    """The Message-IDs that a mail to `recipient` about `case` follows, the nearest last."""
    window = {"case_id": case.id, "recipient": recipient, "sender": normal_email(recipient)}
    first, theirs = db.execute(_THREAD, window).one()
    return [each for each in (first, _fit_to_follow(theirs or "", case)) if each]


def _fit_to_follow(theirs: str, case: Case) -> str:
    """What the recipient wrote last; to a stranger nothing goes back that the sender chose."""
    return theirs if is_proven(case) and theirs.isascii() and theirs.isprintable() else ""


_FIRST_TO = (
    select(OutgoingMail.message_id)
    .where(
        OutgoingMail.case_id == bindparam("case_id"),
        OutgoingMail.recipient == bindparam("recipient"),
    )
    .order_by(OutgoingMail.id)
    .limit(1)
    .scalar_subquery()
)
_LAST_FROM = (
    select(IncomingMail.message_id)
    .where(IncomingMail.case_id == bindparam("case_id"), IncomingMail.sender == bindparam("sender"))
    .order_by(IncomingMail.id.desc())
    .limit(1)
    .scalar_subquery()
)
_THREAD = select(_FIRST_TO, _LAST_FROM)
