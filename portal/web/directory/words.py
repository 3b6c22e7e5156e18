"""The record of a customer in sentences: who did what, with the value before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.events import Event
from portal.locale import N_
from portal.locale import gettext as _
from portal.people.person import Role
from portal.people.queries import names_of
from portal.web.directory.forms import ROLE_NAMES
from portal.web.installation_form import installation_fields
from portal.web.transaction import db

_SENTENCES = {
    "organisation_added": N_("took up the organisation"),
    "organisation_changed": N_("changed the organisation"),
    "organisation_ended": N_("ended the organisation: its people can’t sign in"),
    "organisation_resumed": N_("made it a customer again"),
    "contract_added": N_("added the contract %(what)s"),
    "contract_changed": N_("changed the contract %(what)s"),
    "contract_withdrawn": N_("withdrew the contract %(what)s"),
    "contract_restored": N_("put the contract %(what)s back"),
    "installation_added": N_("added the installation %(what)s"),
    "installation_changed": N_("changed the installation %(what)s"),
    "installation_confirmed": N_("confirmed the installation %(what)s"),
    "installation_retired": N_("took the installation %(what)s out of use"),
    "installation_restored": N_("put the installation %(what)s back in use"),
    "person_added": N_("took up %(what)s"),
    "person_changed": N_("changed %(what)s"),
    "profile_changed": N_("changed the own profile"),
    "password_changed": N_("set a new password"),
    "role_changed": N_("changed the role of %(what)s from %(before)s to %(after)s"),
    "disabled": N_("shut out %(what)s"),
    "enabled": N_("let %(what)s sign in again"),
    "invited": N_("sent %(what)s a link to sign in"),
    "imported": N_("imported %(what)s"),
    "account_requested": N_("asked for an account for %(what)s"),
    "account_approved": N_("approved the account of %(what)s"),
    "account_refused": N_("refused an account for %(what)s: %(reason)s"),
}
_LABELS = {
    "name": N_("Name"),
    "liaison_name": N_("Liaison"),
    "partner": N_("Partner"),
    "plan": N_("Plan"),
    "starts_on": N_("First day"),
    "ends_on": N_("Last day"),
    "entitlements": N_("What it covers"),
    "email": N_("Email address"),
    "phone": N_("Telephone number"),
    "time_zone": N_("Time zone"),
    "organisation": N_("Organisation"),
    "is_emergency_contact": N_("Named contact for emergencies"),
    "is_technical_contact": N_("Technical contact"),
    "is_organisation_manager": N_("Looks after the organisation’s details"),
    "sees_organisation_cases": N_("Sees all cases of the organisation"),
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
    labels = {name: _(label) for name, label in _LABELS.items()} | {
        field.id: field.label for field in installation_fields()
    }
    return [
        Told(
            at=event.at,
            who=event.actor_name or names.get(event.actor_id or 0, "") or _("An operator"),
            did=_sentence(event),
            changes=_changes(event.detail.get("changes") or {}, labels),
        )
        for event in events
    ]


def _sentence(event: Event) -> str:
    words = {"what": "", "before": "", "after": "", "reason": ""} | event.detail
    if event.kind == "role_changed":
        words |= {key: _(ROLE_NAMES[Role(words[key])]) for key in ("before", "after")}
    form = _(_SENTENCES[event.kind]) if event.kind in _SENTENCES else event.kind.replace("_", " ")
    return form % words


def _changes(changes: Mapping[str, Any], labels: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [
        (labels.get(name, name.replace("_", " ").capitalize()), _plain(before), _plain(after))
        for name, (before, after) in changes.items()
    ]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "; ".join(map(str, value)) or _("nothing")
    return str(value) if value not in ("", None) else _("nothing")
