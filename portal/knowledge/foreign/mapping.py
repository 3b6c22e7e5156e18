"""Which of another tool's words is which of ours: a mapping file in TOML, or a preset by name.

A mapping says nothing twice: what it doesn't say, the preset that it goes on from says, and what
neither says is empty.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from portal.knowledge.article import ArticleType, Audience, Status

KINDS = ("markdown", "html", "zendesk")
OUR_KEYS = (
    *("title", "summary", "type", "applies_to", "search_words", "owner", "verified_on"),
    *("aliases", "slug", "category", "draft", "published"),
)
DEFAULTS = ("audience", "status", "type", "category", "owner", "applies_to")
_LISTS = ("content", "static", "endings", "prefixes", "ignored")
_FLAGS = ("strip_numbers", "strip_dates")
_CHOICES = {"audience": Audience, "status": Status, "type": ArticleType}


class MappingError(Exception):
    """A mapping can't be used; the message says why and what to do."""


@dataclass(frozen=True)
class ForeignMapping:
    """How to read another tool's files.

    `content` are the folders where articles may lie, the first that exists counts; `static` are
    those that "/img/x.png" means; `prefixes` are what the site's own addresses begin with; `keys`
    names their keys by ours, the first that is there counts; `ignored` are keys of theirs that
    only seem to say who may read; `segments` gives the audience of a Zendesk user segment.
    """

    kind: str = "markdown"
    content: tuple[str, ...] = (".",)
    static: tuple[str, ...] = (".",)
    endings: tuple[str, ...] = (".md",)
    prefixes: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    strip_numbers: bool = False
    strip_dates: bool = False
    main: str = ""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""


def preset_names() -> list[str]:
    folder = files("portal.knowledge.foreign") / "presets"
    return sorted(one.name.removesuffix(".toml") for one in folder.iterdir())


def load(preset: str | None, text: str | None) -> ForeignMapping:
    """A preset, a mapping file's text, or one that goes on from the other. Raises MappingError."""
    said: dict[str, Any] = {}
    if preset:
        if preset not in preset_names():
            known = ", ".join(preset_names())
            raise MappingError(f"there is no preset “{preset}”. Choose one of {known}.")
        source = files("portal.knowledge.foreign") / "presets" / f"{preset}.toml"
        said = tomllib.loads(source.read_text(encoding="utf-8"))
    for key, value in (_read(text) if text is not None else {}).items():
        said[key] = {**said.get(key, {}), **value} if isinstance(value, dict) else value
    return _mapping(said)


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"it is no valid TOML: {error}.") from None


def _mapping(said: Mapping[str, Any]) -> ForeignMapping:
    tables = {name: _table(said, name) for name in ("keys", "defaults", "constants", "segments")}
    known = {"kind", "main", *_LISTS, *_FLAGS, *tables}
    if unknown := sorted(set(said) - known):
        raise MappingError(f"`{unknown[0]}` is no known key. Known are {', '.join(sorted(known))}.")
    kind = said.get("kind", "markdown")
    if kind not in KINDS:
        raise MappingError(f"`kind` can't be “{kind}”. Choose one of {', '.join(KINDS)}.")
    _check_names("keys", tables["keys"], OUR_KEYS)
    for table in ("defaults", "constants"):
        _check_names(table, tables[table], DEFAULTS)
        _check_choices(table, tables[table])
    for value in tables["segments"].values():
        _check_choices("segments", {"audience": value})
    settled: dict[str, Any] = {
        **{name: _strings(name, said[name]) for name in _LISTS if name in said},
        **{name: said[name] is True for name in _FLAGS if name in said},
    }
    return ForeignMapping(
        kind=kind,
        main=str(said.get("main", "")),
        keys={name: _strings(f"keys.{name}", value) for name, value in tables["keys"].items()},
        defaults={name: str(value) for name, value in tables["defaults"].items()},
        constants={name: str(value) for name, value in tables["constants"].items()},
        segments={name: str(value) for name, value in tables["segments"].items()},
        digest=hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest(),
        **settled,
    )


def _table(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    table = said.get(name, {})
    if not isinstance(table, dict):
        raise MappingError(f"`{name}` must be a table: begin it with a line `[{name}]`.")
    return table


def _strings(name: str, value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise MappingError(f'`{name}` must be a list of texts, like ["first", "second"].')
    return tuple(values)


def _check_names(table: str, said: Mapping[str, Any], known: tuple[str, ...]) -> None:
    if unknown := sorted(set(said) - set(known)):
        raise MappingError(f"`{table}.{unknown[0]}` isn't known. Known are {', '.join(known)}.")


def _check_choices(table: str, said: Mapping[str, Any]) -> None:
    for name, choices in _CHOICES.items():
        values = [one.value for one in choices if one.value != "organisations"]
        if name in said and said[name] not in values:
            wrong = f"`{table}`: “{said[name]}” is no {name}. "
            raise MappingError(wrong + f"Choose one of {', '.join(values)}.")
