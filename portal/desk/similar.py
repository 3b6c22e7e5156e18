"""Cases like this one, for staff only: what helped there may help here.

The newest cases with any telling word of the subject are looked at, and ranked by how many of
those words their own subject has, a rare word counting for more.
"""

from collections import Counter
from collections.abc import Sequence
from math import log

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.access import cases_visible_to
from portal.cases.case import Case
from portal.cases.case_words import speaks_of_some
from portal.cases.queries import load_rows
from portal.people.person import Person
from portal.search.words import content_words, words_of

MOST_LOOKED_AT = 300
_LEAST_SHARED = 2


def similar_cases(db: Session, *, case: Case, person: Person, limit: int = 5) -> Sequence[Case]:
    """Those with at least two telling words in common, the most alike first."""
    wanted = frozenset(content_words(words_of(case.subject)))
    spoken = speaks_of_some(db, case.subject, most=MOST_LOOKED_AT)
    if spoken is None or len(wanted) < _LEAST_SHARED:
        return []
    query = select(Case.id, Case.subject).where(
        spoken, Case.id != case.id, cases_visible_to(person)
    )
    shared = {id_: wanted & frozenset(words_of(subject)) for id_, subject in db.execute(query)}
    counts = Counter(word for words in shared.values() for word in words)
    alike = [id_ for id_, words in shared.items() if len(words) >= _LEAST_SHARED]

    def likeness(id_: int) -> tuple[float, int]:
        return sum(log(1 + len(shared) / counts[word]) for word in shared[id_]), id_

    return load_rows(db, sorted(alike, key=likeness, reverse=True)[:limit])
