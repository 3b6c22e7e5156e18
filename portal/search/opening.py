"""Which index an installation uses."""

from portal.search.index import Index
from portal.search.whoosh_index import WhooshIndex
from portal.settings import Settings


def open_index(settings: Settings) -> Index:
    """The index of this installation; it may be missing, then search does without."""
    return WhooshIndex(settings.index_folder)
