"""A policy: what an organisation promises, to whom, during which hours.

The rule: a policy version is immutable; a change is a new version, and no promise that was made
under the older one moves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.asking import Field, Question, RequestKind
from portal.policy.calendar import Calendar
from portal.policy.days import HolidaySet
from portal.policy.pausing import DEFAULTS, PauseReason
from portal.policy.phrases import Phrase
from portal.policy.problems import PolicyRefusal
from portal.policy.words import Basis, ClockName, Strength
from portal.written import in_sentence


@dataclass(frozen=True, slots=True)
class Route:
    """Who takes a request on, by its subject."""

    subject: str
    to: str


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised for one clock: a phrase, and on what it rests."""

    text: str
    phrase: Phrase
    basis: Basis
    strength: Strength = "expected"
    quote: str = ""
    response_kind: str = ""
    pause_while_waiting: bool = False
    hours: str | None = None
    cutoff_minutes: int = 0
    to: str = ""
    when: str = ""
    instead: str = ""
    routes: tuple[Route, ...] = ()


NOTHING = Target("none", Phrase("none"), "page")


@dataclass(frozen=True, slots=True)
class PatchDate:
    """Whether the customer is told the day on which a fix will be delivered."""

    promised: bool
    basis: Basis
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whether those who work on a case stay with it until it is solved."""

    permanent: bool
    basis: Basis
    quote: str = ""


@dataclass(frozen=True)
class Priority:
    """One level: its meaning, its hours, and a target for each clock."""

    id: str
    name: str
    means: tuple[str, ...]
    hours: str
    report_by: tuple[str, ...] = ()
    inside: Mapping[ClockName, Target] = field(default_factory=dict)
    outside: Mapping[ClockName, Target] = field(default_factory=dict)
    by_channel: Mapping[str, "Priority"] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    patch_date: PatchDate | None = None
    assignment: Assignment | None = None

    def for_channel(self, channel: str | None) -> "Priority":
        """The same level as it is promised to somebody who reports by this channel."""
        return self.by_channel.get(channel, self) if channel else self

    def target(self, clock: ClockName, *, outside: bool = False) -> Target:
        if outside and clock in self.outside:
            return self.outside[clock]
        return self.inside.get(clock, NOTHING)


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach the desk, and when it is attended."""

    name: str
    hours: str | None = None
    contact: str = ""
    emergency_hours: str | None = None
    login_required: bool = False
    note: str = ""
    basis: Basis = "page"


@dataclass(frozen=True, slots=True)
class Desk:
    """How to reach the organisation, as it prints it."""

    name: str = ""
    phone: str = ""
    phone_option: str = ""
    email: str = ""
    website: str = ""
    hours_label: str = ""


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a contract gives, and what is needed before a case is opened."""

    contract_required: bool = False
    contract_name: str = ""
    also_called: tuple[str, ...] = ()
    basis: Basis = "page"
    term: str = ""
    case_limit: int | None = None
    covers: tuple[str, ...] = ()
    maintenance: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    premium: str = ""
    remote_access_required: bool = False
    upgrades_only_to: str = ""

    @property
    def contract_words(self) -> str:
        """What the contract is called within a sentence."""
        usual = self.contract_name.lower()
        if not usual or usual in _USUAL_CONTRACTS:
            return _(usual or "support contract")
        name = in_sentence(self.contract_name)
        is_whole = usual.endswith(("contract", "agreement", "plan", "vertrag"))
        return name if is_whole else _("%(name)s contract", name=name)


_USUAL_CONTRACTS = (
    N_("maintenance contract"),
    N_("service contract"),
    N_("support contract"),
)
"""Names that are a word of the language more than a name."""


@dataclass(frozen=True, slots=True)
class Emergency:
    """Who may ask for emergency help, and how everybody else is served."""

    priorities: tuple[str, ...]
    named_contacts_only: bool
    otherwise: str | None = None
    true_emergencies: tuple[str, ...] = ()
    free: bool = True


@dataclass(frozen=True, slots=True)
class PaidHelp:
    """Help outside hours for a fee, after the customer has agreed to it."""

    named_contacts_only: bool
    rate: str
    consent: str
    applies_to: tuple[str, ...]
    hours: str
    first_response: Target


@dataclass(frozen=True)
class Policy:
    """One version of one organisation's policy, complete and checked.

    `in_force_from` is set where a version took effect later than its day began, because it was
    adopted during that day.
    """

    id: str
    name: str
    version: int
    effective_from: date
    zone: ZoneInfo
    default_priority: str
    priorities: tuple[Priority, ...]
    calendars: Mapping[str, Calendar]
    holidays: Mapping[str, HolidaySet] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    desk: Desk = Desk()
    entitlement: Entitlement = Entitlement()
    emergency: Emergency | None = None
    paid: PaidHelp | None = None
    fields: tuple[Field, ...] = ()
    required_information: tuple[str, ...] = ()
    optional_information: tuple[str, ...] = ()
    required_basis: Basis = "default"
    request_kinds: tuple[RequestKind, ...] = ()
    pauses: tuple[PauseReason, ...] = DEFAULTS
    published: str = ""
    notes: tuple[str, ...] = ()
    in_force_from: datetime | None = None

    @property
    def time_zone(self) -> str:
        return self.zone.key

    def priority(self, priority_id: str) -> Priority:
        for priority in self.priorities:
            if priority.id == priority_id:
                return priority
        known = ", ".join(priority.id for priority in self.priorities)
        message = _(
            '%(policy)s has no priority "%(id)s"; it has %(known)s.',
            policy=self.name,
            id=priority_id,
            known=known,
        )
        raise PolicyRefusal("unknown_priority", message)

    def has_priority(self, priority_id: str) -> bool:
        return any(priority.id == priority_id for priority in self.priorities)

    def rank(self, priority_id: str) -> int:
        """0 is the most urgent."""
        return self.priorities.index(self.priority(priority_id))

    def calendar(self, hours: str) -> Calendar:
        if hours not in self.calendars:
            message = _(
                '%(policy)s has no hours "%(id)s"; it has %(known)s.',
                policy=self.name,
                id=hours,
                known=", ".join(self.calendars),
            )
            raise PolicyRefusal("unknown_hours", message)
        return self.calendars[hours]

    def pause(self, reason_id: str) -> PauseReason:
        """The reason of this id; one that a later version dropped is taken as the customer's."""
        return next((each for each in self.pauses if each.id == reason_id), self.pauses[0])

    @property
    def office_hours(self) -> str:
        """The hours of the ordinary desk: those of the default priority."""
        return self.priority(self.default_priority).hours

    def holiday_snapshot(self) -> dict[str, Any]:
        """The resolved dates, to be stored with the version; loading it again needs no library."""
        return {name: _snapshot(closed) for name, closed in self.holidays.items()}


def _snapshot(closed: HolidaySet) -> dict[str, Any]:
    named = {day.isoformat(): name for day, name in sorted(closed.resolved.items())}
    years = [closed.first.year, closed.last.year] if closed.first and closed.last else None
    return {"source": closed.source, "years": years, "days": named}
