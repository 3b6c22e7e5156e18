"""What staff are told by mail: a promise is about to fall due, a case went a level up or its
customer asks for that, a delivery date is still missing.

Who works on the case is told; nobody does, then all who could. Management is told of every
escalation. What the clock finds outside the hours of the promise waits for the opening.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.telling import priority_name, tell
from portal.events import Event
from portal.mail import addresses
from portal.mail.letters import Button, Letter, write_letter
from portal.mail.outbox import OutgoingMail
from portal.mail.posting import post
from portal.people.person import Person
from portal.people.queries import case_workers
from portal.settings import Settings


@dataclass(frozen=True)
class _Notice:
    letter: str
    recipients: Callable[[Session, Case], list[Person]]


def write_staff_notices(
    db: Session, case: Case, events: Iterable[Event], *, settings: Settings, now: datetime
) -> list[OutgoingMail]:
    """Put into the outbox what staff have to be told of these events on one case."""
    mails = []
    for event in events:
        if (notice := _NOTICES.get(event.kind)) is None:
            continue
        letter = _letter(notice, case, event, settings=settings)
        for person in notice.recipients(db, case):
            if person.id != event.actor_id:
                mail = post(
                    db,
                    letter,
                    recipient=person.email,
                    settings=settings,
                    now=now,
                    case_id=case.id,
                )
                mail.next_try_at = _not_before(event, now)
                mails.append(mail)
    return mails


def _letter(notice: _Notice, case: Case, event: Event, *, settings: Settings) -> Letter:
    happened, reason = tell(event, case=case, for_staff=True)
    return write_letter(
        notice.letter,
        settings=settings,
        subject=f"{case.reference}: {happened}",
        button=Button("Open the case", addresses.desk_case(settings, case.reference)),
        case=case,
        happened=happened,
        reason=reason,
        priority=priority_name(case, case.priority),
    )


def _not_before(event: Event, now: datetime) -> datetime:
    quiet_until = event.detail.get("quiet_until")
    return datetime.fromisoformat(quiet_until) if quiet_until else now


def _who_works_on_it(db: Session, case: Case) -> list[Person]:
    if case.assignee is not None and case.assignee.may_sign_in:
        return [case.assignee]
    return case_workers(db)


def _management(db: Session, case: Case) -> list[Person]:
    """Managers, or administrators where there are none; and who works on the case."""
    leading = [person for person in case_workers(db) if person.may_manage]
    assigned = [case.assignee] if case.assignee and case.assignee not in leading else []
    return [*assigned, *leading]


_NOTICES: dict[str, _Notice] = {
    Happening.PROMISE_NEAR: _Notice("staff_promise_near", _who_works_on_it),
    Happening.DELIVERY_DATE_MISSING: _Notice("staff_delivery_date", _who_works_on_it),
    Happening.ESCALATED: _Notice("staff_escalated", _management),
    Happening.ESCALATION_REQUESTED: _Notice("staff_escalated", _management),
}
