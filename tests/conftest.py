"""Real parts for every test: a real SQLite file, made once and copied for each test."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import portal.entities  # noqa: F401  (the whole schema)
from portal.database import Base, Database


@pytest.fixture(scope="session")
def empty_database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "portal.db"
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def home(tmp_path: Path, empty_database_file: Path) -> Path:
    """A portal's home folder with an empty, up-to-date database."""
    folder = tmp_path / "home"
    folder.mkdir()
    shutil.copy(empty_database_file, folder / "portal.db")
    return folder


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{home / 'portal.db'}")
    yield database
    database.close()


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """A writing session; nothing is committed unless the test does it."""
    with database.open_writing() as session:
        yield session


@pytest.fixture
def now() -> datetime:
    """Monday 23 November 2026, 10:00 in Los Angeles: an ordinary office morning."""
    return datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
