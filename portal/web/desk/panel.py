"""What stands beside a conversation: who asks, under which contract, about what, how urgently."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.cases.because import because
from portal.cases.case import Case
from portal.cases.clocks import policy_of
from portal.cases.completing import still_missing
from portal.cases.contract_check import local_day
from portal.cases.telling import priority_name
from portal.cases.words import CHANNEL_WORDS, spoken_answer
from portal.locale import gettext as _
from portal.people.directory import partner_of
from portal.people.organisation import Contract
from portal.policy.intake import kind_of_request
from portal.policy.model import Policy
from portal.web.filters import day, zone_called
from portal.web.transaction import db

Rows = list[tuple[str, str]]


@dataclass(frozen=True)
class Panel:
    """The side panel, ready to be set."""

    contact: Rows
    contract: Contract | None
    contract_words: str
    installation: Rows
    details: Rows
    not_asked: list[str]
    priority: Rows
    steps: list[tuple[str, str]]
    policy_words: str


def panel_of(case: Case, *, now: datetime) -> Panel:
    policy = policy_of(case)
    organisation = case.organisation
    contract = organisation.contract_on(local_day(policy, now)) if organisation else None
    return Panel(
        contact=_contact(case),
        contract=contract,
        contract_words="" if contract else _no_contract(case, policy),
        installation=_installation(case, policy),
        details=_labelled(policy, _differing(case)),
        not_asked=[field.label for field in still_missing(case)],
        priority=_priority(case),
        steps=[
            (step["ask"], _("Yes") if step["answer"] else _("No"))
            for step in case.trace.get("steps", ())
        ],
        policy_words=_(
            "Under %(policy)s, version %(version)s of %(day)s.",
            policy=policy.name,
            version=policy.version,
            day=day(policy.effective_from),
        ),
    )


def _contact(case: Case) -> Rows:
    named = _("Named contact for emergencies") if case.named_contact else ""
    organisation = case.organisation
    partner = partner_of(db(), organisation) if organisation else None
    return [
        (_("Name"), case.contact_name),
        (_("Organisation"), organisation.name if organisation else _("None: a guest")),
        (_("Partner"), partner.name if partner else ""),
        (_("E-mail"), case.contact_email),
        (_("Telephone"), case.contact_phone),
        (_("Time zone"), zone_called(case.contact_time_zone or "")),
        (_("Rights"), named),
        (_("Note"), _note(case)),
        (_("Liaison"), organisation.liaison_name if organisation else ""),
    ]


def _note(case: Case) -> str:
    if case.contact is not None and not case.contact.may_sign_in:
        return _("Shut out: no mail goes to them, and they can't read this case")
    return "" if case.is_email_proven else _("Address not proven yet")


def _no_contract(case: Case, policy: Policy) -> str:
    if case.organisation is None:
        return _("No organisation, so no contract on record.")
    if policy.entitlement.contract_required:
        return _("No contract in force today. One is needed.")
    return _("No contract in force today.")


def _installation(case: Case, policy: Policy) -> Rows:
    if case.installation is None:
        return []
    return [(_("Site"), case.installation.name), *_labelled(policy, case.installation.details)]


def _differing(case: Case) -> dict[str, object]:
    """What was said of this case and the installation doesn't say; a difference names both."""
    known = case.installation.details if case.installation else {}
    return {
        name: _(
            "%(answer)s (the installation says: %(known)s)",
            answer=spoken_answer(str(answer)),
            known=spoken_answer(str(known[name])),
        )
        if known.get(name)
        else answer
        for name, answer in case.details.items()
        if answer and answer != known.get(name)
    }


def _labelled(policy: Policy, details: dict[str, object]) -> Rows:
    labels = {field.id: field.label for field in policy.fields}
    return [
        (labels.get(name, name.replace("_", " ").capitalize()), spoken_answer(str(answer)))
        for name, answer in details.items()
        if answer
    ]


def _priority(case: Case) -> Rows:
    policy, trace = policy_of(case), case.trace
    kind = kind_of_request(policy, case.request_kind)
    return [
        (_("Now"), priority_name(case, case.priority)),
        (_("Asked for"), priority_name(case, case.requested_priority)),
        (_("Because"), because(policy, trace)),
        (_("Definition"), str(trace.get("definition") or "")),
        (_("Customer chose it"), str(trace.get("chosen_reason") or "")),
        (_("Level"), str(case.level)),
        (_("Kind"), kind.name if kind else ""),
        (_("Channel"), _(CHANNEL_WORDS.get(case.channel, case.channel))),
        (_("Charge"), _agreed(case.consent)),
    ]


def _agreed(consent: dict[str, Any]) -> str:
    if not consent.get("agreed_at"):
        return ""
    return _("%(rate)s, agreed by %(name)s", rate=consent["rate"], name=consent["by"])
