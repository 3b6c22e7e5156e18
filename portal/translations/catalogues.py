"""How sentences get from the code into the catalogues.

A sentence belongs to the room whose source says it first, in the order below; so a word of the
shared layouts stands in "help" only.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from portal import resources
from portal.languages import name_of
from portal.locale import CATALOGUES, SPOKEN_IN_CODE, interface_languages

CODE = Path(__file__).parent.parent
SOURCES: dict[str, tuple[str, ...]] = {
    "help": (
        "templates/layouts/*", "templates/ui/*", "templates/errors/*", "templates/help/*",
        "templates/account/*", "portal/*.py", "portal/web/*.py", "portal/web/help/*",
        "portal/web/account/*",
    ),
    "support": (
        "templates/support/*", "templates/mail/*", "portal/web/support/*", "portal/cases/*",
        "portal/policy/*", "portal/mail/*",
    ),
    "desk": (
        "templates/desk/*", "templates/directory/*", "portal/web/desk/*", "portal/web/directory/*",
        "portal/desk/*", "portal/people/*",
    ),
    "writing": (
        "templates/writing/*", "portal/web/writing/*", "portal/knowledge/*", "portal/search/*",
        "portal/insight/*",
    ),
}  # fmt: skip
KEYWORDS = {
    "_": None,
    "gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    "by_number": (1, 2),
    "pgettext": ((1, "c"), 2),
}
JINJA = {"trimmed": "true", "silent": "false", "encoding": "utf-8"}
WIDTH = 98
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""The same at each run, so that only words make a difference."""


def refresh(room: str) -> list[str]:
    """Update and compile a room's catalogues. Returns what isn't translated, as "de: sentence"."""
    said = sentences(room)
    missing = []
    for tag in interface_languages():
        if tag != SPOKEN_IN_CODE:
            kept = _updated(room, tag, said)
            _write(room, tag, kept)
            missing += [f"{tag}: {message.id}" for message in untranslated(kept)]
    return missing


def untranslated(catalogue: Catalog) -> list[Message]:
    """The messages that still wait for words."""
    return [message for message in catalogue if message.id and not _is_complete(message)]


def stored(room: str, tag: str) -> Catalog:
    """A room's catalogue as it is kept; an empty one where there is none yet."""
    path = _path(room, tag, "po")
    if not path.exists():
        return Catalog(locale=tag)
    with path.open("rb") as file:
        return read_po(file, locale=tag)


def sentences(room: str) -> Catalog:
    """Every sentence of a room as the code says it, but those that an earlier room says."""
    rooms = list(SOURCES)
    earlier = {key for other in rooms[: rooms.index(room)] for key in _keys(_extracted(other))}
    found = Catalog()
    for message in _extracted(room):
        if message.id and (message.id, message.context) not in earlier:
            found.add(message.id, locations=message.locations, context=message.context)
    return found


def _keys(catalogue: Catalog) -> Iterator[tuple[object, str | None]]:
    return ((message.id, message.context) for message in catalogue if message.id)


@cache
def _extracted(room: str) -> Catalog:
    found = Catalog()
    for name, path in _files(room):
        method = "python" if path.suffix == ".py" else "jinja2"
        options = {} if path.suffix == ".py" else JINJA
        for _line, message, _comments, context in extract_from_file(
            method, path, keywords=KEYWORDS, options=options
        ):
            found.add(message, locations=[(name, 0)], context=context)
    return found


def _files(room: str) -> Iterator[tuple[str, Path]]:
    """Each source file with its name from the top of the repository."""
    for folder, top in ((resources.folder("templates"), "templates"), (CODE, "portal")):
        for path in sorted(Path(folder).rglob("*")):
            name = f"{top}/{path.relative_to(folder).as_posix()}"
            if path.suffix in {".py", ".html", ".txt", ".xml"} and _belongs(name, room):
                yield name, path


def _belongs(name: str, room: str) -> bool:
    """`portal/*.py` means the files of that folder itself; other patterns reach below."""
    return any(
        fnmatch(name, pattern)
        and (not pattern.endswith("*.py") or name.count("/") == pattern.count("/"))
        for pattern in SOURCES[room]
    )


def _updated(room: str, tag: str, said: Catalog) -> Catalog:
    """What is said now with the words that are kept; what is said no more is dropped."""
    kept = stored(room, tag)
    fresh = Catalog(
        locale=tag,
        project="Answerfirst",
        version="1",
        msgid_bugs_address="the maintainers",
        header_comment=f"# {name_of(tag)}: {room}. Write between the quotes of each msgstr.",
        creation_date=_NO_DATE,
        revision_date=_NO_DATE,
        last_translator="",
        language_team="",
        fuzzy=False,
    )
    for message in said:
        if message.id:
            old = kept.get(message.id, message.context)
            words = old.string if old is not None else None
            fresh.add(message.id, words, locations=message.locations, context=message.context)
    return fresh


def _write(room: str, tag: str, catalogue: Catalog) -> None:
    _path(room, tag, "po").parent.mkdir(parents=True, exist_ok=True)
    with _path(room, tag, "po").open("wb") as file:
        write_po(file, catalogue, width=WIDTH, sort_output=True, include_lineno=False)
    with _path(room, tag, "mo").open("wb") as file:
        write_mo(file, catalogue)


def _path(room: str, tag: str, suffix: str) -> Path:
    return CATALOGUES / tag / "LC_MESSAGES" / f"{room}.{suffix}"


def _is_complete(message: Message) -> bool:
    words = message.string
    return all(words) if isinstance(words, tuple | list) else bool(words)
