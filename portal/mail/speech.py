"""In which language a mail is written: its reader's, not that of whoever caused it."""

from collections.abc import Iterator
from contextlib import contextmanager

from portal.locale import speaking
from portal.settings import Settings


@contextmanager
def speaking_to(_address: str, *, settings: Settings) -> Iterator[None]:
    """Speak the language that the reader of this address is written to in."""
    with speaking(settings.library_languages[0]):
        yield
