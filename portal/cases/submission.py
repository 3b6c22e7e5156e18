"""A request becomes a case: in one transaction, once however often it is sent.

The case number is given at once where the contract is known; otherwise the request is held with a
receipt, and the promise counts from now all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.access import find_case
from portal.cases.attachments import KeptFile, add_to_message
from portal.cases.case import Case, CaseStatus, PolicyVersion
from portal.cases.contract_check import HeldReason, local_day, why_held
from portal.cases.conversation import Attachment, Message
from portal.cases.draft import Draft
from portal.cases.expectation import Expectation, expect, paid_help
from portal.cases.happenings import Happening
from portal.cases.numbers import new_number, new_receipt
from portal.cases.policies import policy_in_force
from portal.events import record
from portal.people.organisation import Installation, Organisation
from portal.people.person import Person
from portal.policy.asking import Field
from portal.policy.evaluation import Filing
from portal.policy.intake import asked_fields, kind_of_request, missing, unmet_conditions
from portal.policy.model import Policy
from portal.policy.priority import PriorityDecision, said_yes, settle_priority

Answers = Mapping[str, Any]

CASE_FIELDS = frozenset(
    {"summary", "description", "contact_name", "contact_phone", "contact_email", "priority"}
)
"""Fields of a policy that have a place of their own on the case; all others become `details`."""


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


@dataclass(frozen=True)
class Request:
    """Everything said about a case before it exists, whoever wrote it down.

    `answers` holds, by id: the policy's fields, its priority questions ("yes"/"no"), and
    "request_kind", "chosen_priority" with "chosen_priority_reason" (the customer's own choice),
    "fee_consent" ("yes"), "organisation_id", "installation_id", "contact_time_zone", and
    "existing_case_number".
    """

    answers: Answers
    person: Person | None
    channel: str = "web"
    shown_articles: Sequence[dict[str, Any]] = ()
    kept: Sequence[KeptFile] = field(default_factory=tuple)


def submit(
    db: Session, *, draft: Draft, person: Person | None, now: datetime, channel: str = "web"
) -> Case:
    """The case of this draft: made now, or the one that an earlier sending made.

    Raises IncompleteError, KindNotOpenError, NoPolicyError; then nothing was changed.
    """
    query = select(Draft).where(Draft.id == draft.id).with_for_update()
    draft = db.scalars(query.execution_options(populate_existing=True)).one()
    if draft.case_id is not None:
        return db.get_one(Case, draft.case_id)
    request = Request(draft.answers, person, channel, draft.shown_articles)
    case, message = _open(db, request=request, now=now)
    db.execute(
        update(Attachment)
        .where(Attachment.draft_id == draft.id, Attachment.case_id.is_(None))
        .values(case_id=case.id, message_id=message.id)
    )
    draft.case_id = case.id
    draft.updated_at = now
    db.flush()
    return case


def open_case(db: Session, *, request: Request, now: datetime) -> Case:
    """Open a case without a draft: what staff write down from a telephone call or an e-mail."""
    case, message = _open(db, request=request, now=now)
    add_to_message(db, message=message, kept=request.kept, now=now)
    return case


def decide_priority(policy: Policy, answers: Answers) -> tuple[str, PriorityDecision]:
    """The priority that is asked for, and how the questions settled it.

    The customer's own choice counts, then what the kind of request is always served as.
    """
    decision = settle_priority(policy, answers)
    chosen = str(answers.get("chosen_priority") or "")
    kind = kind_of_request(policy, answers.get("request_kind"))
    if chosen and policy.has_priority(chosen):
        return chosen, decision
    return (kind.priority if kind and kind.priority else decision.priority_id), decision


def filing_for(
    policy: Policy, answers: Answers, *, person: Person | None, channel: str = "web", now: datetime
) -> Filing:
    """How these answers would be filed if they were sent now."""
    priority, _ = decide_priority(policy, answers)
    named = person is not None and person.is_emergency_contact
    plain = Filing(priority, channel, now, named_contact=named)
    consents = bool(said_yes(answers.get("fee_consent"))) and bool(paid_help(policy, plain))
    return Filing(priority, channel, now, named_contact=named, fee_consent=consents)


def preview(
    db: Session,
    policy: Policy,
    answers: Answers,
    *,
    person: Person | None,
    channel: str = "web",
    now: datetime,
) -> Expectation:
    """What would be promised if these answers were sent now: exactly what sending stores."""
    organisation = organisation_for(db, answers, person=person)
    held = why_held(db, policy, person=person, organisation=organisation, now=now)
    filing = filing_for(policy, answers, person=person, channel=channel, now=now)
    return expect(policy, filing, is_conditional=bool(held))


def organisation_for(
    db: Session, answers: Answers, *, person: Person | None
) -> Organisation | None:
    """For whom it is filed: the filer's organisation, or the partner's customer they chose."""
    if person is None or person.organisation is None:
        return None
    chosen = _number(answers.get("organisation_id"))
    if chosen is None or chosen == person.organisation_id:
        return person.organisation
    customer = db.get(Organisation, chosen)
    is_theirs = customer is not None and customer.partner_id == person.organisation_id
    return customer if is_theirs else person.organisation


def _open(db: Session, *, request: Request, now: datetime) -> tuple[Case, Message]:
    version, policy = policy_in_force(db, now=now)
    organisation = organisation_for(db, request.answers, person=request.person)
    _check(policy, request, organisation, now)
    held = why_held(db, policy, person=request.person, organisation=organisation, now=now)
    case = _case(db, version, policy, request, organisation, held, now)
    db.add(case)
    db.flush()
    message = _first_message(db, case, request.person, now)
    record(
        db,
        Happening.OPENED,
        now=now,
        actor_id=request.person.id if request.person else None,
        actor_name=case.contact_name,
        case_id=case.id,
        is_held=bool(held),
        priority=case.priority,
        requested_priority=case.requested_priority,
        channel=case.channel,
    )
    clocks.refresh(db, case=case, now=now)
    return case, message


def _check(
    policy: Policy, request: Request, organisation: Organisation | None, now: datetime
) -> None:
    """Refuse what is incomplete or not open to this person."""
    person, answers = request.person, request.answers
    kind = kind_of_request(policy, answers.get("request_kind"))
    if kind is not None:
        contract = organisation and organisation.contract_on(local_day(policy, now))
        unmet = unmet_conditions(
            kind,
            contract_is_current=contract is not None,
            is_technical_contact=person is not None and person.is_technical_contact,
        )
        if unmet:
            raise KindNotOpenError(unmet)
    priority, _ = decide_priority(policy, answers)
    if missed := missing(policy, {**answers, "priority": priority}):
        raise IncompleteError(missed)


def _case(
    db: Session,
    version: PolicyVersion,
    policy: Policy,
    request: Request,
    organisation: Organisation | None,
    held: HeldReason,
    now: datetime,
) -> Case:
    answers, person = request.answers, request.person
    filing = filing_for(policy, answers, person=person, channel=request.channel, now=now)
    follows = _followed(db, answers, person)
    return Case(
        receipt=new_receipt(db),
        number=None if held else new_number(db),
        status=CaseStatus.HELD if held else CaseStatus.RECEIVED,
        held_reason=held.value,
        subject=_said(answers, "summary") or _first_line(_said(answers, "description")),
        description=_said(answers, "description"),
        channel=request.channel,
        request_kind=_said(answers, "request_kind"),
        requested_priority=filing.priority,
        priority=expect(policy, filing).priority_id,
        policy_version_id=version.id,
        policy_version=version,
        contact_id=person.id if person else None,
        contact_name=_said(answers, "contact_name") or (person.name if person else ""),
        contact_email=_contact_email(answers, person),
        contact_phone=_said(answers, "contact_phone") or (person.phone if person else ""),
        contact_time_zone=_said(answers, "contact_time_zone")
        or (person.time_zone if person else None)
        or None,
        is_email_proven=person is not None and _contact_email(answers, person) == person.email,
        organisation_id=organisation.id if organisation else None,
        organisation=organisation,
        installation_id=_installation_id(db, answers, organisation),
        named_contact=filing.named_contact,
        details=_details(policy, answers),
        trace=_trace(policy, answers),
        consent=_consent(policy, filing, answers, person, now),
        shown_articles=[dict(shown) for shown in request.shown_articles],
        follows_id=follows.id if follows else None,
        opened_at=now,
        updated_at=now,
        promises=[],
    )


def _first_message(db: Session, case: Case, person: Person | None, now: datetime) -> Message:
    message = Message(
        case_id=case.id,
        author_id=person.id if person else None,
        author_name=case.contact_name,
        body=case.description or case.subject,
        at=now,
    )
    db.add(message)
    db.flush()
    return message


def _details(policy: Policy, answers: Answers) -> dict[str, Any]:
    kind = _said(answers, "request_kind") or None
    asked = asked_fields(policy, request_kind=kind, answers=answers)
    wanted = [asked_field.id for asked_field in asked if asked_field.id not in CASE_FIELDS]
    return {name: answers[name] for name in wanted if _said(answers, name)}


def _trace(policy: Policy, answers: Answers) -> dict[str, Any]:
    """How the priority came about, in the customer's own answers; staff never overwrite it."""
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
        "chosen_reason": _said(answers, "chosen_priority_reason"),
    }


def _consent(
    policy: Policy, filing: Filing, answers: Answers, person: Person | None, now: datetime
) -> dict[str, Any]:
    """Who agreed to which charge, and when; the case keeps the rate it was told."""
    if not filing.fee_consent or policy.paid is None:
        return {}
    name = person.name if person else _said(answers, "contact_name")
    return {"agreed_at": now.isoformat(), "by": name, "rate": policy.paid.rate}


def _installation_id(
    db: Session, answers: Answers, organisation: Organisation | None
) -> int | None:
    chosen = _number(answers.get("installation_id"))
    installation = db.get(Installation, chosen) if chosen is not None else None
    if installation is None or organisation is None:
        return None
    return installation.id if installation.organisation_id == organisation.id else None


def _followed(db: Session, answers: Answers, person: Person | None) -> Case | None:
    reference = _said(answers, "existing_case_number")
    return find_case(db, reference, person=person) if reference and person else None


def _contact_email(answers: Answers, person: Person | None) -> str:
    given = _said(answers, "contact_email") or (person.email if person else "")
    return given.casefold()


def _said(answers: Answers, name: str) -> str:
    answer = answers.get(name)
    return "" if answer is None else str(answer).strip()


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:120]


def _number(answer: Any) -> int | None:
    try:
        return int(answer)
    except (TypeError, ValueError):
        return None
