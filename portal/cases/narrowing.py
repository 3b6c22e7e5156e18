"""What staff narrow the queue to. Every given condition must hold; words reach into the whole
conversation, notes included.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, bindparam, or_, select, union
from sqlalchemy.orm import Session

from portal.cases.access import reference_key
from portal.cases.case import Case, CaseStatus
from portal.cases.case_words import speaks_of
from portal.database import contains
from portal.people.organisation import Organisation
from portal.people.person import Person

ME, NOBODY = "me", "nobody"


@dataclass(frozen=True)
class Narrowing:
    """`assignee` is ME, NOBODY or a person's id; `organisation` is part of its name; `level` and
    `team_id` are 0 for any. `words` may be a case number.
    """

    words: str = ""
    status: CaseStatus | None = None
    priority: str = ""
    level: int = 0
    assignee: str = ""
    team_id: int = 0
    organisation: str = ""
    request_kind: str = ""
    channel: str = ""
    opened_from: datetime | None = None
    opened_before: datetime | None = None


def narrowed(db: Session, to: Narrowing, *, person: Person) -> list[ColumnElement[bool]]:
    """The conditions over Case, for the member of staff who asks."""
    return [*_plain(to), *_opened(to), *_assigned(to, person), *_told(db, to)]


def _plain(to: Narrowing) -> Iterator[ColumnElement[bool]]:
    if to.status is not None:
        yield Case.status == to.status
    for column, wanted in (
        (Case.priority, to.priority),
        (Case.request_kind, to.request_kind),
        (Case.channel, to.channel),
    ):
        if wanted:
            yield column == wanted
    if to.level:
        yield Case.level == to.level
    if to.team_id:
        yield Case.team_id == to.team_id


def _opened(to: Narrowing) -> Iterator[ColumnElement[bool]]:
    if to.opened_from is not None:
        yield Case.opened_at >= to.opened_from
    if to.opened_before is not None:
        yield Case.opened_at < to.opened_before


def _assigned(to: Narrowing, person: Person) -> Iterator[ColumnElement[bool]]:
    if to.assignee == NOBODY:
        yield Case.assignee_id.is_(None)
    elif to.assignee:
        yield Case.assignee_id == (person.id if to.assignee == ME else int(to.assignee))


def _told(db: Session, to: Narrowing) -> Iterator[ColumnElement[bool]]:
    if to.organisation.strip():
        named = select(Organisation.id).where(contains(Organisation.name, to.organisation.strip()))
        yield Case.organisation_id.in_(named)
    if to.words.strip():
        found = _found(db, to.words)
        ids: BindParameter[list[int]] = bindparam(
            "found", found, expanding=True, literal_execute=True
        )
        yield Case.id.in_(ids)


def _found(db: Session, words: str) -> list[int]:
    """The case with this number, and those that speak of the words: looked up once, so that what
    is asked of them goes by their ids.
    """
    key, spoken = reference_key(words), speaks_of(db, words)
    found = select(Case.id).where(or_(Case.number == key, Case.receipt == key))
    if spoken is None:
        return list(db.scalars(found))
    return list(db.scalars(union(found, select(Case.id).where(spoken))))
