"""Why a case may stand still: each reason says whose turn it is and which clocks stop meanwhile.

The rule: waiting for the customer stops the clocks that the policy marks; a customer never loses
promised time because we wait for somebody else, unless the policy says so; what both sides agreed
to put off stops every clock.
"""

from dataclasses import dataclass
from typing import Literal

from portal.locale import N_
from portal.policy.filing import AGREED, OUR_SIDE, THIRD_PARTY, WAITING
from portal.policy.words import Basis

TurnName = Literal["customer", "us", "third party", "nobody"]
Stops = Literal["marked clocks", "every clock", "no clock"]
TURNS: tuple[TurnName, ...] = ("customer", "us", "third party", "nobody")
STOPS: tuple[Stops, ...] = ("marked clocks", "every clock", "no clock")
CUSTOMER, AGREEMENT = "customer", "agreed"

_SPOKEN: dict[TurnName, str] = {
    "customer": WAITING,
    "third party": THIRD_PARTY,
    "us": OUR_SIDE,
    "nobody": AGREED,
}


@dataclass(frozen=True, slots=True)
class PauseReason:
    """One reason. `words` go on from "Waiting for ..."; "marked clocks" are those whose target
    says `pause_while_waiting`.
    """

    id: str
    words: str
    turn: TurnName
    stops: Stops
    basis: Basis = "default"


def in_ledger(turn: TurnName) -> str:
    """The reason as a ledger and the command line name it, by whose turn it is."""
    return _SPOKEN[turn]


DEFAULTS: tuple[PauseReason, ...] = (
    PauseReason(CUSTOMER, N_("your answer"), "customer", "marked clocks"),
    PauseReason("third_party", N_("a third party"), "third party", "no clock"),
    PauseReason("maintenance_window", N_("a maintenance window"), "us", "no clock"),
    PauseReason(AGREEMENT, N_("the agreed date"), "nobody", "every clock"),
)
"""The portal's own reasons, which a policy file may change or add to."""


def with_defaults(written: tuple[PauseReason, ...]) -> tuple[PauseReason, ...]:
    """The reasons of a policy: its own, and the portal's where it says nothing."""
    own = {reason.id: reason for reason in written}
    changed = [own.pop(each.id, each) for each in DEFAULTS]
    return (*changed, *own.values())
