"""What stands in the outbox, for the administrator."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from portal.mail.outbox import MailStatus, OutgoingMail

PAGE_SIZE = 50


@dataclass(frozen=True)
class MailPage:
    """One page of mails, the newest first, and how many there are of each status."""

    mails: Sequence[OutgoingMail]
    number: int
    count: int
    counts: dict[MailStatus, int]


def outbox_page(db: Session, *, status: MailStatus | None = None, page: int = 1) -> MailPage:
    """A page of the outbox, without the bodies."""
    query = select(OutgoingMail.status, func.count(OutgoingMail.id)).group_by(OutgoingMail.status)
    counts = {MailStatus(found): number for found, number in db.execute(query)}
    total = counts.get(status, 0) if status else sum(counts.values())
    count = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), count)
    mails = select(OutgoingMail).options(defer(OutgoingMail.text), defer(OutgoingMail.html))
    if status is not None:
        mails = mails.where(OutgoingMail.status == status)
    mails = mails.order_by(OutgoingMail.created_at.desc(), OutgoingMail.id.desc())
    mails = mails.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return MailPage(db.scalars(mails).all(), number, count, counts)


def find_mail(db: Session, mail_id: int) -> OutgoingMail | None:
    return db.get(OutgoingMail, mail_id)
