"""What a table would do, tried on a copy of the directory in memory: nothing is written, and nobody
who writes has to wait.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Table, create_engine, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from portal.database import Base
from portal.events import Event
from portal.people.importing.importing import Report, import_table
from portal.people.importing.kinds import Kind
from portal.people.organisation import Contract, Installation, Organisation
from portal.people.person import Person
from portal.people.sign_in import SignIn, SignInLink

_COPIED = (Organisation, Person, Contract, Installation)
_WRITTEN = (Event, SignIn, SignInLink)


def rehearse(
    db: Session,
    *,
    data: bytes,
    now: datetime,
    kind: Kind | None = None,
    details: Iterable[str] = (),
    by: Person | None = None,
) -> Report:
    """The report that `import_table` would give; nothing of it is stored."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        with Session(engine) as trial:
            _copy(db, trial)
            clerk = trial.get(Person, by.id) if by else None
            report = import_table(trial, data=data, now=now, kind=kind, details=details, by=clerk)
            report.is_stored = False
            return report
    finally:
        engine.dispose()


def _copy(db: Session, trial: Session) -> None:
    """The directory as it stands; what an import only adds to stays empty."""
    copied, written = _tables(_COPIED), _tables(_WRITTEN)
    Base.metadata.create_all(trial.connection(), tables=[*copied, *written])
    for table in copied:
        for rows in db.execute(select(table)).mappings().partitions(1_000):
            trial.execute(insert(table), [dict(row) for row in rows])


def _tables(entities: Iterable[type[Base]]) -> list[Table]:
    return [entity.__table__ for entity in entities if isinstance(entity.__table__, Table)]
