"""Real parts for every test: a real SQLite file or a real PostgreSQL database, made once by the
migrations and copied for each test.

PORTAL_TEST_DATABASE chooses: sqlite (also when it is not set), postgres, or both.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session

import portal.entities  # noqa: F401  (the whole schema)
from portal.database import Database
from portal.migrations.running import migrate
from tests.postgres import Cluster, binaries
from tests.running import portal as run_portal

# What is slow on a busy machine is not wrong: figures of speed belong to benchmarks/.
settings.register_profile(
    "portal",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("portal")


def _kinds() -> list[str]:
    chosen = os.environ.get("PORTAL_TEST_DATABASE", "sqlite")
    if chosen != "both":
        return [chosen]
    return ["sqlite", "postgres"] if binaries() else ["sqlite"]


KINDS = _kinds()


def pytest_report_header() -> str:
    missing = "" if binaries() else " (PostgreSQL is not installed)"
    return f"databases: {', '.join(KINDS)}{missing}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what touches a database on each kind that was chosen."""
    if "database_url" in metafunc.fixturenames and KINDS != ["sqlite"]:
        metafunc.parametrize("database_url", KINDS, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is true of PostgreSQL alone runs whenever PostgreSQL is among the chosen kinds."""
    if "postgres" in KINDS:
        return
    told = "PostgreSQL alone: this run is for SQLite (PORTAL_TEST_DATABASE=both has both)"
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason=told))


@pytest.fixture(scope="session")
def empty_database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the whole schema and nothing in it."""
    path = tmp_path_factory.mktemp("schema") / "portal.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, empty_database_file: Path) -> Path:
    """A demonstration's home, made once and copied."""
    home = tmp_path_factory.mktemp("demonstration")
    shutil.copy(empty_database_file, home / "portal.db")
    done = run_portal(home, "demo")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server with one database, "portal", that has the whole schema."""
    programs = binaries()
    if programs is None:
        pytest.fail("PostgreSQL is not installed (Debian: apt install postgresql)")
    cluster = Cluster(programs)
    database = Database(cluster.make("portal"))
    migrate(database)
    database.close()
    yield cluster
    cluster.stop()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    """The address of an empty, up-to-date database of this test's own: SQLite's lies at home."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{home / 'portal.db'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name, url = cluster.copy("portal")
    yield url
    cluster.drop(name)


@pytest.fixture
def home(tmp_path: Path, empty_database_file: Path) -> Path:
    """A portal's home folder with an empty, up-to-date SQLite database in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    shutil.copy(empty_database_file, folder / "portal.db")
    return folder


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
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
