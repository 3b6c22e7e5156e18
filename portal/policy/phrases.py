"""The phrases a policy may promise in, and nothing else.

Five kinds of target: business time, clock time, close of the same business day, close or opening
of the next one, none. "Immediately" is a word of its own: it is shown as a word, never as a date.
"""

import re
from dataclasses import dataclass
from typing import Literal

from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.instants import DAY, HORIZON_DAYS

Kind = Literal[
    "none", "immediately", "clock", "business", "same_close", "next_close", "next_opening"
]

FROM_OPENING = "from next opening"
MOVED = "moved to next opening"
_DAY_PHRASES: dict[str, Kind] = {
    "none": "none",
    "immediately": "immediately",
    "by close of the same business day": "same_close",
    "by close of the next business day": "next_close",
    "by opening of the next business day": "next_opening",
}
_AMOUNT = re.compile(r"(?P<number>-?[0-9]+) (?P<business>business )?(?P<unit>minute|hour|day)s?")
_SECONDS = {"minute": 60, "hour": 3_600, "day": DAY}
FORMS = N_(
    '"none", "immediately", "4 hours", "30 business minutes", "by close of the same business day"'
    ' or "by close (or opening) of the next business day"'
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What stands after `within`: a kind, an amount of seconds, and two riders for clock time."""

    kind: Kind
    seconds: int = 0
    from_next_opening: bool = False
    moved_to_next_opening: bool = False

    @property
    def has_date(self) -> bool:
        return self.kind not in ("none", "immediately")

    @property
    def is_amount(self) -> bool:
        return self.kind in ("clock", "business")


class PhraseError(ValueError):
    """A phrase outside the format: a code, what is wrong, and what would be right."""

    def __init__(self, code: str, wrong: str, remedy: str) -> None:
        super().__init__(wrong)
        self.code, self.wrong, self.remedy = code, wrong, remedy


def parse_phrase(text: str) -> Phrase:
    """Read a phrase; the riders after a comma may stand in either order."""
    base, *riders = [" ".join(part.split()) for part in text.strip().lower().split(",")]
    unknown = [rider for rider in riders if rider not in (FROM_OPENING, MOVED)]
    if unknown:
        raise PhraseError(
            "invalid",
            _('"%(text)s" is no rider.', text=unknown[0][:60]),
            _('Write "%(first)s" or "%(second)s".', first=FROM_OPENING, second=MOVED),
        )
    kind, seconds = _base(base)
    return Phrase(kind, seconds, FROM_OPENING in riders, MOVED in riders)


def _base(base: str) -> tuple[Kind, int]:
    if base in _DAY_PHRASES:
        return _DAY_PHRASES[base], 0
    amount = _AMOUNT.fullmatch(base)
    if amount is None:
        raise PhraseError(
            "invalid",
            _('"%(text)s" is no target.', text=base[:60]),
            _("Write %(forms)s.", forms=_(FORMS)),
        )
    return _amount(int(amount["number"]), amount["unit"], bool(amount["business"]))


def _amount(number: int, unit: str, business: bool) -> tuple[Kind, int]:
    if business and unit == "day":
        raise PhraseError(
            "business_days",
            _("Business days are ambiguous with half days and round-the-clock hours."),
            _('Write hours ("9 business hours") or "by close of the next business day".'),
        )
    if number < 0:
        raise PhraseError(
            "negative_target", _("A target cannot lie in the past."), _("Drop the minus.")
        )
    if number == 0:
        raise PhraseError("invalid", _("Nothing takes no time at all."), _('Write "immediately".'))
    if number * _SECONDS[unit] > HORIZON_DAYS * DAY:
        raise PhraseError(
            "too_far", _("It is more than three years away."), _("Promise less, or none.")
        )
    return ("business" if business else "clock"), number * _SECONDS[unit]
