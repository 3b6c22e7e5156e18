"""What came in, for the administrator: what waits for a word first of all."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.mail.inbound.inbox import InboxStatus, IncomingMail

PAGE_SIZE = 50


@dataclass(frozen=True)
class InboxPage:
    """One page of mails, the newest first, and how many there are of each status.

    `references` names the case of each mail that belongs to one, by the mail's id.
    """

    mails: Sequence[IncomingMail]
    number: int
    count: int
    counts: dict[InboxStatus, int]
    references: dict[int, str]


def inbox_page(db: Session, *, status: InboxStatus | None = None, page: int = 1) -> InboxPage:
    """A page of the inbox, of one status or of all."""
    query = select(IncomingMail.status, func.count(IncomingMail.id)).group_by(IncomingMail.status)
    counts = {InboxStatus(found): number for found, number in db.execute(query)}
    total = counts.get(status, 0) if status else sum(counts.values())
    count = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), count)
    mails = select(IncomingMail).order_by(IncomingMail.arrived_at.desc(), IncomingMail.id.desc())
    if status is not None:
        mails = mails.where(IncomingMail.status == status)
    found = db.scalars(mails.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return InboxPage(found, number, count, counts, _references(db, found))


def find_incoming(db: Session, mail_id: int) -> IncomingMail | None:
    return db.get(IncomingMail, mail_id)


def _references(db: Session, mails: Sequence[IncomingMail]) -> dict[int, str]:
    ids = {mail.case_id for mail in mails if mail.case_id is not None}
    if not ids:
        return {}
    names = {case.id: case.reference for case in db.scalars(select(Case).where(Case.id.in_(ids)))}
    return {mail.id: names[mail.case_id] for mail in mails if mail.case_id in names}
