"""Is there something new on a case? Asked by every open page again and again, so it costs one look
into an index. Customers are told of what they may read: an internal note changes nothing for them.
"""

from collections.abc import Iterable

from portal.cases.case import Case
from portal.database import Database
from portal.events import Event
from portal.quick_reads import QuickReads

_NEWEST = "SELECT id FROM event WHERE case_id = {:d}{} ORDER BY id DESC LIMIT 1"
_TOLD_TO_CUSTOMERS = " AND NOT is_internal"


class Newest:
    """Asks outside any request's transaction."""

    def __init__(self, database: Database) -> None:
        self._reads = QuickReads(database)

    def event_of(self, case_id: int, *, for_staff: bool) -> int:
        """The latest event that the reader may see. Raises UnansweredError."""
        rows = self._reads.rows(_statement(case_id, for_staff))
        return int(rows[0][0]) if rows else 0


def newest_of(case: Case, events: Iterable[Event]) -> int:
    """The same, of the events that a page tells of. Read them before the entries: what comes in
    between is then told by the next look, and never missed.
    """
    return max((event.id for event in events if event.case_id == case.id), default=0)


def _statement(case_id: int, for_staff: bool) -> str:
    return _NEWEST.format(case_id, "" if for_staff else _TOLD_TO_CUSTOMERS)
