"""What a change changed: the value before and the value after, kept with who did it and when."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.events import Event, record
from portal.people.person import Person

Changes = dict[str, list[Any]]


def apply(entity: Any, values: Mapping[str, Any]) -> Changes:
    """Give the entity these values; what really changed, as [before, after] by its name."""
    changed: Changes = {}
    for name, after in values.items():
        before = getattr(entity, name)
        if before != after:
            changed[name] = [_plain(before), _plain(after)]
            setattr(entity, name, after)
    return changed


def record_change(
    db: Session,
    kind: str,
    *,
    now: datetime,
    by: Person | None,
    organisation_id: int | None = None,
    person_id: int | None = None,
    **detail: Any,
) -> Event:
    """Write the event; `by` is None for what an operator did from a shell."""
    return record(
        db,
        kind,
        now=now,
        actor_id=by.id if by else None,
        actor_name=by.name if by else "",
        organisation_id=organisation_id,
        person_id=person_id,
        **detail,
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
