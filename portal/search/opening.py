"""Which index an installation uses."""

from portal.search.index import Index
from portal.search.whoosh_index import WhooshIndex
from portal.settings import Settings


def open_index(settings: Settings) -> Index:
    """The index of this installation, ready to be asked or to be built."""
    return WhooshIndex(settings.index_folder)
