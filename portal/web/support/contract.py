"""What a contract includes, shown to the contacts of the organisation that has one.

The lists are the policy's; without a contract in force they are not shown, and it is said what
still works.
"""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.cases.contract_check import local_day
from portal.clock import now
from portal.locale import gettext as _
from portal.people.organisation import Contract, Organisation
from portal.policy.model import Policy
from portal.web.access import Who, allow
from portal.web.filters import day
from portal.web.identity import current_person
from portal.web.support import blueprint
from portal.web.support.desk import policy_now


@dataclass(frozen=True)
class Included:
    """One list of what the contract includes, under its own heading."""

    id: str
    title: str
    items: tuple[str, ...]


@blueprint.get("/contract")
@allow(Who.SIGNED_IN)
def contract() -> ResponseReturnValue:
    """The organisation's contract, and what it includes."""
    policy = policy_now()
    person = current_person()
    organisation = person.organisation if person else None
    current = organisation.contract_on(local_day(policy, now())) if organisation else None
    return render_template(
        "support/contract.html",
        policy=policy,
        organisation=organisation,
        contract=current,
        rows=_rows(current) if current else [],
        included=_included(policy) if current else [],
        ended_on=_ended_on(organisation, policy),
    )


def _rows(current: Contract) -> list[tuple[str, str, None, None]]:
    days = _("%(starts)s to %(ends)s", starts=day(current.starts_on), ends=day(current.ends_on))
    rows = [
        (_("Contract"), current.name),
        (_("Plan"), current.plan.capitalize()),
        (_("In force"), days),
    ]
    return [(key, value, None, None) for key, value in rows if value]


def _included(policy: Policy) -> list[Included]:
    entitlement = policy.entitlement
    lists = (
        Included("support", _("What support includes"), entitlement.covers),
        Included("maintenance", _("What maintenance includes"), entitlement.maintenance),
    )
    return [each for each in lists if each.items]


def _ended_on(organisation: Organisation | None, policy: Policy) -> str:
    """The last day of the contract that ended last; "" when there was none."""
    today = local_day(policy, now())
    ended = [each.ends_on for each in (organisation.contracts if organisation else ())]
    past = [last for last in ended if last < today]
    return day(max(past)) if past else ""
