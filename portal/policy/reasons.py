"""Why this date, in codes: each becomes part of one sentence, on the page and in mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.policy.closures import HOLIDAY, SPECIAL, closure
from portal.policy.history import Change
from portal.policy.ledger import Span
from portal.policy.terms import Promise
from portal.policy.words import NOT_NAMED

INSIDE, COVER = "inside hours", "emergency cover"
NOT_A_NAMED_CONTACT, PAID = "not a named contact", "paid after hours"
PAUSED, RAISED, LOWERED = "clock paused since", "priority raised", "priority lowered"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code, the name of the day behind it, and the instant it speaks of."""

    code: str
    name: str = ""
    at: datetime | None = None

    @property
    def text(self) -> str:
        return f"{self.code}: {self.name}" if self.name else self.code


def reasons(
    promise: Promise,
    spans: Iterable[Span],
    changes: Iterable[Change],
    paused_since: datetime | None,
) -> tuple[Reason, ...]:
    """The reasons behind a promise, the rule first, then what happened since."""
    found = [_of_receipt(promise), *_of_rule(promise), *_skipped(spans)]
    found += [
        Reason(RAISED if change.raised else LOWERED, change.priority_id, change.at)
        for change in changes
    ]
    if paused_since is not None:
        found.append(Reason(PAUSED, at=paused_since))
    return tuple(dict.fromkeys(found))


def _of_receipt(promise: Promise) -> Reason:
    at = promise.received_at
    hours = promise.policy.calendar(promise.priority.hours)
    if not hours.is_open(at):
        why = closure(hours, at)
        return Reason(why.code, why.name)
    office = promise.policy.calendar(promise.policy.office_hours)
    return Reason(INSIDE if office.is_open(at) else COVER)


def _of_rule(promise: Promise) -> list[Reason]:
    found = []
    if promise.rule.startswith(NOT_NAMED):
        found.append(Reason(NOT_A_NAMED_CONTACT))
    if promise.rule.endswith("paid_after_hours"):
        found.append(Reason(PAID))
    return found


def _skipped(spans: Iterable[Span]) -> list[Reason]:
    """Holidays and special days on the way to the date."""
    named = []
    for span in spans:
        code, _, name = span.because.partition(": ")
        if name and code in (HOLIDAY, SPECIAL):
            named.append(Reason(code, name))
    return named
