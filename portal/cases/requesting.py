"""Who may ask for what: some kinds of request need a contract in force, or the technical contact.

A refusal says which condition failed and what to do about it.
"""

from datetime import datetime

from portal.cases.contract_check import local_day
from portal.people.person import Person
from portal.policy.asking import RequestKind
from portal.policy.model import Policy


def why_refused(policy: Policy, kind: RequestKind, *, person: Person | None, now: datetime) -> str:
    """Why this person can't ask for this kind of help; "" when they can."""
    if not (kind.contract_required or kind.technical_contact_only):
        return ""
    if person is None:
        return "Sign in first: this is only for customers whose contract we can see."
    if kind.contract_required and (lack := _lack_of_contract(policy, person, now)):
        return lack
    if kind.technical_contact_only and not person.is_technical_contact:
        return (
            "Ask your technical contact to open this case: it is only for the technical contact "
            "named in the contract, and that is not you."
        )
    return ""


def _lack_of_contract(policy: Policy, person: Person, now: datetime) -> str:
    organisation, day = person.organisation, local_day(policy, now)
    name = policy.entitlement.contract_name or "contract"
    if organisation is None:
        return f"This needs a {name.lower()}, and we don't know which organisation you belong to."
    if organisation.contract_on(day) is not None:
        return ""
    ended = [contract.ends_on for contract in organisation.contracts if contract.ends_on < day]
    if not ended:
        return f"This needs a {name.lower()}, and {organisation.name} has none."
    last = max(ended)
    return (
        f"This needs a {name.lower()}; that of {organisation.name} ended on "
        f"{last.day} {last:%B %Y}. Renew it first."
    )
