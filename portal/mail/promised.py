"""When the customer will hear next and why then, in the words of the case page, in the customer's
zone and in ours. It computes nothing of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.cases.case import Case, CaseStatus
from portal.cases.clocks import evaluation_of
from portal.cases.policies import load
from portal.events import Event
from portal.policy.moments import moment
from portal.policy.wording import promise_words


def next_word(
    db: Session, case: Case, *, now: datetime, events: Sequence[Event] | None = None
) -> str:
    """By when the customer hears from us next, and why; "" when it isn't our turn. `events` are
    all of the case, where they are known already.
    """
    if not case.is_open or case.status is CaseStatus.WAITING:
        return ""
    found = evaluation_of(db, case, events=events)
    words = promise_words(found, now=now, reader_zone=contact_zone(case))
    if case.first_responded_at is not None:
        return words.next_update.text if words.next_update else ""
    if words.headline.moment is None:
        return words.headline.text
    return f"{words.headline.text} {words.why} {words.measures}"


def when(instant: datetime, case: Case) -> str:
    """An instant in the desk's zone, and in the contact's where that reads differently."""
    return moment(instant, load(case.policy_version).zone, contact_zone(case)).text


def contact_zone(case: Case) -> ZoneInfo | None:
    known = case.contact_time_zone or (case.contact.time_zone if case.contact else None)
    return ZoneInfo(known) if known else None
