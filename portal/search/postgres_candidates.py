"""One question's look at PostgreSQL: articles with all its words, any of them only on few hits.

GIN says quickly which articles have a word. What ts_rank needs, the vectors themselves, lies out
of line and takes twenty times as long to read; so only titles are ranked there, and the rest on the
shelf.
"""

from collections.abc import Collection, Iterator
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, text

from portal.search.engine import CANDIDATES, Wanted
from portal.search.narrowing import Narrowing
from portal.search.shelf import Shelf
from portal.search.shelves import Shelves

_FEW = CANDIDATES
_BROAD = 2_000
"""As many articles may be looked at for one question."""
_TITLES = 400
_TELLING = 0.15
_RAREST = 5

_BY_INDEX = text("SET LOCAL enable_seqscan = off")
"""The planner doesn't know how long it takes to read a vector that lies out of line."""
_ALL = (
    "ARRAY(SELECT article_id FROM search_entry"
    " WHERE words @@ CAST(:words AS tsquery){within} LIMIT :most)"
)
_TITLED = (
    "ARRAY(SELECT article_id FROM search_entry, CAST(:titles AS tsquery) AS asked"
    " WHERE title @@ asked{within}"
    " ORDER BY ts_rank(title, asked, 2) DESC, article_id LIMIT :titles_most)"
)
_ALIKE = (
    "SELECT article_id FROM search_entry WHERE title_text % :letters{within}"
    " ORDER BY similarity(title_text, :letters) DESC, article_id LIMIT 20"
)


class PostgresCandidates:
    """The Engine protocol on the connection and the shelf of one question."""

    def __init__(self, connection: Connection, shelves: Shelves) -> None:
        self._connection = connection
        self._shelves = shelves

    def candidates(self, wanted: Wanted) -> Collection[int]:
        """The likeliest by text and by title; by the title's letters when there are none."""
        stems, shelf = _telling(wanted), self._shelves[wanted.language]
        some = " | ".join(_some(stems, shelf))
        everything = " & ".join(map(quoted, stems))
        self._connection.execute(_BY_INDEX)
        asked = {"words": everything, "most": _BROAD, "titles": some, "titles_most": _TITLES}
        row = self._ask(f"SELECT {_ALL}, {_TITLED}", wanted, asked)
        found, titled = set(row[0]), row[1]
        if len(found) < _FEW and len(stems) > 1:
            found.update(self._ask(f"SELECT {_ALL}", wanted, {"words": some, "most": _BROAD})[0])
        narrowing = Narrowing(shelf, wanted)
        best = narrowing.by_text(found) | narrowing.by_title(titled)
        return best or self._alike(" ".join(stems), wanted)

    def _ask(self, statement: str, wanted: Wanted, asked: dict[str, Any]) -> Any:
        within, limits = _within(wanted)
        filled = text(statement.format(within=within))
        return self._connection.execute(filled, {**asked, **limits}).one()

    def _alike(self, letters: str, wanted: Wanted) -> set[int]:
        """Titles with much the same letters, when no word is known: pg_trgm."""
        if not self._connection.execute(text("SELECT to_regproc('similarity')")).scalar():
            return set()
        within, limits = _within(wanted)
        statement = text(_ALIKE.format(within=within))
        return set(self._connection.execute(statement, {"letters": letters, **limits}).scalars())


def _some(stems: list[str], shelf: Shelf) -> Iterator[str]:
    """As many words, the rarest first, as lead to a bearable number of articles; then two of
    the others together.
    """
    having = 0
    for place, stem in enumerate(stems):
        having += shelf.having(shelf.sign_in_engine(stem))
        if place and having > _BROAD:
            pairs = combinations(stems[: place + _RAREST], 2)
            yield from (f"{quoted(one)} & {quoted(two)}" for one, two in pairs)
            break
        yield quoted(stem)


def _telling(wanted: Wanted) -> list[str]:
    """The words that tell something, the rarest first."""
    least = _TELLING * max(wanted.stems.values())
    telling = [stem for stem, weight in wanted.stems.items() if weight >= least]
    return sorted(telling, key=lambda stem: -wanted.stems[stem])


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


def quoted(stem: str) -> str:
    """A stem as a text of PostgreSQL's text search."""
    doubled = stem.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
