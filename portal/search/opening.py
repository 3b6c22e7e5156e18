"""Which index an installation uses: PORTAL_SEARCH_ENGINE says so, Whoosh unless told otherwise."""

import logging

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

        return PostgresIndex(settings.database_url)
    return WhooshIndex(settings.index_folder)


def _tantivy(settings: Settings) -> RankedIndex:
    try:
        from portal.search.tantivy_index import TantivyIndex
    except ImportError:
        raise SettingsError(
            "PORTAL_SEARCH_ENGINE: tantivy is not installed: `pip install answerfirst[fast]`, "
            "or leave the setting out."
        ) from None
    return TantivyIndex(settings.index_folder)


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
