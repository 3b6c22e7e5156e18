"""Two reports that go on as one: every promise of either still holds, so the earlier one counts."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import reduce

from portal.policy.evaluation import ClockState, Evaluation

_URGENCY = {"running": 0, "paused": 1, "missed": 2, "met": 3, "stopped": 4, "no_promise": 5}
_NEVER = datetime.max.replace(tzinfo=UTC)


def together(found: Evaluation, *others: Evaluation) -> Evaluation:
    """Every clock as the customer may count on it: what is still owed first, the earlier due of it;
    of promises that are over, a missed one, so that none is hidden.

    What is not a clock (the filing, the changes, what comes next) is that of `found`.
    """
    return reduce(_two, others, found)


def _two(ours: Evaluation, theirs: Evaluation) -> Evaluation:
    first = _earlier(ours.first_response, theirs.first_response)
    return replace(
        ours,
        clock_starts_at=first.begins_at,
        rule=first.rule,
        policy=first.account.standing.promise.policy,
        first_response=first,
        next_update=_earlier(ours.next_update, theirs.next_update),
        escalation=_earlier(ours.escalation, theirs.escalation),
        resolution=_earlier(ours.resolution, theirs.resolution),
    )


def _earlier(ours: ClockState, theirs: ClockState) -> ClockState:
    return min(ours, theirs, key=_order)


def _order(clock: ClockState) -> tuple[int, datetime, int]:
    left = clock.remaining_seconds
    return _URGENCY[clock.state], clock.due_at or _NEVER, left if left is not None else 0
