"""A request becomes a case: in one transaction, once however often it is sent.

The case number is given at once where the contract is known; otherwise the request is held with a
receipt, and the promise counts from now all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.access import find_case
from portal.cases.attachments import add_to_message
from portal.cases.case import Case, CaseStatus, PolicyVersion
from portal.cases.case_words import note_first_words
from portal.cases.contract_check import HeldReason, local_day, why_held
from portal.cases.conversation import Attachment, Message
from portal.cases.draft import Draft
from portal.cases.happenings import Happening
from portal.cases.numbers import new_references
from portal.cases.policies import policy_in_force
from portal.cases.request import (
    Answers,
    Request,
    contact_email,
    decide_priority,
    filing_for,
    installation_for,
    organisation_for,
    said,
)
from portal.cases.routing import route_for, routed
from portal.events import Event, happened, record_all
from portal.locale import N_, SPOKEN_IN_CODE, speaking
from portal.people.organisation import Organisation
from portal.people.person import Person
from portal.policy.asking import Field
from portal.policy.evaluation import Filing
from portal.policy.intake import asked_fields, kind_of_request, missing, unmet_conditions
from portal.policy.model import Policy

CASE_FIELDS = frozenset(
    {"summary", "description", "contact_name", "contact_phone", "contact_email", "priority"}
)
"""Fields of a policy that have a place of their own on the case; all others become `details`."""

ALSO_TOLD = {
    "business_effect": N_("What can’t be done because of it"),
    "reachable_at": N_("Who can be reached about it"),
    "remote_access": N_("Remote access, with permission each time"),
}
"""What the guided form asks beyond the policy's fields, with what it is called on the case."""


class IncompleteError(ValueError):
    """Something the policy requires was not answered."""

    def __init__(self, fields: Sequence[Field]) -> None:
        super().__init__(", ".join(missed.label for missed in fields))
        self.fields = tuple(fields)


class KindNotOpenError(ValueError):
    """This kind of request is not open to this person; `conditions` says which are not met."""

    def __init__(self, conditions: Sequence[str]) -> None:
        super().__init__(" ".join(conditions))
        self.conditions = tuple(conditions)


def submit(
    db: Session, *, draft: Draft, person: Person | None, now: datetime, channel: str = "web"
) -> Case:
    """The case of this draft: made now, or the one that an earlier sending made.

    Whoever sends found the draft to change it, so that two sendings follow each other. Raises
    IncompleteError, KindNotOpenError, NoPolicyError; then nothing was changed.
    """
    if draft.case_id is not None:
        return db.get_one(Case, draft.case_id)
    request = Request(draft.answers, person, channel, draft.shown_articles)
    case, message = _open(db, request=request, now=now)
    files = {"of_draft": draft.id, "to_case": case.id, "to_message": message.id}
    db.connection().execute(_MOVE_FILES, files)
    draft.case_id = case.id
    draft.updated_at = now
    return case


_MOVE_FILES = (
    update(Attachment)
    .where(Attachment.draft_id == bindparam("of_draft"), Attachment.case_id.is_(None))
    .values(case_id=bindparam("to_case"), message_id=bindparam("to_message"), draft_id=None)
)


def case_of_draft(db: Session, draft: Draft) -> Case | None:
    """The case that this draft became; None while it was not sent."""
    return db.get(Case, draft.case_id) if draft.case_id is not None else None


def open_case(db: Session, *, request: Request, now: datetime) -> Case:
    """Open a case without a draft: what staff write down from a telephone call or an e-mail."""
    case, message = _open(db, request=request, now=now)
    add_to_message(db, message=message, kept=request.kept, now=now)
    return case


@dataclass(frozen=True)
class _Place:
    """Under which policy and for which organisation a request is filed."""

    version: PolicyVersion
    policy: Policy
    organisation: Organisation | None
    held: HeldReason


def _open(db: Session, *, request: Request, now: datetime) -> tuple[Case, Message]:
    place = _place(db, request, now)
    _check(place, request, now)
    filing = filing_for(
        place.policy, request.answers, person=request.person, channel=request.channel, now=now
    )
    case = _case(db, request, filing=filing, place=place, now=now)
    clocks.begin(db, case=case, now=now)
    message = _first_message(case, request, now)
    db.add(case)
    follows = request.follows or _followed(db, request.answers, request.person)
    if follows is not None:
        case.follows, case.is_linked, follows.is_linked = follows, True, True
    db.flush()
    record_all(db, [_opened(case, request, now), *routed(case, now=now)])
    note_first_words(db, case=case, organisation=place.organisation, said=message.body)
    return case, message


def _opened(case: Case, request: Request, now: datetime) -> Event:
    writer = request.entered_by
    return happened(
        Happening.OPENED,
        now=now,
        actor_id=writer.id if writer else case.contact_id,
        actor_name=writer.name if writer else case.contact_name,
        case_id=case.id,
        is_held=case.status is CaseStatus.HELD,
        priority=case.priority,
        requested_priority=case.requested_priority,
        channel=case.channel,
        is_written_down=writer is not None,
    )


def _place(db: Session, request: Request, now: datetime) -> _Place:
    version, policy = policy_in_force(db, now=now)
    person = request.person
    organisation = organisation_for(db, request.answers, person=person)
    held = why_held(db, policy, person=person, organisation=organisation, now=now)
    return _Place(version, policy, organisation, held)


def _check(place: _Place, request: Request, now: datetime) -> None:
    """Refuse what is incomplete or not open to this person."""
    person, answers, policy = request.person, request.answers, place.policy
    kind = kind_of_request(policy, answers.get("request_kind"))
    if kind is not None:
        contract = place.organisation and place.organisation.contract_on(local_day(policy, now))
        unmet = unmet_conditions(
            kind,
            contract_is_current=contract is not None,
            is_technical_contact=person is not None and person.is_technical_contact,
        )
        if unmet:
            raise KindNotOpenError(unmet)
    priority, _ = decide_priority(policy, answers)
    missed = missing(policy, {**answers, "priority": priority})
    if missed and not request.may_lack:
        raise IncompleteError(missed)


def _case(db: Session, request: Request, *, filing: Filing, place: _Place, now: datetime) -> Case:
    answers, person = request.answers, request.person
    email, held = contact_email(answers, person), place.held
    receipt, number = new_references(db)
    kind = said(answers, "request_kind")
    installation = installation_for(db, answers, organisation=place.organisation)
    return Case(
        receipt=receipt,
        number=None if held else number,
        status=CaseStatus.HELD if held else CaseStatus.RECEIVED,
        held_reason=held.value,
        subject=said(answers, "summary") or _first_line(said(answers, "description")),
        description=said(answers, "description"),
        channel=request.channel,
        request_kind=kind,
        team=route_for(db, place.policy, kind),
        requested_priority=filing.priority,
        level=1,
        policy_version=place.version,
        contact_id=person.id if person else None,
        contact_name=said(answers, "contact_name") or (person.name if person else ""),
        contact_email=email,
        contact_phone=said(answers, "contact_phone") or (person.phone if person else ""),
        contact_time_zone=_zone(answers, person),
        contact_language=said(answers, "contact_language") or None,
        is_email_proven=person is not None and email == person.email and request.is_vouched,
        organisation_id=place.organisation.id if place.organisation else None,
        installation_id=installation.id if installation else None,
        named_contact=filing.named_contact,
        details=_details(place.policy, answers),
        trace=_trace(place.policy, answers),
        consent=_consent(place.policy, filing, request, now),
        shown_articles=[dict(shown) for shown in request.shown_articles],
        opened_at=now,
        updated_at=now,
        warned={},
        promises=[],
    )


def _zone(answers: Answers, person: Person | None) -> str | None:
    return said(answers, "contact_time_zone") or (person.time_zone if person else None) or None


def _first_message(case: Case, request: Request, now: datetime) -> Message:
    return Message(
        case=case,
        author_id=request.person.id if request.person else None,
        author_name=case.contact_name,
        body=case.description or case.subject,
        folded=request.folded,
        channel=request.channel,
        at=now,
    )


def _details(policy: Policy, answers: Answers) -> dict[str, Any]:
    kind = said(answers, "request_kind") or None
    asked = asked_fields(policy, request_kind=kind, answers=answers)
    wanted = [asked_field.id for asked_field in asked if asked_field.id not in CASE_FIELDS]
    return {name: answers[name] for name in (*wanted, *ALSO_TOLD) if said(answers, name)}


def _trace(policy: Policy, answers: Answers) -> dict[str, Any]:
    """How the priority came about, in the customer's own answers; staff never overwrite it.
    Like every record it speaks English.
    """
    with speaking(SPOKEN_IN_CODE):
        priority, decision = decide_priority(policy, answers)
    steps = [
        {"ask": s.ask, "answer": s.answer, "priority": s.priority_id, "counts": s.counts}
        for s in decision.trace
        if s.answer is not None
    ]
    return {
        "settled": decision.priority_id,
        "definition": decision.definition,
        "reason": decision.reason,
        "steps": steps,
        "chosen": priority if priority != decision.priority_id else "",
        "chosen_reason": said(answers, "chosen_priority_reason"),
    }


def _consent(policy: Policy, filing: Filing, request: Request, now: datetime) -> dict[str, Any]:
    """Who agreed to which charge, and when; the case keeps the rate it was told."""
    if not filing.fee_consent or policy.paid is None:
        return {}
    name = request.person.name if request.person else said(request.answers, "contact_name")
    return {"agreed_at": now.isoformat(), "by": name, "rate": policy.paid.rate}


def _followed(db: Session, answers: Answers, person: Person | None) -> Case | None:
    """The case that this one goes on from: named by somebody who may see it, or by its receipt
    where the page had it open by a mailed link.
    """
    reference = said(answers, "existing_case_number")
    if reference and person:
        return find_case(db, reference, person=person)
    receipt = reference and said(answers, "followed_receipt")
    return db.scalar(select(Case).where(Case.receipt == receipt)) if receipt else None


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:120]
