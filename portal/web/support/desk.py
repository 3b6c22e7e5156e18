"""How else to reach the desk, and whether somebody is there now: the same words on every page."""

from dataclasses import dataclass
from datetime import datetime

from portal.cases.policies import policy_in_force
from portal.clock import now
from portal.locale import gettext as _
from portal.policy.model import Policy
from portal.policy.opening import opening_state
from portal.web.filters import when
from portal.web.transaction import db


@dataclass(frozen=True)
class DeskWords:
    """The desk as a customer meets it."""

    phone: str
    phone_option: str
    email: str
    is_open: bool
    open_words: str

    @property
    def phone_href(self) -> str:
        return "tel:" + "".join(c for c in self.phone if c in "+0123456789")


def policy_now() -> Policy:
    """The policy in force at this moment."""
    return policy_in_force(db(), now=now())[1]


def desk_words(policy: Policy) -> DeskWords:
    at = now()
    is_open = policy.calendar(policy.office_hours).is_open(at)
    return DeskWords(
        phone=policy.desk.phone,
        phone_option=policy.desk.phone_option,
        email=policy.desk.email,
        is_open=is_open,
        open_words=_open_words(policy, at),
    )


def _open_words(policy: Policy, at: datetime) -> str:
    state = opening_state(policy, policy.office_hours, at)
    if state.never_closes:
        return _("We are open day and night.")
    if state.closes_at is not None:
        closes = when(state.closes_at)
        return _("We are open now, until %(moment)s.", moment=closes)
    if state.opens_at is not None:
        opens = when(state.opens_at)
        closed = _("We are closed now and open %(moment)s.", moment=opens)
        return f"{closed} {_emergency_words(policy, at)}".rstrip()
    return _("We are open now.") if state.is_open else _("We are closed now.")


def _emergency_words(policy: Policy, at: datetime) -> str:
    """That somebody answers the telephone all the same, where the policy says so."""
    phone = policy.channels.get("phone")
    if phone is None or not phone.emergency_hours:
        return ""
    if not policy.calendar(phone.emergency_hours).is_open(at):
        return ""
    if policy.emergency is not None and policy.emergency.named_contacts_only:
        return _("In an emergency, a named contact can call all the same.")
    return _("In an emergency, call all the same.")
