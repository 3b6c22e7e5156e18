"""What the clock is told: how a case was filed, and what happened to it since."""

from dataclasses import dataclass
from datetime import datetime

from portal.locale import N_
from portal.policy.words import EventType

WAITING = "waiting for customer"
AGREED = "customer asked to wait"
THIRD_PARTY = N_("waiting for a third party")
OUR_SIDE = N_("waiting on our side")


@dataclass(frozen=True, slots=True)
class Filing:
    """A report: how urgent, by which channel, when, by whom, and whether a fee was agreed to."""

    priority: str
    channel: str | None
    opened_at: datetime
    named_contact: bool = False
    fee_consent: bool = False


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """Something that happened to the case; `reason` says why a clock was paused.

    A pause stops the clocks whose target says so, or `stops_all` of them.
    """

    type: EventType
    at: datetime
    priority: str | None = None
    reason: str = WAITING
    stops_all: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch during which clocks stand still; without an end it lasts."""

    start: datetime
    end: datetime | None = None
    reason: str = WAITING
    stops_all: bool = False

    def stops(self, *, marked: bool) -> bool:
        """Whether a clock stands still meanwhile; `marked` is what its target says."""
        return marked or self.stops_all
