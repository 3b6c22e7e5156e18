"""What a command works with. What is wrong with the installation is said in a line, with the
remedy and exit status 2; never in a trace.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy.exc import DatabaseError, OperationalError

import portal.entities  # noqa: F401  (the whole schema)
from portal.database import Database
from portal.files import FileStore
from portal.settings import Settings, SettingsError, load_settings


class Remedy(click.ClickException):
    """A command can't go on; the message says why and what to do."""

    exit_code = 2


@dataclass(frozen=True)
class Opened:
    """An installation's settings, database and file store, open for one command."""

    settings: Settings
    database: Database
    files: FileStore


def settings_or_remedy() -> Settings:
    """The settings of the installation that PORTAL_HOME names.

    Raises Remedy when one is missing or wrong.
    """
    try:
        return load_settings()
    except SettingsError as error:
        raise Remedy(str(error)) from None


@contextmanager
def opened() -> Iterator[Opened]:
    """Open the installation for one command and close it afterwards.

    Raises Remedy when settings or database can't be used.
    """
    settings = settings_or_remedy()
    database = Database(settings.database_url)
    try:
        refuse_missing_database(settings)
        yield Opened(settings, database, FileStore(settings.files_folder))
    except OperationalError as error:
        raise Remedy(unreachable(settings, error)) from None
    finally:
        database.close()


def sqlite_file(settings: Settings) -> Path | None:
    """The SQLite file that holds the data, None where another database does."""
    prefix = "sqlite:///"
    url = settings.database_url
    return Path(url.removeprefix(prefix)) if url.startswith(prefix) else None


def refuse_missing_database(settings: Settings) -> None:
    """Raises Remedy when the SQLite file is not there: opening it would make an empty one."""
    file = sqlite_file(settings)
    if file is not None and not file.is_file():
        raise Remedy(f"{file} does not exist: run `portal migrate`, or restore a backup there.")


def unreachable(settings: Settings, error: DatabaseError) -> str:
    """Say in one line why the database can't be used; passwords in its address stay hidden."""
    place = sqlite_file(settings) or settings.database_url.rpartition("@")[2]
    words = str(error.orig).strip().splitlines()[0]
    if "no such table" in words or "does not exist" in words:
        return f"The database {place} lacks a table: run `portal migrate`. ({words})"
    return f"The database {place} can't be used: {words}. Check PORTAL_DATABASE_URL and the rights."
