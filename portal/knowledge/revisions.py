"""How far the library has come: asked at every public request, so it must cost next to nothing."""

import threading
from typing import Any

from portal.database import Database

LATEST = "SELECT max(revision) FROM library_change"
CHANGED = "SELECT tag FROM library_change WHERE revision > {:d} AND revision <= {:d}"
MOST_CHANGES = 1_000


class RevisionsUnknownError(Exception):
    """The database doesn't say how far the library has come."""


class Revisions:
    """Reads the counter over one raw connection for each thread, outside any transaction."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._errors: Any = database.engine.dialect.loaded_dbapi.Error
        self._local = threading.local()

    def latest(self) -> int:
        """The last revision. Raises RevisionsUnknownError when the database doesn't answer."""
        return int(self._rows(LATEST)[0][0] or 0)

    def tags_between(self, after: int, until: int) -> frozenset[str] | None:
        """What changed after one revision, up to another; None means: anything may have."""
        if after < 0 or not 0 < until - after <= MOST_CHANGES:
            return None
        rows = self._rows(CHANGED.format(after, until))
        return frozenset(row[0] for row in rows) if len(rows) == until - after else None

    def _rows(self, statement: str) -> list[Any]:
        """Ask, and once more on a new connection: the old one may have died of old age."""
        for try_again in (True, False):
            try:
                cursor = self._connection().cursor()
                cursor.execute(statement)
                rows: list[Any] = cursor.fetchall()
                cursor.close()
            except self._errors as error:
                self._forget()
                if not try_again:
                    raise RevisionsUnknownError(str(error)) from error
            else:
                return rows
        raise AssertionError

    def _connection(self) -> Any:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open()
        return connection

    def _open(self) -> Any:
        holder = self._engine.raw_connection()
        holder.detach()
        connection: Any = holder.dbapi_connection
        if self._engine.dialect.name != "sqlite":
            connection.autocommit = True
        return connection

    def _forget(self) -> None:
        connection = self._local.__dict__.pop("connection", None)
        if connection is not None:
            connection.close()
