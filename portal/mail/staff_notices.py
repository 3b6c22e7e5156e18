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
from portal.cases.listening import ASKED_FOR, listeners
from portal.cases.telling import priority_name, tell
from portal.events import Event
from portal.locale import N_
from portal.locale import gettext as _
from portal.mail import addresses
from portal.mail.letters import Button, Letter, write_letter
from portal.mail.outbox import OutgoingMail
from portal.mail.posting import post
from portal.mail.speech import speaking_to
from portal.mail.wishes import unwanted_notices
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
        notice = _NOTICES.get(event.kind)
        if notice is None or _is_own_act(event) or _is_no_matter(event):
            continue
        for person in notice.recipients(db, case):
            is_wanted = event.kind not in unwanted_notices(db, person.email)
            if person.id != event.actor_id and is_wanted:
                with speaking_to(db, person.email, settings=settings):
                    letter = _letter(notice, case, event, settings=settings)
                mail = post(
                    db,
                    letter,
                    recipient=person.email,
                    settings=settings,
                    now=now,
                    case=case,
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
        button=Button(_("Open the case"), addresses.desk_case(settings, case.reference)),
        case=case,
        happened=happened,
        reason=reason,
        priority=priority_name(case, case.priority),
    )


def _is_own_act(event: Event) -> bool:
    """A day that staff themselves proposed or agreed to is news for the customer, not for them."""
    return event.kind in _BY_EITHER and not event.detail.get("by_customer")


def _is_no_matter(event: Event) -> bool:
    """A mail that is only late; or one to staff, whose notice would come back for ever."""
    if event.kind != Happening.MAIL_RETURNED:
        return False
    return not event.detail["is_final"] or bool(event.detail["is_to_staff"])


_BY_EITHER = {
    Happening.SCHEDULE_PROPOSED,
    Happening.SCHEDULE_AGREED,
    Happening.SCHEDULE_WITHDRAWN,
}


def _not_before(event: Event, now: datetime) -> datetime:
    quiet_until = event.detail.get("quiet_until")
    return datetime.fromisoformat(quiet_until) if quiet_until else now


def _who_works_on_it(db: Session, case: Case) -> list[Person]:
    if case.assignee is not None and _still_works(case.assignee):
        return [case.assignee]
    return case_workers(db)


def _told_of_level(db: Session, case: Case) -> list[Person]:
    return _listeners(db, case, case.level)


def _told_of_wish(db: Session, case: Case) -> list[Person]:
    return _listeners(db, case, ASKED_FOR)


def _listeners(db: Session, case: Case, step: int) -> list[Person]:
    """Who works on the case, its team once it rose, and whom a manager put on the list of this
    step; without a list, all who manage.
    """
    named = [*filter(_still_works, listeners(db, step))] or [
        person for person in case_workers(db) if person.may_manage
    ]
    team = case.team.members if case.team and step > 1 else []
    assignee = [case.assignee] if case.assignee else []
    told = {person.id: person for person in (*assignee, *team, *named) if _still_works(person)}
    return list(told.values())


def _still_works(person: Person) -> bool:
    """Whoever was shut out, or is no agent any more, may stand on lists and cases still."""
    return person.may_sign_in and person.may_work_cases


STAFF_CHOICES = {
    Happening.PROMISE_NEAR: N_("A promise is about to fall due, or is overdue"),
    Happening.DELIVERY_DATE_MISSING: N_("A delivery date is missing"),
    Happening.ESCALATED: N_("A case went a level up"),
    Happening.ESCALATION_REQUESTED: N_("A customer asks for escalation"),
    Happening.ESCALATION_UNANSWERED: N_("Nobody answered a wish for escalation"),
    Happening.DAY_NEAR: N_("A promised day is near"),
    Happening.SCHEDULE_PROPOSED: N_("A customer proposes a day"),
    Happening.SCHEDULE_AGREED: N_("A customer agrees to a day"),
    Happening.SCHEDULE_WITHDRAWN: N_("A customer takes a proposed day back"),
    Happening.MAIL_RETURNED: N_("A mail to the customer did not arrive"),
}
"""Which notices there are, in the words of those who get them; each can be turned off."""

_NOTICES: dict[str, _Notice] = {
    Happening.MAIL_RETURNED: _Notice("staff_mail_returned", _who_works_on_it),
    Happening.PROMISE_NEAR: _Notice("staff_promise_near", _who_works_on_it),
    Happening.DELIVERY_DATE_MISSING: _Notice("staff_delivery_date", _who_works_on_it),
    Happening.ESCALATED: _Notice("staff_escalated", _told_of_level),
    Happening.ESCALATION_REQUESTED: _Notice("staff_escalated", _told_of_wish),
    Happening.ESCALATION_UNANSWERED: _Notice("staff_escalated", _told_of_wish),
    Happening.DAY_NEAR: _Notice("staff_day", _who_works_on_it),
    Happening.SCHEDULE_PROPOSED: _Notice("staff_day", _who_works_on_it),
    Happening.SCHEDULE_AGREED: _Notice("staff_day", _who_works_on_it),
    Happening.SCHEDULE_WITHDRAWN: _Notice("staff_day", _who_works_on_it),
}
