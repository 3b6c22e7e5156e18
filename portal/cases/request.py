"""What is asked for before a case exists: who files, how urgent it is, and for whom.

The form and the sending read the answers through the same functions, so that they can't differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.attachments import KeptFile
from portal.cases.case import Case
from portal.cases.contract_check import why_held
from portal.cases.expectation import Expectation, expect, paid_help
from portal.people.organisation import Installation, Organisation
from portal.people.person import Person
from portal.policy.evaluation import Filing
from portal.policy.intake import kind_of_request
from portal.policy.model import Policy
from portal.policy.priority import PriorityDecision, said_yes, settle_priority

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """Everything said about a case before it exists, whoever wrote it down.

    `answers` holds, by id: the policy's fields, its priority questions ("yes"/"no"), and
    "request_kind", "chosen_priority" with "chosen_priority_reason" (the customer's own choice),
    "fee_consent" ("yes"), "organisation_id", "installation_id", "contact_time_zone",
    "contact_language", "existing_case_number", and "followed_receipt" where a mailed link had that
    case open.

    A mail answers few questions: `may_lack` takes it all the same, and what is missing is asked
    for afterwards. `is_vouched` is False where nobody knows who really wrote it; `folded` is what
    the mail quoted; `follows` a case that it goes on from; `entered_by` the member of staff who
    wrote it down for the customer.
    """

    answers: Answers
    person: Person | None
    channel: str = "web"
    shown_articles: Sequence[dict[str, Any]] = ()
    kept: Sequence[KeptFile] = ()
    may_lack: bool = False
    is_vouched: bool = True
    folded: str = ""
    follows: Case | None = None
    entered_by: Person | None = None


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
    if customer is None or customer.ended_at is not None:
        return person.organisation
    return customer if customer.partner_id == person.organisation_id else person.organisation


def installation_for(
    db: Session, answers: Answers, *, organisation: Organisation | None
) -> Installation | None:
    """Which of the organisation's installations it is about, if one was named."""
    chosen = _number(answers.get("installation_id"))
    installation = db.get(Installation, chosen) if chosen is not None else None
    if installation is None or organisation is None or installation.ended_at is not None:
        return None
    return installation if installation.organisation_id == organisation.id else None


def contact_email(answers: Answers, person: Person | None) -> str:
    given = said(answers, "contact_email") or (person.email if person else "")
    return given.casefold()


def said(answers: Answers, name: str) -> str:
    answer = answers.get(name)
    return "" if answer is None else str(answer).strip()


def _number(answer: Any) -> int | None:
    try:
        return int(answer)
    except (TypeError, ValueError):
        return None
