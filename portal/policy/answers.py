"""The same engine for other programs: one JSON object in, one JSON object out.

The rule: a row that has no truthful answer is answered with the name of the refusal, and the run
goes on; instants come in any offset and go out in UTC.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args

from portal.policy.evaluation import ClockEvent, ClockState, Evaluation, Filing, evaluate
from portal.policy.filing import WAITING
from portal.policy.instants import as_text
from portal.policy.ledger import Span
from portal.policy.loading import Reading
from portal.policy.model import Policy
from portal.policy.problems import PolicyRefusal
from portal.policy.words import EventType

LONGEST_SHOWN = 80
Row = Mapping[str, Any]
Answer = dict[str, Any]


@dataclass
class Shelf:
    """The policies at hand: versions by id, and those that cannot be used, with the reason."""

    versions: dict[str, list[Policy]] = field(default_factory=dict)
    broken: dict[str, PolicyRefusal] = field(default_factory=dict)

    @classmethod
    def of(cls, readings: Iterable[Reading]) -> "Shelf":
        shelf = cls()
        for reading in readings:
            if reading.policy is not None:
                shelf.versions.setdefault(reading.policy.id, []).append(reading.policy)
            elif reading.policy_id:
                shelf.broken[reading.policy_id] = _refusal_of(reading)
        return shelf

    def take(self, policy_id: object) -> Sequence[Policy]:
        """The versions of one policy; a broken version is never passed over in silence."""
        wanted = str(policy_id) if policy_id is not None else self._only_one()
        if wanted in self.broken:
            known_broken = self.broken[wanted]
            raise PolicyRefusal(known_broken.code, known_broken.message)
        if wanted not in self.versions:
            known = ", ".join(self.versions) or "none"
            missing = (
                "The row names no policy"
                if policy_id is None
                else f"There is no policy {_shown(policy_id)}"
            )
            message = f"{missing}; there is {known}."
            raise PolicyRefusal("unknown_policy", message)
        return self.versions[wanted]

    def _only_one(self) -> str:
        known = [*self.versions, *self.broken]
        return known[0] if len(known) == 1 else ""


def _refusal_of(reading: Reading) -> PolicyRefusal:
    """A refusal with the code of its own kind when there is one, in the words of the first."""
    own = [error for error in reading.errors if error.code in OWN_CODES]
    worst = own[0] if own else reading.errors[0]
    return PolicyRefusal(worst.code if own else "broken_policy", str(worst))


OWN_CODES = ("never_opens", "too_far", "zero_length_window", "unknown_zone", "negative_target")


def evaluate_row(shelf: Shelf, row: Row) -> Answer:
    """What the case of this row may expect."""
    row_id = row.get("id")
    try:
        versions = shelf.take(row.get("policy"))
        evaluation = evaluate(versions, _filing(row, versions), _events(row))
    except PolicyRefusal as refusal:
        return refused(row_id, refusal)
    return {"id": row_id, **answer_of(evaluation)}


def answer_of(evaluation: Evaluation) -> Answer:
    """The evaluation as JSON."""
    return {
        "clock_starts_at": as_text(evaluation.clock_starts_at),
        "rule": evaluation.rule,
        **{clock.clock: _clock(clock) for clock in evaluation.clocks},
        "why": [_span(span) for span in evaluation.ledger],
    }


def _clock(clock: ClockState) -> Answer:
    answer: Answer = {"state": clock.state, "due_at": _text(clock.due_at)}
    if clock.state == "paused":
        answer["remaining_seconds"] = clock.remaining_seconds
    return answer


def _span(span: Span) -> Answer:
    return {
        "from": as_text(span.start),
        "to": _text(span.end),
        "counted": span.counted,
        "because": span.because,
    }


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else as_text(instant)


def refused(row_id: object, refusal: PolicyRefusal) -> Answer:
    return {"id": row_id, "error": refusal.code, "message": refusal.message}


def _filing(row: Row, versions: Sequence[Policy]) -> Filing:
    priority = row.get("priority")
    channel = row.get("channel")
    return Filing(
        priority=versions[-1].default_priority if priority is None else str(priority),
        channel=None if channel is None else str(channel),
        opened_at=_instant(row, "opened_at"),
        named_contact=_flag(row, "named_contact"),
        fee_consent=_flag(row, "fee_consent"),
    )


def _shown(value: object) -> str:
    """What the row says, cut where it goes on and on."""
    text = json.dumps(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]} ..."


def _flag(row: Row, key: str) -> bool:
    value = row.get(key)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise PolicyRefusal("bad_row", f"{key} must be true or false, not {_shown(value)}.")
    return value


def _instant(row: Row, key: str) -> datetime:
    """A time with its offset; "Z" is one."""
    value = row.get(key)
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None:
        message = f"{key} must be a time such as 2026-11-23T14:30:00Z, not {_shown(value)}."
        raise PolicyRefusal("bad_time", message)
    return instant


def _events(row: Row) -> list[ClockEvent]:
    events = row.get("events")
    if events is None:
        return []
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise PolicyRefusal("bad_row", "events must be a list of objects.")
    return [_event(event) for event in events]


_EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)


def _event(event: Row) -> ClockEvent:
    for known in _EVENT_TYPES:
        if event.get("type") == known:
            priority = event.get("priority")
            wanted = None if priority is None else str(priority)
            reason = str(event.get("reason") or WAITING)
            return ClockEvent(known, _instant(event, "at"), wanted, reason)
    raise PolicyRefusal("unknown_event", f"Nobody knows the event {_shown(event.get('type'))}.")


def calendar_row(policy: Policy, row: Row) -> Answer:
    """Bare calendar arithmetic: add, between, next_open, is_open."""
    row_id = row.get("id")
    try:
        return {"id": row_id, **_arithmetic(policy, row)}
    except PolicyRefusal as refusal:
        return refused(row_id, refusal)


def _arithmetic(policy: Policy, row: Row) -> Answer:
    calendar = policy.calendar(str(row.get("hours")))
    operation = row.get("op")
    if operation == "add":
        return {"at": as_text(calendar.add(_instant(row, "from"), _seconds(row)))}
    if operation == "between":
        return {"seconds": calendar.between(_instant(row, "from"), _instant(row, "to"))}
    if operation == "next_open":
        return {"at": as_text(calendar.next_open(_instant(row, "at")))}
    if operation == "is_open":
        return {"open": calendar.is_open(_instant(row, "at"))}
    raise PolicyRefusal("unknown_op", f"Nobody knows the operation {_shown(operation)}.")


def _seconds(row: Row) -> int:
    value = row.get("seconds")
    if not isinstance(value, int) or isinstance(value, bool):
        raise PolicyRefusal("bad_row", f"seconds must be a whole number, not {_shown(value)}.")
    return value
