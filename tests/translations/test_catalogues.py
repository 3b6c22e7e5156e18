"""The catalogues are whole: every sentence of the code, translated, with the same values in it, and
compiled as it is written.
"""

import io
import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo

from portal.locale import CATALOGUES, ROOMS, SPOKEN_IN_CODE, interface_languages
from portal.translations.catalogues import sentences, stored, untranslated

COMPLETE = ROOMS
"""The rooms whose every sentence must be translated."""
TAGS = [tag for tag in interface_languages() if tag != SPOKEN_IN_CODE]
PLACE = re.compile(r"%\((\w+)\)s")
MARKUP = re.compile(r"<(/?\w+)")


@pytest.fixture(scope="module", params=[(tag, room) for tag in TAGS for room in ROOMS])
def kept(request: pytest.FixtureRequest) -> tuple[str, str, Catalog]:
    tag, room = request.param
    return tag, room, stored(room, tag)


def test_what_is_compiled_is_what_is_written(kept: tuple[str, str, Catalog]) -> None:
    tag, room, catalogue = kept
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    lies = (CATALOGUES / tag / "LC_MESSAGES" / f"{room}.mo").read_bytes()
    assert lies == compiled.getvalue(), f"run: python -m portal.translations {room}"


def test_a_translation_has_the_values_and_the_markup_of_its_sentence(
    kept: tuple[str, str, Catalog],
) -> None:
    wrong = [message.id for message in kept[2] if message.id and not all(_fits(message))]
    assert wrong == []


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("room", COMPLETE)
def test_every_sentence_of_the_code_is_translated(tag: str, room: str) -> None:
    catalogue = stored(room, tag)
    assert [message.id for message in untranslated(catalogue)] == []
    kept = {(message.id, message.context) for message in catalogue if message.id}
    said = {(message.id, message.context) for message in sentences(room) if message.id}
    assert said == kept, f"run: python -m portal.translations {room}"


def _fits(message: Message) -> Iterator[bool]:
    """Whether each form names the values, and opens the elements, of the English one. Words for
    one thing alone may leave its number out.
    """
    english = message.id if isinstance(message.id, tuple | list) else (message.id,)
    words = message.string if isinstance(message.string, tuple | list) else (message.string,)
    places, optional = _places(english[-1]), {"count", "number"} if len(english) > 1 else set()
    for form in words:
        yield not form or places - optional <= _places(form) <= places
        yield not form or sorted(MARKUP.findall(form)) == sorted(MARKUP.findall(english[-1]))


def _places(sentence: str) -> set[str]:
    return set(PLACE.findall(sentence))
