"""By when deferred work is done: proposed by one side, agreed by the other, never changed silently.

Until the agreed day every clock stands still; on it, the case goes on by itself. While a proposal
is open, what was agreed before still holds.
"""

from datetime import date, datetime
from typing import Unpack

from sqlalchemy.orm import Session

from portal.cases import clocks
from portal.cases.case import Case, CaseStatus, IllegalMoveError
from portal.cases.happenings import Happening
from portal.cases.moving import Acting, told
from portal.cases.revision import check_revision, count_change
from portal.cases.waiting import pause, resume
from portal.locale import N_
from portal.policy.pausing import AGREEMENT
from portal.policy.versions import day_begins

MOST_DAYS_AHEAD = 3 * 365


class WrongDayError(ValueError):
    """The day makes no sense; the message says which would."""


def propose(
    db: Session,
    *,
    case: Case,
    on: date,
    reason: str = "",
    by_customer: bool = False,
    **acting: Unpack[Acting],
) -> None:
    """Propose the day on which the work is done; the other side accepts or names another.

    Raises WrongDayError, IllegalMoveError (the case is over), ChangedMeanwhileError.
    """
    check_revision(case, acting.get("revision"))
    case.must_be_numbered()
    now = acting["now"]
    _check_day(case, on, now)
    case.proposed_on, case.is_customers_proposal = on, by_customer
    count_change(case, now=now)
    told(
        db,
        Happening.SCHEDULE_PROPOSED,
        case=case,
        acting=acting,
        on=on.isoformat(),
        by_customer=by_customer,
        before=case.scheduled_on.isoformat() if case.scheduled_on else "",
        reason=reason.strip(),
    )
    clocks.refresh(db, case=case, now=now)


def accept(
    db: Session, *, case: Case, on: date, by_customer: bool = False, **acting: Unpack[Acting]
) -> None:
    """Agree to the day that the other side proposed; `on` is the day that was read.

    Raises IllegalMoveError when no such proposal is open, ChangedMeanwhileError, WrongDayError
    when the day has come meanwhile.
    """
    check_revision(case, acting.get("revision"))
    case.must_be_numbered()
    if case.proposed_on != on or case.is_customers_proposal is by_customer:
        raise IllegalMoveError(f"{on} is not proposed to you for {case.reference}")
    now = acting["now"]
    _check_day(case, on, now)
    before, case.scheduled_on, case.proposed_on = case.scheduled_on, on, None
    told(
        db,
        Happening.SCHEDULE_AGREED,
        case=case,
        acting=acting,
        on=on.isoformat(),
        before=before.isoformat() if before else "",
        by_customer=by_customer,
    )
    until = _work_begins(case, on)
    plain: Acting = {"by": acting["by"], "by_name": acting.get("by_name", ""), "now": now}
    if until > now:
        pause(db, case=case, reason=AGREEMENT, until=until, **plain)
    elif case.status in {CaseStatus.WAITING, CaseStatus.PAUSED}:
        resume(db, case=case, **plain)
    else:
        count_change(case, now=now)


def withdraw(db: Session, *, case: Case, reason: str, **acting: Unpack[Acting]) -> None:
    """Take the open proposal back, or decline the customer's; what was agreed before stands."""
    check_revision(case, acting.get("revision"))
    case.must_be_open()
    if case.proposed_on is None:
        raise IllegalMoveError(f"no day is proposed for {case.reference}")
    on, case.proposed_on = case.proposed_on, None
    count_change(case, now=acting["now"])
    told(
        db,
        Happening.SCHEDULE_WITHDRAWN,
        case=case,
        acting=acting,
        on=on.isoformat(),
        by_customer=case.is_customers_proposal,
        reason=reason.strip(),
    )
    clocks.refresh(db, case=case, now=acting["now"])


def _check_day(case: Case, on: date, now: datetime) -> None:
    today = now.astimezone(clocks.policy_of(case).zone).date()
    if on < today:
        raise WrongDayError(N_("Choose today or a later day."))
    if (on - today).days > MOST_DAYS_AHEAD:
        raise WrongDayError(N_("Choose a day within the next three years."))


def _work_begins(case: Case, on: date) -> datetime:
    """The first opening on that day or after it."""
    policy = clocks.policy_of(case)
    known = policy.has_priority(case.priority)
    hours = policy.priority(case.priority).hours if known else policy.office_hours
    return policy.calendar(hours).next_open(day_begins(policy, on))
