"""How far the library has come: asked at every public request, so it must cost next to nothing."""

from typing import Any

from portal.database import Database
from portal.quick_reads import QuickReads, UnansweredError

LATEST = "SELECT max(revision) FROM library_change"
CHANGED = "SELECT tag FROM library_change WHERE revision > {:d} AND revision <= {:d}"
MOST_CHANGES = 1_000


class RevisionsUnknownError(Exception):
    """The database doesn't say how far the library has come."""


class Revisions:
    """Reads the counter."""

    def __init__(self, database: Database) -> None:
        self._reads = QuickReads(database)

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
        try:
            return self._reads.rows(statement)
        except UnansweredError as error:
            raise RevisionsUnknownError(str(error)) from error
