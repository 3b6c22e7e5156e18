"""A mail of ours did not arrive: it is written beside the mail in the outbox, and on the case, so
that nobody waits for an answer to what was never read.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.access import find_by_receipt
from portal.cases.happenings import Happening
from portal.events import record
from portal.locale import N_
from portal.mail.inbound.bounces import Bounce
from portal.mail.inbound.judging import NotForUsError
from portal.mail.outbox import MailStatus, OutgoingMail
from portal.mail.threads import sealed_receipt
from portal.people.queries import find_by_email
from portal.settings import Settings


def take_bounce(db: Session, bounce: Bounce, *, settings: Settings, now: datetime) -> int | None:
    """Record the report; the id of the case that it concerns, if any.

    Only who got our mail can know its Message-ID. Raises NotForUsError for any other report.
    """
    mail = db.scalar(select(OutgoingMail).where(OutgoingMail.message_id == bounce.about))
    sealed = find_by_receipt(db, sealed_receipt(settings, [bounce.about]))
    if mail is None and sealed is None:
        raise NotForUsError(N_("A report about a mail that we did not send."))
    recipient = mail.recipient if mail else bounce.recipient
    if mail is not None:
        mail.last_error = bounce.reason or "returned without a reason"
        if bounce.is_final:
            mail.status = MailStatus.RETURNED
    case_id = mail.case_id if mail and mail.case_id else sealed.id if sealed else None
    record(
        db,
        Happening.MAIL_RETURNED,
        now=now,
        case_id=case_id,
        is_internal=True,
        recipient=recipient,
        reason=bounce.reason,
        is_final=bounce.is_final,
        is_to_staff=_is_staff(db, recipient),
    )
    return case_id


def _is_staff(db: Session, address: str) -> bool:
    person = find_by_email(db, address)
    return person is not None and person.is_staff
