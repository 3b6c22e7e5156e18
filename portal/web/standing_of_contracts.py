"""How a contract stands today, in a word, on the calendar of the policy in force."""

from datetime import date

from portal.cases.contract_check import day_of_contracts
from portal.clock import now
from portal.locale import gettext as _
from portal.people.organisation import Contract
from portal.web.transaction import db


def today() -> date:
    """The day on support's own calendar, where contracts begin and end."""
    return day_of_contracts(db(), now=now())


def standing(contract: Contract) -> tuple[str, str]:
    """How a contract stands today, and the tone of the word."""
    day = today()
    if contract.ended_at is not None:
        return _("Withdrawn"), "neutral"
    if contract.covers(day):
        return _("In force"), "good"
    return (_("Not yet begun"), "info") if contract.starts_on > day else (_("Over"), "late")
