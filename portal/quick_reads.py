"""Asking the database one small thing at next to no cost, for what is asked at every request."""

import threading
from typing import Any

from portal.database import Database


class UnansweredError(Exception):
    """The database does not answer."""


class QuickReads:
    """Reads over one raw connection for each thread, outside any transaction.

    Statements are written by us from whole numbers alone; nothing that anybody typed goes into one.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._errors: Any = database.engine.dialect.loaded_dbapi.Error
        self._local = threading.local()

    def rows(self, statement: str) -> list[Any]:
        """Ask, and once more on a new connection: the old one may have died of old age.

        Raises UnansweredError.
        """
        for try_again in (True, False):
            try:
                cursor = self._connection().cursor()
                cursor.execute(statement)
                rows: list[Any] = cursor.fetchall()
                cursor.close()
            except self._errors as error:
                self._forget()
                if not try_again:
                    raise UnansweredError(str(error)) from error
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
