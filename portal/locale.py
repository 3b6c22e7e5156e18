"""The portal's own words in the language of whoever reads them.

A sentence stands in the code in English, inside `_( )`, whole, with its values by name:
`_("Expect an answer by %(moment)s.", moment=...)`. Catalogues (GNU gettext, one a room, in
`portal/translations/`) hold the other languages; `python -m portal.translations` keeps them.
Constants are marked with `N_( )` where they stand and put through `_( )` where they are shown.
Articles, policies and what people type are never translated here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.support import Translations

SPOKEN_IN_CODE = "en"
CATALOGUES = Path(__file__).parent / "translations"
ROOMS = ("desk", "help", "support", "writing")
"""One catalogue each: the last three are for customers and writers, the first for staff."""

_language: ContextVar[str] = ContextVar("language", default=SPOKEN_IN_CODE)


@cache
def interface_languages() -> tuple[str, ...]:
    """The tags of the languages that the portal's own words are in, English first."""
    found = sorted(folder.parent.name for folder in CATALOGUES.glob("*/LC_MESSAGES"))
    return (SPOKEN_IN_CODE, *found)


def interface_language(tag: str) -> str:
    """The interface language for readers of `tag`: "de" for "de-AT", else English."""
    for candidate in (tag, tag.partition("-")[0]):
        if candidate in interface_languages():
            return candidate
    return SPOKEN_IN_CODE


def language() -> str:
    """The tag of the language that is being spoken."""
    return _language.get()


def speak(tag: str) -> None:
    """Speak this interface language from now on, in this thread of work."""
    _language.set(tag)


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak this language inside the block, as for one letter to one reader."""
    before = language()
    speak(interface_language(tag))
    try:
        yield
    finally:
        speak(before)


@cache
def catalogue(tag: str) -> Translations:
    """All rooms' sentences in one language."""
    found, *others = (_of_room(tag, room) for room in ROOMS)
    for other in others:
        found.merge(other)
    return found


def _of_room(tag: str, room: str) -> Translations:
    with (CATALOGUES / tag / "LC_MESSAGES" / f"{room}.mo").open("rb") as file:
        return Translations(file, room)


def _spoken() -> Translations | None:
    """The catalogue of the language that is spoken; None for the code's own words."""
    tag = _language.get()
    return None if tag == SPOKEN_IN_CODE else catalogue(tag)


def gettext(message: str, /, **values: object) -> str:
    """`message` in the language that is spoken, with its values put in; "" stays empty."""
    found = _spoken()
    words = found.gettext(message) if found is not None and message else message
    return words % values if values else words


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """The form for this number; `%(number)s` is the number unless another value has the name."""
    return form_for(one, many, number) % {"number": number, **values}


def form_for(one: str, many: str, number: int, /) -> str:
    """The form for this number, its values not put in yet: what templates ask for."""
    found = _spoken()
    english = one if number == 1 else many
    words: str = english if found is None else found.ngettext(one, many, number)
    return words


def pgettext(context: str, message: str, /, **values: object) -> str:
    """`message` where English has one word for two things; `context` says which is meant."""
    found = _spoken()
    words = message if found is None else str(found.pgettext(context, message))
    return words % values if values else words


def N_(message: str) -> str:  # noqa: N802  (the name that gettext's tools look for)
    """Mark a constant for translation; it is translated where it is shown."""
    return message
