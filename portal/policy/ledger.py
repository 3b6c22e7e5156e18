"""The ledger of a promise: every stretch from filing to due, whether it counted, and why.

The rules: counted stretches add up to the promised time exactly, and every instant from filing to
due lies in one labelled stretch.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.locale import N_
from portal.policy.calendar import Calendar
from portal.policy.closures import closure, midnight_after, opening_label
from portal.policy.filing import AGREED, OUR_SIDE, THIRD_PARTY, Pause
from portal.policy.history import Standing
from portal.policy.terms import Promise

DAY_AND_NIGHT = N_("day and night")
EARLIER_PRIORITY = N_("before the priority was raised")
WAITING_FOR_YOU, BY_AGREEMENT = N_("waiting for you"), N_("paused by agreement")
_SAID = {AGREED: BY_AGREEMENT, THIRD_PARTY: THIRD_PARTY, OUR_SIDE: OUR_SIDE}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time; the last one has no end while the clock is stopped."""

    start: datetime
    end: datetime | None
    counted: bool
    because: str


def ledger(standing: Standing, since: datetime, pauses: Sequence[Pause]) -> tuple[Span, ...]:
    """From `since`, when the clock started for the case, to the due instant."""
    promise, due = standing.promise, standing.due
    ends_at = due.at or due.paused_since
    if not promise.target.phrase.has_date or ends_at is None:
        return ()
    end = max(since, ends_at)  # a clock that begins anew within a pause began after the pause did
    marked = promise.target.pause_while_waiting
    stops = [p for p in pauses if p.start < end and p.stops(marked=marked)]
    spans = list(_until(promise, since, end, stops))
    if due.paused_since is not None:
        reason = next((p.reason for p in reversed(pauses) if p.end is None), "")
        spans.append(Span(end, None, False, _turn(reason)))
    return _joined(spans)


def _until(
    promise: Promise, since: datetime, end: datetime, stops: Iterable[Pause]
) -> Iterator[Span]:
    at = max(since, min(promise.received_at, end))
    yield Span(since, at, False, EARLIER_PRIORITY)
    left = promise.target.phrase.seconds
    for stop in stops:
        if stop.end is None or stop.end <= at:
            continue
        for span in _running(promise, at, max(at, stop.start), left):
            yield span
            left -= _length(span) if span.counted else 0
        yield Span(max(at, stop.start), stop.end, False, _turn(stop.reason))
        at = stop.end
    yield from _running(promise, at, end, left)


def _turn(reason: str) -> str:
    return _SAID.get(reason, WAITING_FOR_YOU)


def _length(span: Span) -> int:
    return int((span.end - span.start).total_seconds()) if span.end else 0


def _running(promise: Promise, start: datetime, end: datetime, left: int) -> Iterator[Span]:
    if promise.target.phrase.kind == "clock":
        yield from _clock_time(promise, start, end, left)
        return
    at = start
    for span in promise.calendar.windows(start, end):
        yield from _closed(promise.calendar, at, span.start)
        yield Span(span.start, span.end, True, opening_label(promise.calendar, span.day))
        at = span.end
    yield from _closed(promise.calendar, at, end)


def _clock_time(promise: Promise, start: datetime, end: datetime, left: int) -> Iterator[Span]:
    """Waiting for the opening, then day and night, then waiting for the next opening."""
    begins = min(end, max(start, promise.begins_at))
    yield from _labelled(promise.calendar, start, begins)
    stops = min(end, begins + timedelta(seconds=left))
    yield Span(begins, stops, True, DAY_AND_NIGHT)
    yield from _labelled(promise.calendar, stops, end)


def _labelled(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """A stretch in which nothing counts, open or not."""
    at = start
    for span in calendar.windows(start, end):
        yield from _closed(calendar, at, span.start)
        yield Span(span.start, span.end, False, opening_label(calendar, span.day))
        at = span.end
    yield from _closed(calendar, at, end)


def _closed(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """A closed stretch, split at midnight so that each part has its own reason."""
    at = start
    while at < end:
        until = min(end, midnight_after(calendar, at))
        yield Span(at, until, False, closure(calendar, at).label)
        at = until


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Neighbours with the same reason are one stretch; empty ones are none."""
    joined: list[Span] = []
    for span in spans:
        if span.end == span.start:
            continue
        last = joined[-1] if joined else None
        if last and (last.counted, last.because) == (span.counted, span.because):
            joined[-1] = replace(last, end=span.end)
        else:
            joined.append(span)
    return tuple(joined)
