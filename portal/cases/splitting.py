"""One call, several issues: each becomes a case of its own, linked to the one that it came from.

The times of a part count from the split. Until then it was a piece of something else, with
another priority or none, and nobody could have answered it; what was promised for the case that
it came from is not touched and goes on there. So no promise is taken back, and none is broken at
the moment of its making.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from secrets import token_urlsafe

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.cases import clocks
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.case_words import note_words
from portal.cases.conversation import Attachment, Message
from portal.cases.happenings import Happening
from portal.cases.link import LinkKind
from portal.cases.linking import connect
from portal.cases.merged import together_ids
from portal.cases.numbers import new_references
from portal.cases.policies import policy_in_force
from portal.cases.revision import check_revision, count_change
from portal.cases.routing import route_for, routed
from portal.events import record, record_all
from portal.locale import N_
from portal.locale import gettext as _
from portal.people.person import Person

MOST_PARTS = 10


class NotSplittableError(ValueError):
    """These parts can't be split off; the message says what is missing."""


@dataclass(frozen=True)
class Part:
    """What becomes a case: a subject, words of staff about it, messages that belong to it, and how
    urgent it is ("" for the priority of the case that it comes from).
    """

    subject: str
    description: str = ""
    message_ids: Sequence[int] = ()
    priority: str = ""


def split(
    db: Session,
    *,
    case: Case,
    parts: Sequence[Part],
    by: Person,
    now: datetime,
    revision: int | None = None,
) -> list[Case]:
    """Open a case for each part; the contact is told of each with what is promised for it.

    Messages are copied with their files and their dates, so that neither conversation has a hole.
    Raises NotSplittableError, IllegalMoveError, ChangedMeanwhileError.
    """
    check_revision(case, revision)
    if case.merged_into_id is not None:
        raise IllegalMoveError(f"{case.reference} was merged into another case")
    said = _messages(db, case)
    _check(parts, said)
    scene = _Scene(case, said, by, now)
    opened = [_open(db, scene, part) for part in parts]
    for one, two in combinations(opened, 2):
        connect(db, case=two, other=one, kind=LinkKind.RELATED, now=now)
    count_change(case, now=now)
    record(
        db,
        Happening.SPLIT,
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        case_id=case.id,
        parts=[each.reference for each in opened],
    )
    return opened


def _messages(db: Session, case: Case) -> dict[int, Message]:
    query = (
        select(Message)
        .where(Message.case_id.in_(together_ids(db, case)))
        .options(selectinload(Message.attachments))
        .order_by(Message.id)
    )
    return {message.id: message for message in db.scalars(query)}


def _check(parts: Sequence[Part], said: dict[int, Message]) -> None:
    if not parts:
        raise NotSplittableError(N_("Say what becomes a case of its own."))
    if len(parts) > MOST_PARTS:
        raise NotSplittableError(
            _("Split off at most %(count)s cases at a time.", count=MOST_PARTS)
        )
    for part in parts:
        if not part.subject.strip():
            raise NotSplittableError(N_("Give each part a subject, so that the customer knows it."))
        if not part.description.strip() and not part.message_ids:
            raise NotSplittableError(
                N_("Mark the messages that belong to the part, or describe it.")
            )
        if not set(part.message_ids) <= set(said):
            raise NotSplittableError(N_("A marked message does not belong to this case."))


@dataclass(frozen=True)
class _Scene:
    """What all parts of one split share."""

    case: Case
    said: dict[int, Message]
    by: Person
    now: datetime


def _open(db: Session, scene: _Scene, part: Part) -> Case:
    case, by, now = scene.case, scene.by, scene.now
    marked = [scene.said[message_id] for message_id in sorted(set(part.message_ids))]
    made = _part(db, scene, part, marked)
    clocks.begin(db, case=made, now=now)
    db.add(made)
    db.flush()
    if part.description.strip():
        _write(db, made, by, part.description, now)
    for message in marked:
        _copy(db, message, made)
    connect(db, case=made, other=case, kind=LinkKind.PART_OF, now=now)
    record(
        db,
        Happening.OPENED,
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        case_id=made.id,
        is_held=made.number is None,
        priority=made.priority,
        requested_priority=made.requested_priority,
        channel=made.channel,
        split_from=case.reference,
    )
    record_all(db, routed(made, now=now))
    note_words(db, case_id=made.id)
    return made


def _part(db: Session, scene: _Scene, part: Part, marked: list[Message]) -> Case:
    """A case of the same contact about the same installation, filed now, under today's policy.

    What the customer agreed to pay for the whole is not agreed to for a part.
    """
    case, now = scene.case, scene.now
    version, policy = policy_in_force(db, now=now)
    wanted = part.priority or case.priority
    priority = wanted if policy.has_priority(wanted) else policy.default_priority
    receipt, number = new_references(db)
    is_held = case.number is None
    words = part.description.strip() or next((m.body for m in marked if not m.is_internal), "")
    return Case(
        receipt=receipt,
        number=None if is_held else number,
        status=CaseStatus.HELD if is_held else CaseStatus.RECEIVED,
        held_reason=case.held_reason,
        subject=part.subject.strip(),
        description=words,
        channel=case.channel,
        request_kind=case.request_kind,
        team=route_for(db, policy, case.request_kind),
        requested_priority=priority,
        level=1,
        policy_version=version,
        contact=case.contact,
        contact_name=case.contact_name,
        contact_email=case.contact_email,
        contact_phone=case.contact_phone,
        contact_time_zone=case.contact_time_zone,
        contact_language=case.contact_language,
        is_email_proven=case.is_email_proven,
        organisation=case.organisation,
        installation=case.installation,
        named_contact=case.named_contact,
        details=dict(case.details),
        trace={"reason": f"Split off from {case.reference} by {scene.by.name}."},
        consent={},
        opened_at=now,
        updated_at=now,
        warned={},
        promises=[],
    )


def _write(db: Session, case: Case, by: Person, words: str, now: datetime) -> None:
    """What staff say of the part; it keeps no promise, since it answers nothing."""
    db.add(
        Message(
            case_id=case.id,
            author_id=by.id,
            author_name=by.name,
            is_from_staff=True,
            body=words.strip(),
            at=now,
        )
    )
    db.flush()


def _copy(db: Session, message: Message, case: Case) -> None:
    copied = Message(
        case_id=case.id,
        author_id=message.author_id,
        author_name=message.author_name,
        is_from_staff=message.is_from_staff,
        is_internal=message.is_internal,
        body=message.body,
        folded=message.folded,
        channel=message.channel,
        is_sender_proven=message.is_sender_proven,
        at=message.at,
    )
    db.add(copied)
    db.flush()
    for file in message.attachments:
        db.add(
            Attachment(
                token=token_urlsafe(18),
                case_id=case.id,
                message_id=copied.id,
                name=file.name,
                media_type=file.media_type,
                size_bytes=file.size_bytes,
                content_hash=file.content_hash,
                created_at=file.created_at,
            )
        )
