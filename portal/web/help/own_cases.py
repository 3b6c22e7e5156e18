"""A signed-in contact's open cases on the first page: who has the ball, and the next promise."""

from collections.abc import Sequence

from portal.cases.case import Case
from portal.cases.queries import open_cases_of
from portal.web.identity import current_person
from portal.web.transaction import db

MOST_CASES = 3


def own_open_cases() -> Sequence[Case]:
    """At most three of the reader's own open cases, the next promise first; none for others."""
    person = current_person()
    if person is None or person.is_staff:
        return []
    return open_cases_of(db(), person=person, limit=MOST_CASES)
