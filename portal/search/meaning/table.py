"""Vectors in the PostgreSQL that several machines share, beside the index that lies there.

One machine encodes at a time; when it goes away, another one takes its turn. Each web process
holds the vectors in memory and follows what is written.
"""

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
from sqlalchemy import Connection, text

from portal.database import Database
from portal.search.meaning.encoder import Vectors
from portal.search.meaning.meanings import Kept, Meanings, Near, Rows, Within, Written

_TURN = 7_340_022
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
_NEWER = text(
    "SELECT article_id, version, keys AS digests, places, vectors FROM search_meaning"
    " WHERE model = :model AND written > :after ORDER BY written"
)
_LATEST = text("SELECT max(written) FROM search_meaning WHERE model = :model")


class MeaningTable(Meanings):
    """The Meanings protocol on a table; an article that went stays as an empty row."""

    def __init__(self, url: str, model: str, dimensions: int) -> None:
        self._database = Database(url)
        self._model, self._dimensions = model, dimensions
        self._lock = threading.Lock()
        self._entries: dict[int, tuple[Kept, Vectors]] = {}
        self._read_to = 0
        self._rows = Rows({})
        self._matrix: Vectors = np.empty((0, dimensions), np.float32)
        with self._database.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN + 1})
            for statement in _SCHEMA:
                connection.execute(text(statement))

    def near(
        self, vector: Vectors, *, within: Within, limit: int, also: Collection[int] = ()
    ) -> dict[int, Near]:
        rows, matrix = self._newest()
        return rows.near(matrix, vector, within=within, limit=limit, also=also)

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
        self._newest()
        return {article: kept for article, (kept, _vectors) in self._entries.items()}

    def vectors_of(self, article_id: int) -> Vectors:
        self._newest()
        return self._entries[article_id][1]

    def put(self, written: Sequence[Written], *, gone: Collection[int] = ()) -> None:
        nothing = np.empty((0, self._dimensions), np.float32)
        empty = [Written(article, Kept(0, (), ()), nothing) for article in gone]
        with self._database.engine.begin() as connection:
            for one in (*written, *empty):
                connection.execute(_PUT, self._values(one))

    def _values(self, one: Written) -> dict[str, object]:
        return {
            "model": self._model,
            "article": one.article_id,
            "version": one.kept.version,
            "keys": list(one.kept.keys),
            "places": list(one.kept.places),
            "vectors": np.ascontiguousarray(one.vectors, np.float32).tobytes(),
        }

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
        entries = dict(self._entries)
        for row in connection.execute(_NEWER, asked):
            entries.pop(row.article_id, None)
            if row.digests:
                vectors = np.frombuffer(row.vectors, np.float32).reshape(-1, self._dimensions)
                kept = Kept(row.version, tuple(row.digests), tuple(row.places))
                entries[row.article_id] = (kept, vectors)
        self._entries = entries
        self._matrix, self._rows = self._laid_out(entries)

    def _laid_out(self, entries: Mapping[int, tuple[Kept, Vectors]]) -> tuple[Vectors, Rows]:
        if not entries:
            return np.empty((0, self._dimensions), np.float32), Rows({})
        matrix = np.concatenate([vectors for _kept, vectors in entries.values()])
        places: dict[int, tuple[Sequence[int], Sequence[int]]] = {}
        first = 0
        for article, (kept, vectors) in entries.items():
            places[article] = (range(first, first + len(vectors)), kept.places)
            first += len(vectors)
        return matrix, Rows(places)
