"""Candidates from PostgreSQL, for portals whose database it is and that run on several machines.

The index is two tables beside the portal's own, made by this module alone: what the articles say,
and how far it has come. Stems arrive ready-made, so PostgreSQL needs no dictionaries. A new
generation is written in the transaction that takes the old one away; one writer holds the pen.
"""

import json
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from portal.database import Database
from portal.search.engine import CANDIDATES, CANDIDATES_BY_TITLE, Engine, Wanted
from portal.search.index import Health, IndexUnavailableError
from portal.search.ranked import RankedIndex
from portal.search.shelf import Record, Shelf, engine_texts

FORMAT = 1
_PEN = 7_340_021
_BATCH = 200
_LAST_PLACE, _MOST_PLACES = 16_383, 100
_FEW = 100
_BROAD = 4_000
_MORE = 300
_TELLING = 0.15

_SCHEMA = """
CREATE TABLE IF NOT EXISTS search_entry (
  article_id bigint PRIMARY KEY, written bigint NOT NULL, record text NOT NULL,
  words tsvector NOT NULL, title tsvector NOT NULL, title_text text NOT NULL,
  audiences text[] NOT NULL, category text NOT NULL, applies_to text[] NOT NULL);
CREATE INDEX IF NOT EXISTS ix_search_entry_words ON search_entry USING gin (words);
CREATE INDEX IF NOT EXISTS ix_search_entry_title ON search_entry USING gin (title);
CREATE INDEX IF NOT EXISTS ix_search_entry_written ON search_entry (written);
CREATE TABLE IF NOT EXISTS search_state (
  one boolean PRIMARY KEY DEFAULT true CHECK (one), format int NOT NULL,
  generation bigint NOT NULL, written bigint NOT NULL, revision bigint NOT NULL)
"""
_TRIGRAMS = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX IF NOT EXISTS ix_search_entry_title_text
  ON search_entry USING gin (title_text gin_trgm_ops)
"""
_PUT = text(
    "INSERT INTO search_entry VALUES (:id, :written, :record, CAST(:words AS tsvector),"
    " CAST(:title AS tsvector), :title_text, :audiences, :category, :applies_to)"
    " ON CONFLICT (article_id) DO UPDATE SET written = excluded.written,"
    " record = excluded.record, words = excluded.words, title = excluded.title,"
    " title_text = excluded.title_text, audiences = excluded.audiences,"
    " category = excluded.category, applies_to = excluded.applies_to"
)
_STATE = text("SELECT format, generation, written, revision FROM search_state")
_SEAL = text(
    "INSERT INTO search_state VALUES (true, :format, :generation, :written, :revision)"
    " ON CONFLICT (one) DO UPDATE SET format = excluded.format,"
    " generation = excluded.generation, written = excluded.written,"
    " revision = excluded.revision"
)


class PostgresKeeper:
    """The Keeper protocol on two tables."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self._lock = threading.Lock()
        self._shelf = Shelf()
        self._read_state: tuple[int, int] | None = None

    @contextmanager
    def held(self) -> Iterator[tuple[Shelf, Engine]]:
        with self._lock, self._connected() as connection:
            state = _state(connection)
            if state is None:
                raise IndexUnavailableError("there is no index yet")
            _format, generation, written, _revision = state
            self._follow(connection, generation, written)
            yield self._shelf, PostgresCandidates(connection, self._shelf)

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
        shelf = self._shelf if after >= 0 else Shelf()
        rows = connection.execution_options(stream_results=True).execute(
            text("SELECT record FROM search_entry WHERE written > :after"), {"after": after}
        )
        shelf.apply(json.loads(row.record) for row in rows)
        self._shelf, self._read_state = shelf, (generation, written)

    def health(self) -> Health:
        try:
            with self._connected() as connection:
                return Health.MISSING if _state(connection) is None else Health.READY
        except IndexUnavailableError:
            return Health.CORRUPT

    def revision(self) -> int:
        with self._connected() as connection:
            state = _state(connection)
            return state[3] if state else 0

    def is_swollen(self) -> bool:
        """PostgreSQL clears up after itself."""
        return False

    def rebuild(self, records: Iterator[Record], *, revision: int) -> None:
        self._prepare()
        with self._writing() as connection:
            state = _state(connection)
            connection.execute(text("DELETE FROM search_entry"))
            _put(connection, records, written=0)
            _seal(connection, (state[1] + 1) if state else 1, 0, revision)
        self._tidy()

    def _tidy(self) -> None:
        with self._database.engine.connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT")
            plain.execute(text("VACUUM ANALYZE search_entry"))

    def update(self, records: Iterable[Record], *, revision: int) -> None:
        with self._writing() as connection:
            state = _state(connection)
            if state is None:
                raise IndexUnavailableError("there is no index yet")
            _put(connection, records, written=state[2] + 1)
            _seal(connection, state[1], state[2] + 1, revision)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction with the only pen; others wait for it."""
        with self._database.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:pen)"), {"pen": _PEN})
            yield connection

    def _prepare(self) -> None:
        with self._writing() as connection:
            for statement in _SCHEMA.split(";"):
                connection.execute(text(statement))
        try:
            with self._writing() as connection:
                for statement in _TRIGRAMS.split(";"):
                    connection.execute(text(statement))
        except DBAPIError:
            return  # without the right to add pg_trgm, titles are not compared by letters


def _state(connection: Connection) -> tuple[int, int, int, int] | None:
    there = connection.execute(text("SELECT to_regclass('search_state')")).scalar()
    row = connection.execute(_STATE).first() if there else None
    if row is None or row.format != FORMAT:
        return None
    return row.format, row.generation, row.written, row.revision


def _seal(connection: Connection, generation: int, written: int, revision: int) -> None:
    values = {"format": FORMAT, "generation": generation, "written": written}
    connection.execute(_SEAL, {**values, "revision": revision})


def _put(connection: Connection, records: Iterable[Record], *, written: int) -> None:
    rows: list[dict[str, Any]] = []
    for record in records:
        rows.append(_row(record, written))
        if len(rows) == _BATCH:
            connection.execute(_PUT, rows)
            rows = []
    if rows:
        connection.execute(_PUT, rows)


def _row(record: Record, written: int) -> dict[str, Any]:
    """A row of the index; an article that went stays as an empty one, for readers to hear of."""
    row = {"id": record[0], "written": written, "record": json.dumps(record)}
    if len(record) == 1:
        gone = {"words": "", "title": "", "title_text": "", "category": ""}
        return {**row, **gone, "audiences": [], "applies_to": []}
    words, title = engine_texts(record)
    *_words, audiences, category, applies_to = record
    places = {"audiences": audiences, "category": category, "applies_to": applies_to}
    vectors = {"words": _vector(words), "title": _vector(title), "title_text": record[1]}
    return {**row, **vectors, **places}


def _vector(stems: str) -> str:
    """The stems with their places, as PostgreSQL writes them."""
    places: dict[str, list[str]] = {}
    for place, stem in enumerate(stems.split(), start=1):
        if len(known := places.setdefault(stem, [])) < _MOST_PLACES:
            known.append(str(min(place, _LAST_PLACE)))
    return " ".join(f"{_quoted(stem)}:{','.join(known)}" for stem, known in places.items())


class PostgresCandidates:
    """One question's look at the tables."""

    def __init__(self, connection: Connection, shelf: Shelf) -> None:
        self._connection = connection
        self._shelf = shelf

    def candidates(self, wanted: Wanted) -> Collection[int]:
        """Articles with all words; those with any of the rarer ones when they are few."""
        least = _TELLING * max(wanted.stems.values())
        telling = [stem for stem, weight in wanted.stems.items() if weight >= least]
        stems = sorted(telling, key=lambda stem: -wanted.stems[stem])
        found = self._having("words", " & ".join(map(_quoted, stems)), wanted, CANDIDATES)
        if len(found) < _FEW:
            found |= self._having("words", " | ".join(self._rare(stems)), wanted, _MORE)
        any_word = " | ".join(self._rare(stems))
        found |= self._having("title", any_word, wanted, CANDIDATES_BY_TITLE)
        return found or self._alike(" ".join(stems), wanted)

    def _rare(self, stems: list[str]) -> Iterator[str]:
        """As many words, the rarest first, as lead to a bearable number of articles."""
        having = 0
        for place, stem in enumerate(stems):
            having += self._shelf.having(self._shelf.sign_of_stem(stem))
            if place and having > _BROAD:
                break
            yield _quoted(stem)

    def _having(self, field: str, query: str, wanted: Wanted, limit: int) -> set[int]:
        within, values = _within(wanted)
        statement = text(
            f"SELECT article_id FROM search_entry, CAST(:query AS tsquery) AS query"  # noqa: S608
            f" WHERE {field} @@ query{within}"
            f" ORDER BY ts_rank({field}, query, 2) DESC, article_id LIMIT :limit"
        )
        rows = self._connection.execute(statement, {"query": query, "limit": limit, **values})
        return set(rows.scalars())

    def _alike(self, letters: str, wanted: Wanted) -> set[int]:
        """Titles with much the same letters, when no word is known: pg_trgm."""
        if not self._connection.execute(text("SELECT to_regproc('similarity')")).scalar():
            return set()
        within, values = _within(wanted)
        statement = text(
            f"SELECT article_id FROM search_entry WHERE title_text % :letters{within}"  # noqa: S608
            " ORDER BY similarity(title_text, :letters) DESC, article_id LIMIT 20"
        )
        return set(self._connection.execute(statement, {"letters": letters, **values}).scalars())


def _within(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """What the reader may read and asked to stay within, as conditions with their values."""
    conditions = ""
    values: dict[str, Any] = {}
    if wanted.audiences is not None:
        conditions += " AND audiences && CAST(:audiences AS text[])"
        values["audiences"] = sorted(wanted.audiences)
    if wanted.category is not None:
        conditions += " AND category = :category"
        values["category"] = wanted.category
    if wanted.applies_to is not None:
        conditions += " AND applies_to && CAST(:applies_to AS text[])"
        values["applies_to"] = [wanted.applies_to, "*"]
    return conditions, values


def _quoted(stem: str) -> str:
    doubled = stem.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


class PostgresIndex(RankedIndex):
    """The Index protocol on PostgreSQL."""

    def __init__(self, url: str) -> None:
        super().__init__(PostgresKeeper(url))
