"""Who hears of each step up, beside those who work on the case: a list that managers keep."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases.route import EscalationListener
from portal.events import record
from portal.people.person import Person

ASKED_FOR = 0
"""The step at which a customer asks for escalation; the others are the levels reached."""


def listeners(db: Session, step: int) -> list[Person]:
    """Who is on the list of this step, by name."""
    query = (
        select(Person)
        .join(EscalationListener, EscalationListener.person_id == Person.id)
        .where(EscalationListener.level == step)
    )
    return list(db.scalars(query.order_by(Person.name)))


def set_listeners(
    db: Session, *, step: int, people: Sequence[Person], by: Person, now: datetime
) -> None:
    """Replace the list of a step; an empty list means all who manage."""
    db.execute(delete(EscalationListener).where(EscalationListener.level == step))
    db.add_all(EscalationListener(level=step, person_id=person.id) for person in people)
    record(
        db,
        "listeners_set",
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        is_internal=True,
        step=step,
        people=[person.name for person in people],
    )
