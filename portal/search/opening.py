"""Which index an installation uses: PORTAL_SEARCH_ENGINE says so, Whoosh unless told otherwise."""

from portal.search.index import Index
from portal.search.whoosh_index import WhooshIndex
from portal.settings import Settings, SettingsError


def open_index(settings: Settings) -> Index:
    """The index of this installation; it may be missing, then search does without."""
    if settings.search_engine == "tantivy":
        return _tantivy(settings)
    if settings.search_engine == "postgres":
        from portal.search.postgres_index import PostgresIndex

        return PostgresIndex(settings.database_url)
    return WhooshIndex(settings.index_folder)


def _tantivy(settings: Settings) -> Index:
    try:
        from portal.search.tantivy_index import TantivyIndex
    except ImportError:
        raise SettingsError(
            "PORTAL_SEARCH_ENGINE: tantivy is not installed: `pip install answerfirst[fast]`, "
            "or leave the setting out."
        ) from None
    return TantivyIndex(settings.index_folder)
