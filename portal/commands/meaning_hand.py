"""The worker's part of search by meaning: it encodes what was published, a few at a time."""

import logging
from datetime import datetime

from portal.commands.context import Opened
from portal.mail.meaning_trouble import note_usable_model, tell_of_unusable_model
from portal.search.indexing import latest_revision
from portal.search.meaning.following import follow
from portal.search.meaning.opening import open_mind
from portal.search.meaning.thinking import Mind
from portal.search.meaning.weights import ModelUnavailableError

_SAID_EVERY = 200
_log = logging.getLogger("portal.work")


class MeaningHand:
    """A task of the worker's; the model is opened when something waits, and its memory is free
    again when nothing does.
    """

    def __init__(self, portal: Opened) -> None:
        self._portal = portal
        self._mind: Mind | None = None
        self._done_to = -1
        self._said = 0
        self._told = ""

    def __call__(self, at: datetime) -> bool:
        """Encode some of what waits; whether more does. Raises what the model raises."""
        with self._portal.database.reading() as db:
            latest = latest_revision(db)
        if latest == self._done_to:
            return False
        self._mind = self._mind or self._opened(at)
        waiting = follow(self._portal.database, self._mind)
        if waiting == 0:
            self._done_to, self._mind = latest, None
        self._say(waiting or 0)
        return bool(waiting)

    def _opened(self, at: datetime) -> Mind:
        """The model; administrators hear by mail when it can't be used."""
        try:
            mind = open_mind(self._portal.settings)
        except ModelUnavailableError as error:
            self._tell(str(error), at)
            raise
        with self._portal.database.writing() as db:
            note_usable_model(db, now=at)
        return mind

    def _tell(self, reason: str, at: datetime) -> None:
        if reason != self._told:
            with self._portal.database.writing() as db:
                tell_of_unusable_model(db, reason=reason, settings=self._portal.settings, now=at)
            self._told = reason

    def _say(self, waiting: int) -> None:
        """How far it is, now and then, and when a longer piece of work is done."""
        if abs(waiting - self._said) >= _SAID_EVERY or (self._said and not waiting):
            _log.info("search by meaning: %d articles wait to be encoded", waiting)
            self._said = waiting
