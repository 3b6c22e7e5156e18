"""Which index an installation uses: PORTAL_SEARCH_ENGINE says so, Whoosh unless told otherwise."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from portal.search.engine import Thinks
from portal.search.ranked import RankedIndex
from portal.search.whoosh_index import WhooshIndex
from portal.settings import Settings, SettingsError

_log = logging.getLogger("portal.search")


def open_index(settings: Settings, *, thinks: bool = True) -> RankedIndex:
    """The index of this installation; it may be missing, then search does without. Meaning has
    its say where the settings want it, unless the caller doesn't (`thinks`).
    """
    index = _engine_of(settings)
    if settings.search_meaning and thinks:
        _let_think(index, settings)
    return index


def _engine_of(settings: Settings) -> RankedIndex:
    if settings.search_engine == "tantivy":
        return _tantivy(settings)
    if settings.search_engine == "postgres":
        from portal.search.postgres_index import PostgresIndex

        return PostgresIndex(settings.database_url, settings.library_languages[0])
    return WhooshIndex(settings.index_folder, settings.library_languages[0])


def _tantivy(settings: Settings) -> RankedIndex:
    try:
        from portal.search.tantivy_index import TantivyIndex
    except ImportError:
        raise SettingsError(
            "PORTAL_SEARCH_ENGINE: tantivy is not installed: `pip install answerfirst[fast]`, "
            "or leave the setting out."
        ) from None
    return TantivyIndex(settings.index_folder, settings.library_languages[0])


@contextmanager
def thinking(index: RankedIndex, settings: Settings) -> Iterator[None]:
    """Let meaning have its say meanwhile, where the settings want it and it can be. For a process
    that needs it seldom: the model's memory is free again afterwards.
    """
    index.think(_thought(settings) if settings.search_meaning else None)
    try:
        yield
    finally:
        index.think(None)


def _thought(settings: Settings) -> Thinks | None:
    """Without the extra or its model words alone have to do; others tell the operator so."""
    try:
        from portal.search.meaning.opening import ModelUnavailableError, open_thinking
    except ImportError:
        return None
    try:
        return open_thinking(settings, waits=True)
    except ModelUnavailableError:
        return None


def _let_think(index: RankedIndex, settings: Settings) -> None:
    """Without the extra, words alone answer, and the log says what to do."""
    try:
        from portal.search.meaning.opening import open_thinking
    except ImportError:
        _log.error(
            "PORTAL_SEARCH_MEANING is on, but NumPy is not installed, so words alone answer: "
            "`pip install answerfirst[semantic]`, or leave the setting out."
        )
    else:
        index.think(open_thinking(settings))
