"""A request that came by mail may lack what the policy requires: it is taken all the same, and what
is missing is asked for afterwards.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.cases.policies import load
from portal.cases.revision import count_change
from portal.events import record
from portal.people.person import Person
from portal.policy.asking import Field
from portal.policy.intake import asked_fields, missing

INCOMPLETE_CHANNELS = frozenset({"email", "phone"})


def still_missing(case: Case) -> tuple[Field, ...]:
    """What the policy requires of this case and nobody has said yet; the form lets nothing lack."""
    if case.channel not in INCOMPLETE_CHANNELS or not case.is_open:
        return ()
    return missing(load(case.policy_version), said_so_far(case), request_kind=case.request_kind)


def said_so_far(case: Case) -> dict[str, Any]:
    """The answers that the case holds, by field id."""
    return {
        **case.details,
        "summary": case.subject,
        "description": case.description,
        "contact_name": case.contact_name,
        "contact_email": case.contact_email,
        "contact_phone": case.contact_phone,
        "priority": case.priority,
    }


def complete(
    db: Session,
    *,
    case: Case,
    answers: Mapping[str, str],
    by: Person | None,
    by_name: str = "",
    now: datetime,
) -> list[str]:
    """Add answers to what the case lacks; the labels of what was added. Nothing is overwritten."""
    given = {key: text.strip() for key, text in answers.items() if text.strip()}
    told = {**said_so_far(case), **given}
    asked = asked_fields(
        load(case.policy_version), request_kind=case.request_kind or None, answers=told
    )
    lacking = [f for f in asked if f.id in given and not said_so_far(case).get(f.id)]
    if not lacking:
        return []
    for field in lacking:
        if field.id == "contact_phone":
            case.contact_phone = given[field.id]
        else:
            case.details = {**case.details, field.id: given[field.id]}
    count_change(case, now=now)
    labels = [field.label for field in lacking]
    record(
        db,
        Happening.COMPLETED,
        now=now,
        actor_id=by.id if by else None,
        actor_name=by.name if by else by_name,
        case_id=case.id,
        fields=labels,
    )
    return labels
