"""The record of a customer in sentences: who did what, with the value before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.events import Event
from portal.people.queries import names_of
from portal.web.installation_form import installation_fields
from portal.web.transaction import db

_SENTENCES = {
    "organisation_added": "took up the organisation",
    "organisation_changed": "changed the organisation",
    "organisation_ended": "ended the organisation: its people can’t sign in",
    "organisation_resumed": "made it a customer again",
    "contract_added": "added the contract {what}",
    "contract_changed": "changed the contract {what}",
    "contract_withdrawn": "withdrew the contract {what}",
    "contract_restored": "put the contract {what} back",
    "installation_added": "added the installation {what}",
    "installation_changed": "changed the installation {what}",
    "installation_confirmed": "confirmed the installation {what}",
    "installation_retired": "took the installation {what} out of use",
    "installation_restored": "put the installation {what} back in use",
    "person_added": "took up {what}",
    "person_changed": "changed {what}",
    "profile_changed": "changed the own profile",
    "password_changed": "set a new password",
    "role_changed": "changed the role of {what} from {before} to {after}",
    "disabled": "shut out {what}",
    "enabled": "let {what} sign in again",
    "invited": "sent {what} a link to sign in",
    "imported": "imported {what}",
    "account_requested": "asked for an account for {what}",
    "account_approved": "approved the account of {what}",
    "account_refused": "refused an account for {what}: {reason}",
}
_LABELS = {
    "name": "Name",
    "liaison_name": "Liaison",
    "partner": "Partner",
    "plan": "Plan",
    "starts_on": "First day",
    "ends_on": "Last day",
    "entitlements": "What it covers",
    "email": "Email address",
    "phone": "Telephone number",
    "time_zone": "Time zone",
    "organisation": "Organisation",
    "is_emergency_contact": "Named contact for emergencies",
    "is_technical_contact": "Technical contact",
    "is_organisation_manager": "Looks after the organisation’s details",
    "sees_organisation_cases": "Sees all cases of the organisation",
}


@dataclass(frozen=True)
class Told:
    """One line of the record."""

    at: datetime
    who: str
    did: str
    changes: list[tuple[str, str, str]]


def told(events: list[Event]) -> list[Told]:
    """These events in words."""
    names = names_of(db(), {event.actor_id for event in events if event.actor_id})
    labels = _LABELS | {field.id: field.label for field in installation_fields()}
    return [
        Told(
            at=event.at,
            who=event.actor_name or names.get(event.actor_id or 0, "") or "An operator",
            did=_sentence(event),
            changes=_changes(event.detail.get("changes") or {}, labels),
        )
        for event in events
    ]


def _sentence(event: Event) -> str:
    words = {"what": "", "before": "", "after": "", "reason": ""} | event.detail
    form = _SENTENCES.get(event.kind, event.kind.replace("_", " "))
    return form.format_map({key: str(value) for key, value in words.items()})


def _changes(changes: Mapping[str, Any], labels: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [
        (labels.get(name, name.replace("_", " ").capitalize()), _plain(before), _plain(after))
        for name, (before, after) in changes.items()
    ]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(str, value)) or "nothing"
    return str(value) if value not in ("", None) else "nothing"
