"""A case: one customer's request for help, from receipt to closing.

The customer's five words for its state: Received, We're working on it, Waiting for you,
Solved - please confirm, Closed. A move that makes no sense is refused by the case itself.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.standstill import NONE, Standstill
from portal.database import Base, stored_by_value
from portal.knowledge.known_issue import KnownIssue
from portal.people.organisation import Installation, Organisation
from portal.people.person import Person
from portal.people.team import LEVELS, Team

if TYPE_CHECKING:
    from portal.cases.conversation import Message
    from portal.cases.promise import Promise


class CaseStatus(StrEnum):
    """Where a case stands. `held` waits for the contract check and has no case number yet;
    `paused` waits for somebody or something that isn't the customer.
    """

    HELD = "held"
    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting_for_customer"
    PAUSED = "paused"
    SOLVED = "solved"
    CLOSED = "closed"


class IllegalMoveError(Exception):
    """A case can't go from where it stands to where somebody wanted it."""


_MOVES: dict[CaseStatus, set[CaseStatus]] = {
    CaseStatus.HELD: {CaseStatus.RECEIVED, CaseStatus.CLOSED},
    CaseStatus.RECEIVED: {
        CaseStatus.IN_PROGRESS,
        CaseStatus.WAITING,
        CaseStatus.PAUSED,
        CaseStatus.SOLVED,
        CaseStatus.CLOSED,
    },
    CaseStatus.IN_PROGRESS: {
        CaseStatus.WAITING,
        CaseStatus.PAUSED,
        CaseStatus.SOLVED,
        CaseStatus.CLOSED,
    },
    CaseStatus.WAITING: {
        CaseStatus.IN_PROGRESS,
        CaseStatus.PAUSED,
        CaseStatus.SOLVED,
        CaseStatus.CLOSED,
    },
    CaseStatus.PAUSED: {
        CaseStatus.IN_PROGRESS,
        CaseStatus.WAITING,
        CaseStatus.PAUSED,
        CaseStatus.SOLVED,
        CaseStatus.CLOSED,
    },
    CaseStatus.SOLVED: {CaseStatus.IN_PROGRESS, CaseStatus.CLOSED},
    CaseStatus.CLOSED: {CaseStatus.IN_PROGRESS},
}


class PolicyVersion(Base):
    """A policy file as it came into force, with the holidays it meant then; never edited."""

    __tablename__ = "policy_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[str]
    version: Mapped[int]
    effective_from: Mapped[datetime]
    source: Mapped[str] = mapped_column(deferred=True)
    holiday_snapshot: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    content_hash: Mapped[str]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Case(Base):
    """One request. `number` is given once the contract is checked; `receipt` always exists.

    `requested_priority` is what the customer's answers settled, `priority` what drives the clock.
    `details` holds the answers to the policy's required information by field id, `trace` how the
    priority was settled, `consent` who agreed to which charge and when, `shown_articles` what the
    deflection step showed and what was opened: [{"article_id", "title", "opened"}].
    The due instants are projections of the events; `next_due_at` sorts the queue. `held_reason`
    says why the contract is still being checked; `follows_id` is the case that this one goes on
    from; `resolution` says in the staff's words what solved it. `fix_due_on` is the promised day of
    delivery, `scheduled_on` the agreed day of deferred work, `proposed_on` a day that one side
    proposed and the other has not answered. `pause_reason` to `close_reminder_at` are the
    Standstill. `wakes_at` is when the clock next asks for something to be done; `warned` (instant
    or day by duty) and `reminded_at` say what was done. `escalation_answer_due_at` is by when
    somebody higher answers the customer who asked for it.

    `merged_into_id` is the case in which a duplicate goes on. `is_linked` says whether links,
    merges or splits concern the case, so that the page of an ordinary one asks for none.
    `known_issue_id` is the problem that it shares with others, `issue_told_at` when its fix was
    told here.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_wakes_at", "wakes_at"),
        Index("ix_case_contact_id_updated_at", "contact_id", "updated_at"),
        Index("ix_case_list", "organisation_id", "contact_id", "status", "updated_at"),
        Index(
            "ix_case_queue",
            "status",
            "next_due_at",
            "assignee_id",
            "level",
            "escalation_requested_at",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str | None] = mapped_column(unique=True)
    status: Mapped[CaseStatus] = mapped_column(stored_by_value(CaseStatus))
    subject: Mapped[str]
    description: Mapped[str]
    channel: Mapped[str] = mapped_column(default="web")
    request_kind: Mapped[str] = mapped_column(default="")
    requested_priority: Mapped[str]
    priority: Mapped[str]
    level: Mapped[int] = mapped_column(default=1)
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    contact_name: Mapped[str]
    contact_email: Mapped[str]
    contact_phone: Mapped[str] = mapped_column(default="")
    contact_time_zone: Mapped[str | None]
    contact_language: Mapped[str | None]
    is_email_proven: Mapped[bool] = mapped_column(default=False)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    installation_id: Mapped[int | None] = mapped_column(ForeignKey("installation.id"))
    named_contact: Mapped[bool] = mapped_column(default=False)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    trace: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    consent: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    shown_articles: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    first_response_due_at: Mapped[datetime | None]
    next_update_due_at: Mapped[datetime | None]
    escalation_due_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    first_responded_at: Mapped[datetime | None]
    solved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    escalation_requested_at: Mapped[datetime | None]
    escalation_answer_due_at: Mapped[datetime | None]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    pause_reason: Mapped[str] = mapped_column(default="", server_default="")
    paused_for: Mapped[str] = mapped_column(default="", server_default="")
    resumes_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    close_reminder_at: Mapped[datetime | None]
    fix_due_on: Mapped[date | None]
    scheduled_on: Mapped[date | None]
    proposed_on: Mapped[date | None]
    is_customers_proposal: Mapped[bool] = mapped_column(default=False, server_default=false())
    wakes_at: Mapped[datetime | None]
    warned: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reminded_at: Mapped[datetime | None]
    held_reason: Mapped[str] = mapped_column(default="")
    resolution: Mapped[str] = mapped_column(default="")
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    is_linked: Mapped[bool] = mapped_column(default=False)
    known_issue_id: Mapped[int | None] = mapped_column(ForeignKey("known_issue.id"), index=True)
    issue_told_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)

    contact: Mapped[Person | None] = relationship(foreign_keys=[contact_id])
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])
    team: Mapped[Team | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    installation: Mapped[Installation | None] = relationship()
    policy_version: Mapped[PolicyVersion] = relationship()
    follows: Mapped["Case | None"] = relationship(remote_side=[id], foreign_keys=[follows_id])
    merged_into: Mapped["Case | None"] = relationship(
        remote_side=[id], foreign_keys=[merged_into_id]
    )
    known_issue: Mapped[KnownIssue | None] = relationship()
    messages: Mapped[list["Message"]] = relationship(
        back_populates="case", order_by="Message.id", cascade="all, delete-orphan"
    )
    promises: Mapped[list["Promise"]] = relationship(
        back_populates="case", order_by="Promise.id", cascade="all, delete-orphan"
    )

    @property
    def reference(self) -> str:
        """What a person quotes: the case number, or the receipt while the contract is checked."""
        return self.number or self.receipt

    @property
    def is_open(self) -> bool:
        return self.status not in {CaseStatus.SOLVED, CaseStatus.CLOSED}

    @property
    def asks_about_day(self) -> bool:
        """We proposed a day, and the customer has not said yet whether it suits."""
        return self.proposed_on is not None and not self.is_customers_proposal

    def must_be_open(self) -> None:
        """Raise IllegalMoveError for a case that is solved or closed."""
        if not self.is_open:
            raise IllegalMoveError(f"{self.reference} is {self.status}: reopen it first")

    def must_be_numbered(self) -> None:
        """Raise IllegalMoveError for a case that is over, or still waits for its contract check."""
        self.must_be_open()
        if self.status is CaseStatus.HELD:
            raise IllegalMoveError(f"{self.reference} has no case number yet")

    def must_be(self, *statuses: CaseStatus) -> None:
        """Raise IllegalMoveError unless the case stands in one of these."""
        if self.status not in statuses:
            wanted = " or ".join(statuses)
            raise IllegalMoveError(f"{self.reference} is {self.status}, not {wanted}")

    def may_move_to(self, status: CaseStatus) -> bool:
        return self.merged_into_id is None and status in _MOVES[self.status]

    def go_on_in(self, survivor: "Case", *, now: datetime) -> None:
        """A duplicate ends here, and whatever comes next happens on `survivor`.

        Raises IllegalMoveError for a case that was merged before, or into one that is over.
        """
        if (
            self.merged_into_id is not None
            or survivor.merged_into_id is not None
            or self is survivor
        ):
            raise IllegalMoveError(f"{self.reference} can't go on in {survivor.reference}")
        if not survivor.is_open:
            raise IllegalMoveError(f"{survivor.reference} is {survivor.status}: reopen it first")
        self.merged_into = survivor
        self.status = CaseStatus.CLOSED
        self.closed_at = self.updated_at = now

    def come_back(self, status: CaseStatus, *, away: timedelta, now: datetime) -> None:
        """A merge is undone: the case stands again where it stood before. The time that it was
        `away` doesn't count against a customer who still has to answer.
        """
        if self.merged_into_id is None:
            raise IllegalMoveError(f"{self.reference} is not merged into another case")
        self.merged_into = None
        self.status = status
        self.updated_at = now
        if status is not CaseStatus.CLOSED:
            self.closed_at = None
        if self.closes_at is not None:
            self.closes_at += away
        if self.close_reminder_at is not None:
            self.close_reminder_at += away

    def move_to(self, status: CaseStatus, *, now: datetime, standstill: Standstill = NONE) -> None:
        """Change the status. Raises IllegalMoveError when that makes no sense from here."""
        if not self.may_move_to(status):
            raise IllegalMoveError(f"a case that is {self.status} can't become {status}")
        self.status = status
        self.updated_at = now
        if status is CaseStatus.SOLVED:
            self.solved_at = now
        elif status is not CaseStatus.CLOSED:
            self.solved_at = None
        self.closed_at = now if status is CaseStatus.CLOSED else None
        self._stand_still(standstill)
        if not self.is_open:
            self.proposed_on = None
            self.escalation_requested_at = self.escalation_answer_due_at = None

    def rise_to(self, level: int) -> None:
        """Go up to a higher level of help. Raises IllegalMoveError when there is none."""
        self.must_be_open()
        if level not in LEVELS or level <= self.level:
            raise IllegalMoveError(f"{self.reference} can't go from level {self.level} to {level}")
        self.level = level
        self.escalation_requested_at = self.escalation_answer_due_at = None

    def _stand_still(self, standstill: Standstill) -> None:
        self.pause_reason = standstill.reason
        self.paused_for = standstill.party
        self.resumes_at = standstill.resumes_at
        self.closes_at = standstill.closes_at
        self.close_reminder_at = standstill.close_reminder_at
