"""Bring a database's schema to the state that this version of the portal needs. A migration runs
whole or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

import portal.entities  # noqa: F401  (the whole schema)
from portal.database import Base, Database
from portal.migrations.projections import is_of_entities

_LOCK = 7_264_110  # an arbitrary number: processes that migrate PostgreSQL at once take turns


class BrokenReferenceError(Exception):
    """A migration left a row that refers to one that is not there; it was rolled back."""


def migrate(database: Database, *, to: str = "head") -> None:
    """Run all migrations that `database` has not seen; `to="base"` takes all of them back."""
    move = command.downgrade if to == "base" else command.upgrade
    with _changing(database) as connection:
        move(_config(connection), to)


def differences(database: Database) -> list[object]:
    """What the entities say and the database lacks, or the reverse; empty when in step."""
    with database.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": is_of_entities}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, Base.metadata))


def write_revision(database: Database, message: str) -> None:
    """Write a new migration from what the entities have and `database` lacks."""
    with _changing(database) as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _changing(database: Database) -> Iterator[Connection]:
    """One transaction for all. SQLite copies whole tables, so it checks references at the end."""
    engine = database.engine.execution_options(writing=True)
    with (
        engine.connect() as connection,
        _references_unchecked(connection, database.is_sqlite),
        connection.begin(),
    ):
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        yield connection
        if database.is_sqlite:
            _check_references(connection)


@contextmanager
def _references_unchecked(connection: Connection, is_sqlite: bool) -> Iterator[None]:
    if not is_sqlite:
        yield
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise BrokenReferenceError(f"table {broken[0]}, row {broken[1]} refers to {broken[2]}")
