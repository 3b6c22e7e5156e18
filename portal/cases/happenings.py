"""Everything that can happen to a case, by the name under which the record keeps it.

The timeline, the clocks and the mails all read these names; `detail` says what each event carries.
"""

from enum import StrEnum


class Happening(StrEnum):
    """The kinds of event on a case. Behind each: what its `detail` holds."""

    OPENED = "opened"
    """is_held, priority, requested_priority, channel"""
    NUMBER_GIVEN = "number_given"
    """number, receipt: the contract was confirmed"""
    CONTRACT_REFUSED = "contract_refused"
    """reason: the held case was closed without a case number"""
    REPLIED = "replied"
    """message_id: the customer wrote"""
    RESPONDED = "responded"
    """message_id: staff wrote to the customer"""
    NOTED = "noted"
    """message_id: an internal note, never shown to customers"""
    WORK_STARTED = "work_started"
    WAITING_STARTED = "waiting_started"
    """before, after: it is the customer's turn"""
    WAITING_ENDED = "waiting_ended"
    SOLVED = "solved"
    """before, after, resolution"""
    CLOSED = "closed"
    """before, after, by_customer, reason"""
    REOPENED = "reopened"
    """before, after, reason"""
    PRIORITY_CHANGED = "priority_changed"
    """before, after, reason, is_lowered"""
    ASSIGNED = "assigned"
    """before, after: names ("" for nobody), reason"""
    ESCALATION_REQUESTED = "escalation_requested"
    """reason, to: the customer is dissatisfied and asks for it"""
    ESCALATED = "escalated"
    """before, after: levels, reason"""
    RATED = "rated"
    """score"""
