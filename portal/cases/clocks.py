"""The clocks of a case follow from what happened to it and from nothing else.

After every act the events are read again by the policy's own rules. What is newly promised becomes
a row that is never changed; the due instants on the case are copies that sort the queue.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.cases.case import Case, CaseStatus, PolicyVersion
from portal.cases.happenings import Happening
from portal.cases.merged import absorbed, life_of
from portal.cases.policies import load, readable, versions_kept
from portal.cases.promise import Promise
from portal.cases.waking import wakes_at
from portal.events import Event
from portal.policy.evaluation import (
    ClockEvent,
    ClockState,
    Evaluation,
    Filing,
    evaluate,
    first_response_due,
    in_force,
)
from portal.policy.model import Policy
from portal.policy.pausing import in_ledger
from portal.policy.together import together
from portal.policy.words import EventType

_EVENT_TYPES: dict[str, EventType] = {
    Happening.RESPONDED: "response",
    Happening.WORK_STARTED: "update",
    Happening.WAITING_ENDED: "resume",
    Happening.PRIORITY_CHANGED: "priority",
    Happening.SOLVED: "resolve",
    Happening.CLOSED: "resolve",
    Happening.CONTRACT_REFUSED: "resolve",
    Happening.REOPENED: "reopen",
    Happening.REBASED: "rebase",
}

_READ = [*_EVENT_TYPES, Happening.WAITING_STARTED]
_EVENTS = (
    select(Event.kind, Event.at, Event.detail)
    .where(Event.case_id == bindparam("case_id"), Event.kind.in_(_READ))
    .order_by(Event.id)
)


def filing_of(case: Case) -> Filing:
    """How the case was filed, as the policy sees it."""
    return Filing(
        priority=case.requested_priority,
        channel=case.channel,
        opened_at=case.opened_at,
        named_contact=case.named_contact,
        fee_consent=bool(case.consent.get("agreed_at")),
    )


def evaluation_of(
    db: Session,
    case: Case,
    *,
    policies: Sequence[Policy] | None = None,
    events: Sequence[Event] | None = None,
) -> Evaluation:
    """Every clock of the case after the last event: recomputed, and equal to what is stored.

    Whoever has read `policies_of` the case, or its events, already gives them along.
    """
    policies = policies or policies_of(db, case)
    if events is None or case.is_linked:
        return _together(db, case, policies)
    told = [(e.kind, e.at, e.detail) for e in events if e.kind in _READ]
    return evaluate(policies, filing_of(case), _clock_events(case, told))


def evaluation_if(db: Session, case: Case, *, priority: str, now: datetime) -> Evaluation:
    """Every clock as it would stand if the priority were changed now."""
    changed = ClockEvent("priority", now, priority=priority)
    return _together(db, case, policies_of(db, case), changed)


def evaluation_if_rebased(
    db: Session, case: Case, *, now: datetime, draft: Policy | None = None
) -> Evaluation:
    """Every clock as it would stand if the case were re-based now: under the version in force, or
    under a draft as if that had just taken effect.
    """
    policies = policies_of(db, case)
    if draft is not None:
        policies = [*policies, replace(draft, in_force_from=now)]
    return _together(db, case, policies, ClockEvent("rebase", now))


def policy_for_change(db: Session, case: Case, *, now: datetime) -> Policy:
    """The version in force now of the case's own policy: a change uses its rules."""
    return in_force(policies_of(db, case), now)


def refresh(db: Session, *, case: Case, now: datetime) -> Evaluation:
    """Read the events again; add new promises, and set the due instants of the case."""
    db.flush()
    found = _together(db, case, policies_of(db, case))
    _keep(db, case, found, now=now)
    db.flush()
    return found


def begin(db: Session, *, case: Case, now: datetime) -> None:
    """Promise a case that is about to be written what it may expect, so that it is written once.

    Its priority becomes the one that is really served. Nothing has moved its clocks yet; the case
    must say itself what the database would fill in: level, consent and warned.
    """
    found = evaluate(policies_of(db, case), filing_of(case))
    case.priority = found.first_response.priority_id
    _keep(db, case, found, now=now)


def _keep(db: Session, case: Case, found: Evaluation, *, now: datetime) -> None:
    rows = {version.version: version for version, _ in readable(_versions(db, case))}
    standing = {promise.clock: promise for promise in case.promises}
    for clock in found.clocks:
        if _is_new(clock, standing.get(clock.clock)):
            promise = _promise(clock, found, version_id=rows[clock.policy_version].id, now=now)
            case.promises.append(promise)
    case.policy_version = rows[found.runs_under.version]
    if case.is_linked:
        case.first_responded_at = found.first_response.answered_at
    _copy_due_instants(case, found)
    case.wakes_at = wakes_at(case, found)


def first_response_if_filed(db: Session, case: Case, *, now: datetime) -> datetime | None:
    """When a new case like this one, filed now, would be answered; None where no time is named."""
    filing = replace(filing_of(case), priority=case.priority, opened_at=now)
    policy = policy_for_change(db, case, now=now)
    if not policy.has_priority(case.priority):
        return None
    return first_response_due(policy, filing)


def escalation_contact(case: Case) -> str:
    """Who answers when the customer asks for escalation, in the policy's words; "" where that
    depends on the subject.
    """
    policy = load(case.policy_version)
    if not policy.has_priority(case.priority):
        return ""
    target = policy.priority(case.priority).target("escalation")
    return "" if target.routes else target.to


def _versions(db: Session, case: Case) -> Sequence[PolicyVersion]:
    kept, policy_id = versions_kept(db), case.policy_version.policy_id
    return sorted((each for each in kept if each.policy_id == policy_id), key=attrgetter("id"))


def policies_of(db: Session, case: Case) -> list[Policy]:
    """Every version of the case's policy that can be used."""
    return [policy for _, policy in readable(_versions(db, case))]


def _together(
    db: Session, case: Case, policies: Sequence[Policy], supposed: ClockEvent | None = None
) -> Evaluation:
    """The clocks of a case and of those that were merged into it: the earlier promise holds."""
    every = (case, *absorbed(db, case))
    return together(*(_alone(db, each, policies, supposed) for each in every))


def _alone(
    db: Session, case: Case, policies: Sequence[Policy], supposed: ClockEvent | None
) -> Evaluation:
    events = _clock_events(case, _told(db, case))
    if supposed is not None:
        events.append(replace(supposed, at=_not_before(events, supposed.at)))
    return evaluate(policies, filing_of(case), events)


def _clock_events(
    case: Case, told: Iterable[tuple[str, datetime, dict[str, Any]]]
) -> list[ClockEvent]:
    """What happened, in the order in which it was written. A system clock that was set back can't
    put an event before the one that it followed: it counts as happening at the same moment.
    """
    events: list[ClockEvent] = []
    latest = case.opened_at
    for kind, at, detail in told:
        latest = max(latest, at)
        if kind == Happening.WAITING_STARTED:
            events += _paused(latest, detail)
        elif not _is_over_already(kind, detail):
            events.append(
                ClockEvent(_EVENT_TYPES[kind], latest, priority=_new_priority(kind, detail))
            )
    return events


def _paused(at: datetime, detail: dict[str, Any]) -> list[ClockEvent]:
    """A pause ends the one before it; one for a third party may stop no clock at all."""
    stops = detail.get("stops", "marked clocks")
    ended = ClockEvent("resume", at)
    if stops == "no clock":
        return [ended]
    reason = in_ledger(detail.get("turn", "customer"))
    return [ended, ClockEvent("pause", at, reason=reason, stops_all=stops == "every clock")]


def _told(db: Session, case: Case) -> Iterable[tuple[str, datetime, dict[str, Any]]]:
    if not case.is_linked:
        rows = db.execute(_EVENTS, {"case_id": case.id})
        return [(kind, at, detail) for kind, at, detail in rows]
    life = life_of(db, case, kinds=_READ)
    return [(told.kind, told.at, told.detail) for told in life]


def _not_before(events: list[ClockEvent], now: datetime) -> datetime:
    return max(now, events[-1].at) if events else now


def _new_priority(kind: str, detail: dict[str, Any]) -> str | None:
    return detail.get("after") if kind == Happening.PRIORITY_CHANGED else None


def _is_over_already(kind: str, detail: dict[str, Any]) -> bool:
    """Closing a solved case stops no clock a second time."""
    return kind == Happening.CLOSED and detail.get("before") == CaseStatus.SOLVED


def _is_new(clock: ClockState, standing: Promise | None) -> bool:
    if clock.state not in {"running", "no_promise"}:
        return False
    if standing is None:
        return clock.state == "running" or bool(clock.words)
    return (
        standing.due_at != clock.due_at
        or standing.target != clock.target
        or standing.priority != clock.priority_id
        or standing.rule != clock.rule
    )


def _promise(clock: ClockState, found: Evaluation, *, version_id: int, now: datetime) -> Promise:
    return Promise(
        made_at=now,
        clock=clock.clock,
        policy_version_id=version_id,
        priority=clock.priority_id,
        rule=clock.rule,
        starts_at=clock.begins_at if clock.has_promise else None,
        target=clock.target,
        due_at=clock.due_at,
        words=clock.words,
        basis=clock.basis,
        strength=clock.strength,
        reasons=[
            {"code": r.code, "name": r.name, "at": r.at.isoformat() if r.at else None}
            for r in found.reasons
        ],
        ledger=[
            {
                "from": span.start.isoformat(),
                "to": span.end.isoformat() if span.end else None,
                "counted": span.counted,
                "because": span.because,
            }
            for span in clock.ledger
        ],
    )


def _copy_due_instants(case: Case, found: Evaluation) -> None:
    escalation = found.escalation if case.level == 1 else None
    case.first_response_due_at = found.first_response.due_at
    case.next_update_due_at = found.next_update.due_at
    case.escalation_due_at = escalation.due_at if escalation else None
    running = [found.first_response, found.next_update, found.resolution, escalation]
    due = [c.due_at for c in running if c and c.state == "running" and c.due_at]
    if case.escalation_answer_due_at is not None:
        due.append(case.escalation_answer_due_at)
    case.next_due_at = min(due, default=None)


def policy_of(case: Case) -> Policy:
    """The policy version that the case runs under."""
    return load(case.policy_version)
