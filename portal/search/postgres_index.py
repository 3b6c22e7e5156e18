"""Candidates from PostgreSQL, for portals whose database it is and that run on several machines.

The index is two tables beside the portal's own, made by this module alone: what the articles say,
and how far it has come. Stems arrive ready-made, so PostgreSQL needs no dictionaries. A new
generation is written in the transaction that takes the old one away; one writer holds the pen.
"""

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from portal.database import Database
from portal.search.engine import Engine, in_turn
from portal.search.index import Health, IndexUnavailableError
from portal.search.postgres_candidates import PostgresCandidates, quoted
from portal.search.ranked import RankedIndex
from portal.search.shelf import Record, engine_texts
from portal.search.shelves import Shelves

FORMAT = 3
_ENTRY, _NEW = "search_entry", "search_entry_new"
_PEN = 7_340_021
_BATCH = 200
_LAST_PLACE, _MOST_PLACES = 16_383, 100

_TABLE = """
CREATE TABLE {name} (
  article_id bigint PRIMARY KEY, written bigint NOT NULL, record text NOT NULL,
  words tsvector NOT NULL, title tsvector NOT NULL, title_text text NOT NULL,
  audiences text[] NOT NULL, category text NOT NULL, applies_to text[] NOT NULL)
  WITH (toast_tuple_target = 512)
"""
"""The long columns lie out of line, so that rows are looked through quickly."""
_INDEXES = """
CREATE INDEX ON {name} USING gin (words) WITH (fastupdate = off);
CREATE INDEX ON {name} USING gin (title) WITH (fastupdate = off);
CREATE INDEX ON {name} (written)
"""
_TRIGRAMS = "CREATE INDEX ON {name} USING gin (title_text gin_trgm_ops)"
_TAKE_PLACE = """
DROP TABLE IF EXISTS {schema}.search_entry;
ALTER TABLE {name} RENAME TO search_entry
"""
_STATE_TABLE = """
CREATE TABLE IF NOT EXISTS search_state (
  one boolean PRIMARY KEY DEFAULT true CHECK (one), format int NOT NULL,
  generation bigint NOT NULL, written bigint NOT NULL, revision bigint NOT NULL)
"""
_PUT = (
    "INSERT INTO {name} VALUES (:id, :written, :record, CAST(:words AS tsvector),"
    " CAST(:title AS tsvector), :title_text, :audiences, :category, :applies_to)"
    " ON CONFLICT (article_id) DO UPDATE SET written = excluded.written,"
    " record = excluded.record, words = excluded.words, title = excluded.title,"
    " title_text = excluded.title_text, audiences = excluded.audiences,"
    " category = excluded.category, applies_to = excluded.applies_to"
)
_STATE_THERE = text("SELECT to_regclass(format('%I.search_state', current_schema()))")
_STATE = text("SELECT format, generation, written, revision FROM search_state")
_SEAL = text(
    "INSERT INTO search_state VALUES (true, :format, :generation, :written, :revision)"
    " ON CONFLICT (one) DO UPDATE SET format = excluded.format,"
    " generation = excluded.generation, written = excluded.written,"
    " revision = excluded.revision"
)


class PostgresKeeper:
    """The Keeper protocol on two tables."""

    def __init__(self, url: str, first_language: str) -> None:
        self._database = Database(url)
        self._lock = threading.Lock()
        self._shelves = Shelves()
        self._format = _format_of(first_language)
        self._read_state: tuple[int, int] | None = None

    @contextmanager
    def held(self) -> Iterator[tuple[Shelves, Engine]]:
        with in_turn(self._lock), self._connected() as connection:
            state = _state(connection, self._format)
            if state is None:
                raise IndexUnavailableError("there is no index yet")
            _format, generation, written, _revision = state
            self._follow(connection, generation, written)
            yield self._shelves, PostgresCandidates(connection, self._shelves)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            with self._database.engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise IndexUnavailableError("the index can't be read") from error

    def _follow(self, connection: Connection, generation: int, written: int) -> None:
        """Read what was written since the shelf was filled; all of it in a new generation."""
        if self._read_state == (generation, written):
            return
        after = -1
        if self._read_state is not None and self._read_state[0] == generation:
            after = self._read_state[1]
        shelves = self._shelves if after >= 0 else Shelves()
        rows = connection.execute(
            text("SELECT record FROM search_entry WHERE written > :after"),
            {"after": after},
            execution_options={"stream_results": True},
        )
        shelves.apply(json.loads(row.record) for row in rows)
        self._shelves, self._read_state = shelves, (generation, written)

    def health(self) -> Health:
        try:
            with self._connected() as connection:
                return Health.MISSING if _state(connection, self._format) is None else Health.READY
        except IndexUnavailableError:
            return Health.CORRUPT

    def revision(self) -> int:
        with self._connected() as connection:
            state = _state(connection, self._format)
            return state[3] if state else 0

    def is_swollen(self) -> bool:
        """PostgreSQL clears up after itself."""
        return False

    def rebuild(self, records: Iterator[Record], *, revision: int) -> None:
        has_trigrams = self._has_trigrams()
        with self._writing() as connection:
            connection.execute(text(_STATE_TABLE))
            state = _state(connection, self._format)
            _run(connection, "DROP TABLE IF EXISTS {name}", _TABLE)
            _put(connection, records, name=_NEW, written=0)
            _run(connection, _INDEXES, *([_TRIGRAMS] if has_trigrams else []), "ANALYZE {name}")
            _run(connection, _TAKE_PLACE)
            _seal(connection, self._format, (state[1] + 1) if state else 1, 0, revision)

    def update(self, records: Iterable[Record], *, revision: int) -> None:
        with self._writing() as connection:
            state = _state(connection, self._format)
            if state is None:
                raise IndexUnavailableError("there is no index yet")
            _put(connection, records, name=_ENTRY, written=state[2] + 1)
            _seal(connection, self._format, state[1], state[2] + 1, revision)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction with the only pen; others wait for it."""
        with self._database.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:pen)"), {"pen": _PEN})
            yield connection

    def _has_trigrams(self) -> bool:
        """Without the right to add pg_trgm, titles are not compared by letters."""
        try:
            with self._writing() as connection:
                connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        except DBAPIError:
            return False
        return True


def _run(connection: Connection, *scripts: str) -> None:
    """Statements about the table of a new generation, in this schema and in no other."""
    schema = connection.execute(text("SELECT quote_ident(current_schema())")).scalar()
    for statement in ";".join(scripts).split(";"):
        filled = statement.format(name=f"{schema}.{_NEW}", schema=schema)
        connection.execute(text(filled))


def _format_of(first_language: str) -> int:
    """What was written for another first language is written anew."""
    return (
        FORMAT
        if first_language == "en"
        else FORMAT * 100_000 + crc32(first_language.encode()) % 100_000
    )


def _state(connection: Connection, wanted: int) -> tuple[int, int, int, int] | None:
    there = connection.execute(_STATE_THERE).scalar()
    row = connection.execute(_STATE).first() if there else None
    if row is None or row.format != wanted:
        return None
    return row.format, row.generation, row.written, row.revision


def _seal(
    connection: Connection, wanted: int, generation: int, written: int, revision: int
) -> None:
    values = {"format": wanted, "generation": generation, "written": written}
    connection.execute(_SEAL, {**values, "revision": revision})


def _put(connection: Connection, records: Iterable[Record], *, name: str, written: int) -> None:
    put = text(_PUT.format(name=name))
    rows = (_row(record, written) for record in records)
    while batch := list(islice(rows, _BATCH)):
        connection.execute(put, batch)


def _row(record: Record, written: int) -> dict[str, Any]:
    """A row of the index; an article that went stays as an empty one, for readers to hear of."""
    row = {"id": record[0], "written": written, "record": json.dumps(record)}
    if len(record) == 1:
        gone = {"words": "", "title": "", "title_text": "", "category": ""}
        return {**row, **gone, "audiences": [], "applies_to": []}
    words, title = engine_texts(record)
    *_words, audiences, category, applies_to, _language = record
    places = {"audiences": audiences, "category": category, "applies_to": applies_to}
    vectors = {"words": _vector(words), "title": _vector(title), "title_text": record[1]}
    return {**row, **vectors, **places}


def _vector(stems: str) -> str:
    """The stems with their places, as PostgreSQL writes them."""
    places: dict[str, list[str]] = {}
    for place, stem in enumerate(stems.split(), start=1):
        if len(known := places.setdefault(stem, [])) < _MOST_PLACES:
            known.append(str(min(place, _LAST_PLACE)))
    return " ".join(f"{quoted(stem)}:{','.join(known)}" for stem, known in places.items())


class PostgresIndex(RankedIndex):
    """The Index protocol on PostgreSQL."""

    def __init__(self, url: str, first_language: str = "en") -> None:
        super().__init__(PostgresKeeper(url, first_language), first_language=first_language)
