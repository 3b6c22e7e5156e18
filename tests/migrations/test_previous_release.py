"""What an installation of the last release holds is still there after the upgrade, and readable."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Enum,
    Integer,
    MetaData,
    Table,
    literal,
    select,
)
from sqlalchemy.types import Float, TypeEngine

from portal.cases.case import Case
from portal.database import Base, Database
from portal.migrations.running import differences, migrate
from portal.migrations.standing import at_head
from tests.migrations.test_migrations import blank

__all__ = ["blank"]

RELEASE = "000000000001"
RENAMED = {"incident": "known_issue"}
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def fill(database: Database) -> dict[str, dict[str, Any]]:
    """A row in each table of the release, every column told; the rows as they were written."""
    tables = MetaData()
    written: dict[str, dict[str, Any]] = {}
    with database.engine.execution_options(writing=True).begin() as connection:
        tables.reflect(connection)
        waiting = [table for name, table in tables.tables.items() if name != "alembic_version"]
        while waiting:
            table = next(one for one in waiting if needs(one) <= written.keys())
            waiting.remove(table)
            written[table.name] = row_of(table, set(written), is_sqlite=database.is_sqlite)
            connection.execute(table.insert().values(written[table.name]))
    return written


def needs(table: Table) -> set[str]:
    """The tables without a row of which this one can't have any."""
    return {
        key.column.table.name
        for column in table.columns
        for key in column.foreign_keys
        if not column.nullable
    }


def row_of(table: Table, filled: set[str], *, is_sqlite: bool) -> dict[str, Any]:
    row = {}
    for column in table.columns:
        leads_to = {key.column.table.name for key in column.foreign_keys}
        if leads_to <= filled:
            row[column.name] = 1 if leads_to else value_of(table.name, column.name, column.type)
    return {
        name: value.replace(tzinfo=None) if is_sqlite and isinstance(value, datetime) else value
        for name, value in row.items()
    }


def value_of(table: str, column: str, kind: TypeEngine[Any]) -> Any:
    now = Base.metadata.tables[RENAMED.get(table, table)].columns.get(column)
    if now is not None and isinstance(now.type, Enum):
        return now.type.enums[0]
    if isinstance(kind, JSON):
        makes_list = now is not None and now.default is not None and "list" in str(now.default.arg)
        return [] if makes_list else {}
    plain = {Boolean: True, Integer: 1, Float: 1.0, DateTime: AT, Date: date(2026, 11, 23)}
    return next((value for type_, value in plain.items() if isinstance(kind, type_)), f"a {column}")


def test_what_the_last_release_wrote_survives_the_upgrade(blank: Database) -> None:
    migrate(blank, to=RELEASE)
    written = fill(blank)
    migrate(blank)
    assert at_head(blank)
    assert differences(blank) == []
    with blank.reading() as db:
        for table, row in written.items():
            there = Base.metadata.tables[RENAMED.get(table, table)]
            told = [name for name, value in row.items() if isinstance(value, str)]
            kept = [name for name in told if name in there.columns]
            asked = select(literal(table), *(there.columns[name] for name in kept))
            (found,) = db.execute(asked.select_from(there)).all()
            assert list(found) == [table, *(row[name] for name in kept)]


def test_whatever_survived_can_be_read(blank: Database) -> None:
    migrate(blank, to=RELEASE)
    fill(blank)
    migrate(blank)
    with blank.reading() as db:
        for mapper in Base.registry.mappers:
            db.scalars(select(mapper.class_)).all()
        assert db.scalars(select(Case)).one().subject == "a subject"


def test_the_upgrade_can_be_taken_back_with_data_in_it(blank: Database) -> None:
    migrate(blank, to=RELEASE)
    fill(blank)
    migrate(blank)
    migrate(blank, to="base")
    assert not at_head(blank)
