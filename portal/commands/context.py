"""What a command works with: an installation's settings, database and files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import DatabaseError, OperationalError

import portal.entities  # noqa: F401  (the whole schema)
from portal.commands.remedy import (
    Remedy,
    refuse_missing_database,
    settings_or_remedy,
    sqlite_file,
)
from portal.database import Database
from portal.files import FileStore
from portal.settings import Settings


@dataclass(frozen=True)
class Opened:
    """An installation's settings, database and file store, open for one command."""

    settings: Settings
    database: Database
    files: FileStore


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


def unreachable(settings: Settings, error: DatabaseError) -> str:
    """Say in one line why the database can't be used; passwords in its address stay hidden."""
    place = sqlite_file(settings) or settings.database_url.rpartition("@")[2]
    words = str(error.orig).strip().splitlines()[0]
    if "no such table" in words or "does not exist" in words:
        return f"The database {place} lacks a table: run `portal migrate`. ({words})"
    return f"The database {place} can't be used: {words}. Check PORTAL_DATABASE_URL and the rights."
