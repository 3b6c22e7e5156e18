"""A library for one trial: built from a file, asked through the whole pipeline, thrown away.

So anybody can compare engines on a public collection. Nothing of the installation is touched.
"""

import gzip
import json
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, text

from portal.database import Database
from portal.search.index import Document, Index, Query
from portal.search.ranked import RankedIndex
from portal.search.whoosh_index import WhooshIndex

ENGINES = ("whoosh", "tantivy", "postgres")
_EVERYBODY = frozenset({"public"})


@contextmanager
def trial_index(engine: str, database_url: str | None = None) -> Iterator[RankedIndex]:
    """An empty index of an engine. PostgreSQL lends a schema of its own, named by chance."""
    if engine == "postgres":
        if database_url is None or not database_url.startswith("postgresql"):
            raise ValueError("name a PostgreSQL with --database postgresql+psycopg://…")
        with _schema(database_url) as url:
            from portal.search.postgres_index import PostgresIndex

            yield PostgresIndex(url)
        return
    with tempfile.TemporaryDirectory(prefix="search-trial-") as folder:
        yield _in_folder(engine, Path(folder))


def _in_folder(engine: str, folder: Path) -> RankedIndex:
    if engine == "tantivy":
        from portal.search.tantivy_index import TantivyIndex

        return TantivyIndex(folder)
    return WhooshIndex(folder)


@contextmanager
def _schema(database_url: str) -> Iterator[str]:
    name = f"search_trial_{secrets.token_hex(6)}"
    database = Database(database_url)
    with database.engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    url = make_url(database_url).update_query_dict({"options": f"-csearch_path={name},public"})
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with database.engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        database.close()


def fill(index: Index, docs: Path) -> dict[int, str]:
    """Build the library from {"id", "title", "text"} lines; the given id of each article."""
    index.rebuild(documents(docs), revision=1)
    return {number: str(row["id"]) for number, row in enumerate(rows_of(docs), start=1)}


def documents(docs: Path) -> Iterator[Document]:
    """The library's articles, numbered from 1 in the order of the file."""
    for number, row in enumerate(rows_of(docs), start=1):
        title, body = str(row.get("title", "")), str(row.get("text", ""))
        yield Document(number, title, "", "", "", body, "trial", tuple(_EVERYBODY))


def run(index: Index, names: dict[int, str], queries: Path, *, top: int) -> Iterator[str]:
    """Standard run lines: query Q0 doc rank score tag."""
    for row in rows_of(queries):
        found = index.search(Query(str(row["text"]), _EVERYBODY, limit=top))
        for place, hit in enumerate(found.hits[:top], start=1):
            yield f"{row['id']} Q0 {names[hit.article_id]} {place} {hit.score:.6f}"


def suggest_run(index: Index, names: dict[int, str], queries: Path, *, top: int) -> Iterator[str]:
    """The same for what is suggested while somebody types."""
    for row in rows_of(queries):
        found = index.suggest(str(row["text"]), audiences=_EVERYBODY, limit=top)
        for place, article_id in enumerate(found, start=1):
            yield f"{row['id']} Q0 {names[article_id]} {place} {1 / place:.6f}"


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a JSON lines file, packed or not."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
