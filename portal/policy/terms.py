"""Which rule of the policy a case falls under at a given instant, and what it promises.

The rules: emergency levels are for those the policy names, everybody else is served under the
level it names instead; paid help outside hours needs consent before it begins; otherwise targets
for outside hours apply when the policy has them, else the clock waits for the opening.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.policy.calendar import Calendar
from portal.policy.deadline import begins_at
from portal.policy.filing import Filing
from portal.policy.model import Policy, Priority, Target
from portal.policy.words import NOT_NAMED, ClockName, Rule


@dataclass(frozen=True)
class Promise:
    """One clock's promise under one rule; what it amounts to follows from calendar and pauses."""

    clock: ClockName
    policy: Policy
    priority: Priority
    target: Target
    calendar: Calendar
    rule: str
    received_at: datetime
    begins_at: datetime


@dataclass(frozen=True)
class Terms:
    """The conditions under which a case is served from one instant on."""

    policy: Policy
    level: Priority
    calendar: Calendar
    rule: Rule
    is_named: bool
    received_at: datetime

    @property
    def rule_name(self) -> str:
        return self.rule if self.is_named else f"{NOT_NAMED}{self.rule}"

    def promise(self, clock: ClockName) -> Promise:
        target = self._target(clock)
        calendar = self._calendar_of(clock, target)
        return Promise(
            clock=clock,
            policy=self.policy,
            priority=self.level,
            target=target,
            calendar=calendar,
            rule=self.rule_name,
            received_at=self.received_at,
            begins_at=self._begins_at(target, calendar),
        )

    def _begins_at(self, target: Target, calendar: Calendar) -> datetime:
        if self.rule == "inside_hours" and calendar is self.calendar:
            return self.received_at
        return begins_at(target.phrase, calendar, self.received_at)

    def _is_paid(self, clock: ClockName) -> bool:
        return self.rule == "paid_after_hours" and clock == "first_response"

    def _target(self, clock: ClockName) -> Target:
        if self._is_paid(clock) and self.policy.paid:
            return self.policy.paid.first_response
        return self.level.target(clock, outside=self.rule != "inside_hours")

    def _calendar_of(self, clock: ClockName, target: Target) -> Calendar:
        if target.hours:
            return self.policy.calendar(target.hours)
        if self._is_paid(clock) and self.policy.paid:
            return self.policy.calendar(self.policy.paid.hours)
        return self.calendar


def terms(policy: Policy, filing: Filing, priority_id: str, at: datetime) -> Terms:
    """The terms for a case that asks for this priority at this instant."""
    priority = policy.priority(priority_id)
    emergency = policy.emergency
    is_named = True
    if emergency and priority.id in emergency.priorities and emergency.named_contacts_only:
        is_named = filing.named_contact
        if not is_named and emergency.otherwise:
            priority = policy.priority(emergency.otherwise)
    level = priority.for_channel(filing.channel)
    calendar = policy.calendar(level.hours)
    rule = _rule(policy, filing, level, calendar.is_open(at))
    return Terms(policy, level, calendar, rule, is_named, at)


def _rule(policy: Policy, filing: Filing, level: Priority, is_open: bool) -> Rule:
    if is_open:
        return "inside_hours"
    if _has_agreed_to_pay(policy, filing, level):
        return "paid_after_hours"
    return "after_hours_rule" if level.outside else "after_hours"


def _has_agreed_to_pay(policy: Policy, filing: Filing, level: Priority) -> bool:
    paid = policy.paid
    if paid is None or level.id not in paid.applies_to:
        return False
    return filing.fee_consent and (filing.named_contact or not paid.named_contacts_only)
