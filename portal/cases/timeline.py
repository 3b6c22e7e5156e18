"""What happened on a case, oldest first, for the one who reads: the customer or the staff.

The customer never gets an internal note, an internal event or a file of either, because the query
does not fetch them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from portal.cases.case import Case
from portal.cases.conversation import Attachment, Message
from portal.cases.happenings import Happening
from portal.cases.merged import absorbed
from portal.cases.telling import tell
from portal.events import Event
from portal.locale import N_
from portal.locale import gettext as _
from portal.people.person import Person, Role


@dataclass(frozen=True)
class Entry:
    """One thing said (`body`) or one thing that happened (`title` only).

    `side` is "us", "you" or "note"; `detail` is a second line, such as a reason; `folded` is what a
    mail only quoted or signed. `origin` is the number of the merged case in which it stood first.
    `is_doubtful`: it came by mail, and nothing proves who wrote it.
    """

    id: int
    anchor: str
    at: datetime
    author: str
    role: str
    side: str
    title: str = ""
    detail: str = ""
    body: str = ""
    folded: str = ""
    files: tuple[Attachment, ...] = ()
    origin: str = ""
    kind: str = ""
    is_doubtful: bool = False


_TOLD_AS_MESSAGE = {Happening.REPLIED, Happening.RESPONDED, Happening.NOTED}


HANDS = (
    Happening.ROUTED,
    Happening.ASSIGNED,
    Happening.ESCALATION_REQUESTED,
    Happening.ESCALATION_ANSWERED,
    Happening.ESCALATED,
)
"""What tells through whose hands a case went, and at which level."""
DAYS = (
    Happening.DELIVERY_DATE_SET,
    Happening.SCHEDULE_PROPOSED,
    Happening.SCHEDULE_AGREED,
    Happening.SCHEDULE_WITHDRAWN,
)
"""What tells which days were promised, proposed and agreed."""


def timeline_for_customer(
    db: Session, case: Case, *, names: bool = True, events: Sequence[Event] | None = None
) -> list[Entry]:
    """What the contact, colleagues and followers of the case read; without `names`, nobody of
    the staff is named. Whoever has read `events_for_customer` already gives them along.
    """
    happened = events_for_customer(db, case) if events is None else events
    messages = _MESSAGES_FOR_CUSTOMERS
    entries = _merged(db, case, messages, happened, for_staff=False, names=names)
    return entries if names else _unnamed(db, entries)


def events_for_customer(db: Session, case: Case) -> Sequence[Event]:
    """What customers may know of the record of a case and of those merged into it, oldest first.
    Clocks and turns read nothing else: whatever moves them, the customer is told.
    """
    return db.scalars(_EVENTS_FOR_CUSTOMERS, _whose(db, case)).all()


def _unnamed(db: Session, entries: list[Entry]) -> list[Entry]:
    query = select(Person.name).where(Person.role != Role.CONTACT)
    staff = set(db.scalars(query.where(Person.name.in_({e.author for e in entries}))))
    return [
        replace(e, author=_(OUR_TEAM)) if e.side == "us" or e.author in staff else e
        for e in entries
    ]


OUR_TEAM = N_("Our team")


def timeline_for_staff(
    db: Session, case: Case, *, events: Sequence[Event] | None = None
) -> list[Entry]:
    """Everything, internal notes included; whoever has read the events already gives them along."""
    happened = events_for_staff(db, case) if events is None else events
    return _merged(db, case, _MESSAGES, happened, for_staff=True)


def events_for_staff(db: Session, case: Case) -> Sequence[Event]:
    """The record of a case and of those merged into it, oldest first."""
    return db.scalars(_EVENTS, _whose(db, case)).all()


def _whose(db: Session, case: Case) -> dict[str, list[int]]:
    return {"case_ids": [case.id, *(each.id for each in absorbed(db, case))]}


_MESSAGES = (
    select(Message)
    .where(Message.case_id.in_(bindparam("case_ids", expanding=True)))
    .options(joinedload(Message.attachments))
    .order_by(Message.id)
)
_EVENTS = (
    select(Event).where(Event.case_id.in_(bindparam("case_ids", expanding=True))).order_by(Event.id)
)
_MESSAGES_FOR_CUSTOMERS = _MESSAGES.where(Message.is_internal.is_(False))
_EVENTS_FOR_CUSTOMERS = _EVENTS.where(Event.is_internal.is_(False))


def _merged(
    db: Session,
    case: Case,
    messages: Select[Message],
    events: Iterable[Event],
    *,
    for_staff: bool,
    names: bool = True,
) -> list[Entry]:
    origins = {each.id: each.reference for each in absorbed(db, case)}
    ids = {"case_ids": [case.id, *origins]}
    said = _said(db.scalars(messages, ids).unique(), origins)
    happened = _happened(case, events, origins, for_staff=for_staff, names=names)
    entries = [*said, *happened]
    return sorted(entries, key=lambda entry: (entry.at, not entry.body, entry.id))


def _said(messages: Iterable[Message], origins: Mapping[int, str]) -> list[Entry]:
    return [
        Entry(
            id=message.id,
            anchor=f"message-{message.id}",
            at=message.at,
            author=message.author_name,
            role=_role(message),
            side=_side(message),
            body=message.body,
            folded=message.folded,
            files=tuple(message.attachments),
            origin=origins.get(message.case_id, ""),
            is_doubtful=not message.is_sender_proven,
        )
        for message in messages
    ]


def _happened(
    case: Case,
    events: Iterable[Event],
    origins: Mapping[int, str],
    *,
    for_staff: bool,
    names: bool,
) -> list[Entry]:
    entries = []
    for event in events:
        if event.kind in _TOLD_AS_MESSAGE:
            continue
        title, detail = tell(event, case=case, for_staff=for_staff, names=names)
        if title:
            entries.append(_entry_of(event, title, detail, origins))
    return entries


def _entry_of(event: Event, title: str, detail: str, origins: Mapping[int, str]) -> Entry:
    return Entry(
        id=event.id,
        anchor=f"event-{event.id}",
        at=event.at,
        author=event.actor_name,
        role="",
        side="",
        title=title,
        detail=detail,
        origin=origins.get(event.case_id or 0, ""),
        kind=event.kind,
    )


def _role(message: Message) -> str:
    if message.is_internal:
        return _("Internal note")
    if message.is_from_staff:
        return _("Support")
    return _("Customer, by e-mail") if message.channel == "email" else _("Customer")


def _side(message: Message) -> str:
    if message.is_internal:
        return "note"
    return "us" if message.is_from_staff else "you"
