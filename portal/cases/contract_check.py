"""A case number is given under a contract: without one the request waits, it isn't refused.

The promise counts from the receipt of the request, whenever the contract is confirmed.
"""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.case import Case, CaseStatus
from portal.cases.case_words import note_words
from portal.cases.happenings import Happening
from portal.cases.moving import move
from portal.cases.numbers import new_number
from portal.cases.policies import NoPolicyError, policy_in_force
from portal.locale import N_
from portal.people.organisation import Contract, Organisation
from portal.people.person import Person
from portal.policy.model import Policy


class HeldReason(StrEnum):
    """Why a request waits for the contract check."""

    NOT_HELD = ""
    GUEST = "guest"
    NO_ORGANISATION = "no_organisation"
    NO_CONTRACT = "no_contract"
    CASES_USED_UP = "cases_used_up"


HELD_WORDS = {
    HeldReason.GUEST: N_(
        "You are not signed in, so we have to find out which contract covers you."
    ),
    HeldReason.NO_ORGANISATION: N_("Your account belongs to no organisation with a contract yet."),
    HeldReason.NO_CONTRACT: N_("We have no contract in force on record for your organisation."),
    HeldReason.CASES_USED_UP: N_("All cases that your contract covers have been used."),
}


def why_held(
    db: Session,
    policy: Policy,
    *,
    person: Person | None,
    organisation: Organisation | None,
    now: datetime,
) -> HeldReason:
    """Whether this filer's request gets its number at once; the form can tell it beforehand."""
    if not policy.entitlement.contract_required:
        return HeldReason.NOT_HELD
    if person is None:
        return HeldReason.GUEST
    if organisation is None:
        return HeldReason.NO_ORGANISATION
    if (contract := organisation.contract_on(local_day(policy, now))) is None:
        return HeldReason.NO_CONTRACT
    limit = policy.entitlement.case_limit
    if limit is not None and _cases_under(db, contract, policy) >= limit:
        return HeldReason.CASES_USED_UP
    return HeldReason.NOT_HELD


def _cases_under(db: Session, contract: Contract, policy: Policy) -> int:
    begins = datetime.combine(contract.starts_on, time(), tzinfo=policy.zone)
    query = select(func.count(Case.id)).where(
        Case.organisation_id == contract.organisation_id,
        Case.number.is_not(None),
        Case.opened_at >= begins,
    )
    return db.scalar(query) or 0


def local_day(policy: Policy, now: datetime) -> date:
    """The day on the organisation's own calendar: contracts begin and end there."""
    return now.astimezone(policy.zone).date()


def day_of_contracts(db: Session, *, now: datetime) -> date:
    """The day by the policy in force; by UTC where there is none yet."""
    try:
        return local_day(policy_in_force(db, now=now)[1], now)
    except NoPolicyError:
        return now.date()


def confirm(
    db: Session, *, case: Case, by: Person, now: datetime, revision: int | None = None
) -> str:
    """The contract is there: give the case its number, and return it."""
    number = case.number or new_number(db)
    move(
        db,
        case=case,
        to=CaseStatus.RECEIVED,
        happening=Happening.NUMBER_GIVEN,
        acting={"by": by, "now": now, "revision": revision},
        number=number,
        receipt=case.receipt,
    )
    case.number = number
    case.held_reason = HeldReason.NOT_HELD
    db.flush()
    note_words(db, case_id=case.id)
    return number


def refuse(
    db: Session, *, case: Case, by: Person, reason: str, now: datetime, revision: int | None = None
) -> None:
    """There is no contract: the request is closed, and the customer reads why."""
    move(
        db,
        case=case,
        to=CaseStatus.CLOSED,
        only_from=(CaseStatus.HELD,),
        happening=Happening.CONTRACT_REFUSED,
        acting={"by": by, "now": now, "revision": revision},
        reason=reason,
    )
