"""Finding the pages of another tool's folder: where each lies here, and under which address."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from portal.knowledge.foreign.adapting import adapt
from portal.knowledge.foreign.addresses import INDEXES, distinct_slugs
from portal.knowledge.foreign.heads import read_foreign_head
from portal.knowledge.foreign.mapping import ForeignMapping
from portal.knowledge.front_matter import FrontMatterError
from portal.knowledge.library_folder import (
    DEEPEST_FOLDER,
    LARGEST_FILE_BYTES,
    CategoryFile,
    Fault,
    Scan,
    Source,
)
from portal.knowledge.slugs import is_slug, slug_of

_NO_PAGES = {"_site", "_includes", "_layouts", "_partials", "_data", "node_modules"}
_NUMBER = re.compile(r"^\d{1,4}[-_. ]+(?=\D)")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}-")
_LABEL_FILE = "_category_.json"


def scan_pages(folder: Path, mapping: ForeignMapping) -> Scan:
    """Every page, none twice; what can't be one is told."""
    found = Scan(folder.resolve())
    base = next((p for one in mapping.content if (p := found.root / one).is_dir()), found.root)
    files = {}
    for file in _files(base.resolve(), mapping):
        path = file.relative_to(found.root).as_posix() if file.is_relative_to(found.root) else ""
        if fault := _fault(found, file):
            found.faults.append(Fault(path or file.name, 1, fault))
        else:
            files[path] = file
    parts = {path: _parts(file, base.resolve(), mapping) for path, file in files.items()}
    slugs = distinct_slugs(parts)
    for path, file in files.items():
        shelf = tuple(file.relative_to(base.resolve()).parts[:-1])[:DEEPEST_FOLDER]
        source = _as_said(Source(file, path, slugs[path], shelf), mapping)
        found.sources.append(_placed(found, source, base.resolve(), mapping))
    _part_rivals(found)
    return found


def _files(base: Path, mapping: ForeignMapping) -> Iterator[Path]:
    for folder, inner, names in os.walk(base):
        inner[:] = sorted(n for n in inner if not n.startswith(".") and n not in _NO_PAGES)
        for name in sorted(names):
            stem, ending = Path(name).stem, Path(name).suffix
            is_index = stem.lower() in INDEXES
            is_top_readme = Path(folder) == base and stem.lower() == "readme"
            hidden = name.startswith((".", "_")) and not is_index
            if ending.lower() in mapping.endings and not hidden and not is_top_readme:
                yield Path(folder) / name


def _fault(found: Scan, file: Path) -> str | None:
    if not file.is_file() or not file.resolve().is_relative_to(found.root):
        return "is no plain file within the folder. Replace the link by the file itself."
    if file.stat().st_size > LARGEST_FILE_BYTES:
        return f"has more than {LARGEST_FILE_BYTES // 1024} KB. Split the page."
    return None


def _parts(file: Path, base: Path, mapping: ForeignMapping) -> tuple[str, ...]:
    """The names that an address is made of; the page of a folder is called like the folder."""
    shelf = [bare(name, mapping) for name in file.relative_to(base).parts[:-1]]
    stem = bare(file.stem, mapping)
    own = [] if file.stem.lower() in INDEXES and shelf else [stem]
    return tuple(part for part in (*shelf, *own) if slug_of(part)) or ("page",)


def bare(name: str, mapping: ForeignMapping) -> str:
    """A name without the number or date that only orders it."""
    if mapping.strip_dates:
        name = _DATE.sub("", name)
    return _NUMBER.sub("", name) if mapping.strip_numbers else name


def _as_said(source: Source, mapping: ForeignMapping) -> Source:
    """The address and the category that a page's own head asks for."""
    if not (mapping.keys.get("slug") or mapping.keys.get("category")) or mapping.kind != "markdown":
        return source
    try:
        keys, body, line = read_foreign_head(source.file.read_bytes())
        said = adapt(keys, body, line, mapping, name=source.slug)
    except (FrontMatterError, OSError):
        return source
    if is_slug(said.slug):
        source = replace(source, slug=said.slug)
    return replace(source, shelf=(said.category,)) if slug_of(said.category) else source


def _placed(found: Scan, source: Source, base: Path, mapping: ForeignMapping) -> Source:
    """The page on its shelf, whose categories are made known; the default one for a loose page."""
    named = tuple(name for name in source.shelf if slug_of(name))
    shelf = named or (mapping.defaults.get("category", "general"),)
    constant = mapping.constants.get("category")
    shelf = (constant,) if constant else shelf
    for depth in range(1, len(shelf) + 1):
        inner = shelf[:depth]
        if inner not in found.categories:
            found.categories[inner] = _category(inner, base, mapping)
    return replace(source, shelf=shelf)


def _category(shelf: tuple[str, ...], base: Path, mapping: ForeignMapping) -> CategoryFile:
    plain = [bare(name, mapping) for name in shelf]
    words = " ".join(re.findall(r"[^\W_]+", plain[-1]))
    label = base.joinpath(*shelf, _LABEL_FILE)
    title = words[:1].upper() + words[1:]
    try:
        said = json.loads(label.read_text(encoding="utf-8")) if label.is_file() else {}
        title = str(said.get("label") or title)[:120]
    except (OSError, ValueError, AttributeError, RecursionError):
        pass
    return CategoryFile("-".join(slug_of(name) for name in plain)[:120].strip("-"), title)


def _part_rivals(found: Scan) -> None:
    """Two pages whose heads ask for the same address: the later one is told and left out."""
    taken: dict[str, str] = {}
    kept = []
    for source in found.sources:
        if source.slug in taken:
            fault = f"has the same address “{source.slug}” as {taken[source.slug]}. Change one."
            found.faults.append(Fault(source.path, 1, fault))
        else:
            taken[source.slug] = source.path
            kept.append(source)
    found.sources = kept
