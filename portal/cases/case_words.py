"""Which cases speak of something: what staff find by typing words of it.

One row a case holds the words of its subject, its messages, notes included, its contact, its
organisation and its number. It is a projection in the database's own text index (FTS5, or a GIN
index over a tsvector), written in the transaction that changes the case; it can be rebuilt at any
time. Customers never search it: it knows internal notes.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    TextClause,
    bindparam,
    column,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.events import Event
from portal.people.organisation import Organisation
from portal.search.words import content_words, query_words, words_of

TABLE = "case_words"
MOST_FOUND = 500
_SHORTEST_START = 3
_MOST_WORDS = 20_000
_BATCH = 500

SCHEMA = {
    "sqlite": (
        f"CREATE VIRTUAL TABLE {TABLE} USING fts5("
        "words, detail=none, prefix='3 4 5 6 7 8', tokenize='unicode61 remove_diacritics 0')",
    ),
    "postgresql": (
        f"CREATE TABLE {TABLE} (case_id bigint PRIMARY KEY, words tsvector NOT NULL)",
        f"CREATE INDEX ix_{TABLE}_words ON {TABLE} USING gin (words)",
    ),
}
_PUT = {
    "sqlite": f"INSERT OR REPLACE INTO {TABLE} (rowid, words) VALUES (:case_id, :words)",  # noqa: S608
    "postgresql": (
        f"INSERT INTO {TABLE} VALUES (:case_id, CAST(:words AS tsvector))"  # noqa: S608
        " ON CONFLICT (case_id) DO UPDATE SET words = excluded.words"
    ),
}
_SAID = """
SELECT c.id, c.number, c.receipt, c.subject, c.description, c.contact_name, c.contact_email,
       o.name AS organisation, m.body
FROM "case" c
LEFT JOIN organisation o ON o.id = c.organisation_id
LEFT JOIN message m ON m.case_id = c.id
"""
_SAID_IN_ONE = text(f"{_SAID} WHERE c.id = :case_id ORDER BY m.id")
_SAID_OF_ORGANISATION = text(
    f"{_SAID} WHERE c.organisation_id = :organisation_id ORDER BY c.id, m.id"
)
_SAID_IN_ALL = text(f"{_SAID} WHERE c.id > :after AND c.id <= :last ORDER BY c.id, m.id")


class _Said(NamedTuple):
    """A row of what is said in a case, as `_SAID` reads it."""

    id: int
    number: str | None
    receipt: str
    subject: str
    description: str
    contact_name: str
    contact_email: str
    organisation: str | None
    body: str


def note_words(db: Session, *, case_id: int) -> None:
    """Let the case be found by what it says now."""
    _put(db.connection(), db.execute(_SAID_IN_ONE, {"case_id": case_id}))


def note_first_words(
    db: Session, *, case: Case, organisation: Organisation | None, said: str
) -> None:
    """The same for a case that was written just now and holds one message, which is `said`."""
    row = _Said(
        case.id,
        case.number,
        case.receipt,
        case.subject,
        case.description,
        case.contact_name,
        case.contact_email,
        organisation.name if organisation else None,
        said,
    )
    _put(db.connection(), [row])


def rename_in_words(db: Session, events: Iterable[Event]) -> None:
    """Let cases be found by the new name of an organisation that these events renamed."""
    for event in events:
        if event.kind == "organisation_changed" and "name" in event.detail["changes"]:
            window = {"organisation_id": event.organisation_id}
            _put(db.connection(), db.execute(_SAID_OF_ORGANISATION, window))


def rebuild(connection: Connection) -> None:
    """Read all cases anew."""
    connection.execute(text(f"DELETE FROM {TABLE}"))  # noqa: S608  (a name of ours)
    last = connection.scalar(text('SELECT coalesce(max(id), 0) FROM "case"'))
    for after in range(0, last, _BATCH):
        window = {"after": after, "last": after + _BATCH}
        _put(connection, connection.execute(_SAID_IN_ALL, window))


def speaks_of(db: Session, typed: str) -> ColumnElement[bool] | None:
    """A filter over Case: the newest cases in which every typed word stands, at least as a
    beginning. None where nothing was typed that could stand anywhere.
    """
    words = query_words(typed)
    return _found(db, words, " AND ", " & ", MOST_FOUND) if words else None


def speaks_of_some(db: Session, typed: str, *, most: int) -> ColumnElement[bool] | None:
    """A filter over Case: the newest `most` cases with any of the telling words."""
    words = [word for word in content_words(query_words(typed)) if len(word) >= _SHORTEST_START]
    return _found(db, words[:8], " OR ", " | ", most) if words else None


def _found(
    db: Session, words: list[str], joined: str, joined_postgres: str, most: int
) -> ColumnElement[bool]:
    if _dialect(db.connection()) == "sqlite":
        key, match = "rowid", _MATCH_SQLITE
        asked = joined.join(f'"{word}"{"*" if _may_go_on(word) else ""}' for word in words)
    else:
        key, match = "case_id", _MATCH_POSTGRES
        asked = joined_postgres.join(
            f"'{word}'{':*' if _may_go_on(word) else ''}" for word in words
        )
    ids: Select[Any] = select(column(key)).select_from(table(TABLE)).where(match)
    newest = ids.order_by(literal_column(key).desc()).limit(bindparam("most_found", most))
    return Case.id.in_(newest.params(asked=asked).scalar_subquery())


_MATCH_SQLITE: TextClause = text(f"{TABLE} MATCH :asked").bindparams(bindparam("asked"))
_MATCH_POSTGRES: TextClause = text("words @@ CAST(:asked AS tsquery)").bindparams(
    bindparam("asked")
)


def _may_go_on(word: str) -> bool:
    """Short words stand for themselves: too much begins with "a"."""
    return len(word) >= _SHORTEST_START


def _put(connection: Connection, said: Iterable[Any]) -> None:
    rows = [
        {"case_id": case_id, "words": _stored(connection, words)}
        for case_id, words in _words_by_case(said)
    ]
    if rows:
        connection.execute(text(_PUT[_dialect(connection)]), rows)


def _words_by_case(said: Iterable[Any]) -> Iterator[tuple[int, list[str]]]:
    found: dict[int, dict[str, None]] = {}
    for row in said:
        if row.id not in found:
            found[row.id] = dict.fromkeys(words_of(" ".join(filter(None, row[1:8]))))
        found[row.id].update(dict.fromkeys(words_of(row.body or "")))
    for case_id, words in found.items():
        yield case_id, list(words)[:_MOST_WORDS]


def _stored(connection: Connection, words: list[str]) -> str:
    """Words are letters and digits only, so they need no escaping in either notation."""
    is_sqlite = _dialect(connection) == "sqlite"
    return " ".join(words) if is_sqlite else " ".join(f"'{word}'" for word in words)


def _dialect(connection: Connection) -> str:
    return connection.dialect.name
