"""Vectors in the PostgreSQL that several machines share, beside the index that lies there.

One machine encodes at a time; when it goes away, another one takes its turn. Where PostgreSQL has
pgvector, it compares (`VectorTable`); otherwise each web process holds the vectors in memory and
follows what is written (`BytesTable`). An article that went stays as an empty row, to be followed.
"""

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from portal.database import Database
from portal.search.meaning.encoder import Vectors
from portal.search.meaning.meanings import Kept, Meanings, Near, Rows, Within, Written

_TURN, _MAKING = 7_340_022, 7_340_023
_SCHEMA = (
    "CREATE SEQUENCE IF NOT EXISTS search_meaning_written",
    "CREATE TABLE IF NOT EXISTS search_meaning ("
    " model text NOT NULL, article_id bigint NOT NULL, written bigint NOT NULL,"
    " version bigint NOT NULL, keys text[] NOT NULL, places integer[] NOT NULL,"
    " vectors bytea NOT NULL, PRIMARY KEY (model, article_id))",
    "CREATE INDEX IF NOT EXISTS ix_search_meaning_written ON search_meaning (model, written)",
)
_PUT = text(
    "INSERT INTO search_meaning VALUES (:model, :article, nextval('search_meaning_written'),"
    " :version, :keys, :places, :vectors)"
    " ON CONFLICT (model, article_id) DO UPDATE SET written = excluded.written,"
    " version = excluded.version, keys = excluded.keys, places = excluded.places,"
    " vectors = excluded.vectors"
)
_KEPT = text(
    "SELECT article_id, version, keys AS digests, places FROM search_meaning"
    " WHERE model = :model AND version > 0"
)
_VECTORS = text("SELECT vectors FROM search_meaning WHERE model = :model AND article_id = :article")
_NEWER = text(
    "SELECT article_id, version, places, vectors FROM search_meaning"
    " WHERE model = :model AND written > :after ORDER BY written"
)
_LATEST = text("SELECT max(written) FROM search_meaning WHERE model = :model")


def open_table(url: str, model: str, dimensions: int) -> Meanings:
    """The store that suits this PostgreSQL."""
    database = Database(url)
    kind = VectorTable if _has_pgvector(database) else BytesTable
    return kind(database, model, dimensions)


def _has_pgvector(database: Database) -> bool:
    """Whether pgvector is in use; it is taken into use where that is allowed."""
    try:
        with database.engine.begin() as connection:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
    except DBAPIError:
        return False
    return True


class _Table:
    """What both kinds share: one row an article, and whose turn it is."""

    def __init__(self, database: Database, model: str, dimensions: int) -> None:
        self._database, self._model, self._dimensions = database, model, dimensions
        with self._database.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:making)"), {"making": _MAKING})
            for statement in self._schema():
                connection.execute(text(statement))

    def _schema(self) -> Sequence[str]:
        return _SCHEMA

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """A lock of the database's: it is free again as soon as its holder is gone."""
        with self._database.engine.connect() as connection:
            asked = text("SELECT pg_try_advisory_lock(:turn)")
            is_ours = bool(connection.execute(asked, {"turn": _TURN}).scalar())
            try:
                yield is_ours
            finally:
                if is_ours:
                    connection.execute(text("SELECT pg_advisory_unlock(:turn)"), {"turn": _TURN})

    def kept(self) -> Mapping[int, Kept]:
        with self._database.engine.connect() as connection:
            rows = connection.execute(_KEPT, {"model": self._model})
            return {
                row.article_id: Kept(row.version, tuple(row.digests), tuple(row.places))
                for row in rows
            }

    def vectors_of(self, article_id: int) -> Vectors:
        asked = {"model": self._model, "article": article_id}
        with self._database.engine.connect() as connection:
            return self._read(connection.execute(_VECTORS, asked).scalar_one())

    def _read(self, stored: bytes) -> Vectors:
        return np.frombuffer(stored, np.float32).reshape(-1, self._dimensions)

    def put(self, written: Sequence[Written], *, gone: Collection[int] = ()) -> None:
        nothing = np.empty((0, self._dimensions), np.float32)
        empty = [Written(article, Kept(0, (), ()), nothing) for article in gone]
        with self._database.engine.begin() as connection:
            for one in (*written, *empty):
                self._put(connection, one)

    def _put(self, connection: Connection, one: Written) -> None:
        values = {
            "model": self._model,
            "article": one.article_id,
            "version": one.kept.version,
            "keys": list(one.kept.keys),
            "places": list(one.kept.places),
            "vectors": np.ascontiguousarray(one.vectors, np.float32).tobytes(),
        }
        connection.execute(_PUT, values)


class BytesTable(_Table, Meanings):
    """The Meanings protocol on plain rows; the comparing is done in memory."""

    def __init__(self, database: Database, model: str, dimensions: int) -> None:
        super().__init__(database, model, dimensions)
        self._lock = threading.Lock()
        self._entries: dict[int, tuple[Sequence[int], Vectors]] = {}
        self._read_to = 0
        self._rows = Rows({})
        self._matrix: Vectors = np.empty((0, dimensions), np.float32)

    def near(
        self, vector: Vectors, *, within: Within, limit: int, also: Collection[int] = ()
    ) -> dict[int, Near]:
        rows, matrix = self._newest()
        return rows.near(matrix, vector, within=within, limit=limit, also=also)

    def _newest(self) -> tuple[Rows, Vectors]:
        """All rows as the table has them now; what is new is read, the rest is in memory."""
        with self._lock, self._database.engine.connect() as connection:
            latest = connection.execute(_LATEST, {"model": self._model}).scalar() or 0
            if latest != self._read_to:
                self._follow(connection)
                self._read_to = latest
            return self._rows, self._matrix

    def _follow(self, connection: Connection) -> None:
        asked = {"model": self._model, "after": self._read_to}
        for row in connection.execute(_NEWER, asked):
            self._entries.pop(row.article_id, None)
            if row.version:
                self._entries[row.article_id] = (row.places, self._read(row.vectors))
        places: dict[int, tuple[Sequence[int], Sequence[int]]] = {}
        first = 0
        for article, (begins, vectors) in self._entries.items():
            places[article] = (range(first, first + len(vectors)), begins)
            first += len(vectors)
        parts = [vectors for _begins, vectors in self._entries.values()]
        self._matrix = np.concatenate(parts or [np.empty((0, self._dimensions), np.float32)])
        self._rows = Rows(places)


class VectorTable(_Table, Meanings):
    """The Meanings protocol on pgvector: no process holds the vectors."""

    def _schema(self) -> Sequence[str]:
        return (
            *_SCHEMA,
            f"CREATE TABLE IF NOT EXISTS {self._passages} (article_id bigint NOT NULL,"
            f" place integer NOT NULL, vector vector({self._dimensions}) NOT NULL)",
            f"CREATE INDEX IF NOT EXISTS ix_{self._passages}_article"
            f" ON {self._passages} (article_id)",
            f"CREATE INDEX IF NOT EXISTS ix_{self._passages}_vector"
            f" ON {self._passages} USING hnsw (vector vector_ip_ops)",
        )

    @property
    def _passages(self) -> str:
        """A table for each model, whose name is made of hexadecimal digits and letters."""
        return "search_passage_" + "".join(filter(str.isalnum, self._model))

    def near(
        self, vector: Vectors, *, within: Within, limit: int, also: Collection[int] = ()
    ) -> dict[int, Near]:
        """As many rows are looked at as it takes to find enough articles that are allowed."""
        found: dict[int, Near] = {}
        asked: dict[str, Any] = {"vector": _literal(vector), "also": list(also), "rows": 4 * limit}
        with self._database.engine.begin() as connection:
            while True:
                connection.execute(text(f"SET LOCAL hnsw.ef_search = {min(asked['rows'], 1000)}"))
                rows = connection.execute(text(self._nearest()), asked).all()
                for row in rows:
                    if len(found) < limit and within(row.article_id):
                        found.setdefault(row.article_id, Near(row.cosine, row.place))
                if len(found) >= limit or len(rows) < asked["rows"]:
                    break
                asked["rows"] *= 8
                connection.execute(text("SET LOCAL enable_indexscan = off"))
            for row in connection.execute(text(self._of_these()), asked):
                found.setdefault(row.article_id, Near(row.cosine, row.place))
        return found

    def _nearest(self) -> str:
        return (
            "SELECT article_id, place, -(vector <#> CAST(:vector AS vector)) AS cosine"  # noqa: S608
            f" FROM {self._passages} ORDER BY vector <#> CAST(:vector AS vector) LIMIT :rows"
        )

    def _of_these(self) -> str:
        return (
            "SELECT article_id, place, -(vector <#> CAST(:vector AS vector)) AS cosine"  # noqa: S608
            f" FROM {self._passages} WHERE article_id = ANY(:also)"
            " ORDER BY vector <#> CAST(:vector AS vector)"
        )

    def _put(self, connection: Connection, one: Written) -> None:
        super()._put(connection, one)
        taken = text(f"DELETE FROM {self._passages} WHERE article_id = :article")  # noqa: S608
        connection.execute(taken, {"article": one.article_id})
        put = text(
            f"INSERT INTO {self._passages}"  # noqa: S608
            " VALUES (:article, :place, CAST(:vector AS vector))"
        )
        rows = [
            {"article": one.article_id, "place": place, "vector": _literal(vector)}
            for place, vector in zip(one.kept.places, one.vectors, strict=True)
        ]
        if rows:
            connection.execute(put, rows)


def _literal(vector: Vectors) -> str:
    """A vector as pgvector reads it."""
    return "[" + ",".join(map(repr, vector.tolist())) + "]"
