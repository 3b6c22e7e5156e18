"""A desk with its people and some cases, under the policy of Communicado."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.people.person import Person
from tests import casework, cast


@dataclass
class Desk:
    """Two who work cases, one who manages them, and a contact who asks."""

    aldo: Person
    ben: Person
    mai: Person
    contact: Person
    opened: Callable[..., Case]


@pytest.fixture
def desk(db: Session, now: datetime) -> Desk:
    casework.adopted(db, now=now)
    contact = cast.nadia(db, cast.harbour_lines(db))

    def opened(subject: str = "Phones don't ring", **given: object) -> Case:
        person = given.pop("person", contact)
        return casework.opened(db, person=person, now=now, subject=subject, **given)  # type: ignore[arg-type]

    agent, manager = cast.agent(db), cast.manager(db)
    ben = cast.person(db, "Ben Carter", agent.role)
    return Desk(agent, ben, manager, contact, opened)
