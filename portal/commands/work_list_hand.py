"""The worker's part of the writers' work list: it is gone through again when something changed, by
the library, the words that writers teach, or what readers did.
"""

from datetime import datetime, timedelta

from portal.commands.context import Opened
from portal.insight.reviewing import Marks, review, what_it_rests_on
from portal.search.indexing import latest_revision
from portal.search.opening import thinking
from portal.search.ranked import RankedIndex

AT_MOST_EVERY = timedelta(minutes=2)
"""How often, while only readers do something."""


class WorkListHand:
    """A task of the worker's. `index` is asked for answers, as a reader would."""

    def __init__(self, portal: Opened, index: RankedIndex) -> None:
        self._portal = portal
        self._index = index
        self._taught: Marks = ()
        self._done: Marks = ()
        self._at: datetime | None = None

    def __call__(self, now: datetime) -> bool:
        """Go through the list if it is worth it; never asks to be called again at once."""
        with self._portal.database.reading() as db:
            taught, done = what_it_rests_on(db, now=now)
            if self._index.revision() != latest_revision(db):
                return False
        is_late = self._at is None or now - self._at >= AT_MOST_EVERY
        if taught == self._taught and (done == self._done or not is_late):
            return False
        with thinking(self._index, self._portal.settings), self._portal.database.writing() as db:
            languages = self._portal.settings.library_languages
            review(db, self._index, now=now, languages=languages)
        self._taught, self._done, self._at = taught, done, now
        return False
