"""A Zendesk help center as its API or an export gives it: JSON with articles, sections, categories.

Each file holds `articles`, `sections` or `categories` as lists, one page of them or all; images
that the articles show lie in a folder `attachments`, by their file names.
"""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from portal.knowledge.foreign.adapting import adapt
from portal.knowledge.foreign.addresses import Addresses, distinct_slugs
from portal.knowledge.foreign.heads import keys_of
from portal.knowledge.foreign.mapping import ForeignMapping
from portal.knowledge.foreign.reading import finished, markdown_of
from portal.knowledge.library_folder import CategoryFile, Fault, Scan, Source
from portal.knowledge.library_reading import Said
from portal.knowledge.slugs import slug_of

LARGEST_JSON_BYTES = 32 * 1024 * 1024
LARGEST_BODY_CHARACTERS = 1024 * 1024
_PARTS = ("articles", "sections", "categories")
_ATTACHMENT = re.compile(r"(?:https?://[^/\s)]+)?/(?:hc|attachments)/[^\s)>]*/([^/\s)>?]+)")
_SHOWN = re.compile(r"!\[[^\]]*\]\(<?([^)\s>]+)")

Row = dict[str, Any]


class ZendeskExport:
    """Reads the articles of a folder of JSON files."""

    def __init__(self, mapping: ForeignMapping) -> None:
        self._mapping = mapping
        self._rows: dict[str, dict[str, Row]] = {part: {} for part in _PARTS}
        self._articles: dict[str, Row] = {}
        self._addresses: Addresses | None = None

    def scan(self, folder: Path) -> Scan:
        found = Scan(folder.resolve())
        holders: dict[str, Path] = {}
        for file in sorted(found.root.rglob("*.json")):
            path = file.relative_to(found.root).as_posix()
            if fault := self._load(file, found.root, holders):
                found.faults.append(Fault(path, 1, fault))
        names = {number: _names(row) for number, row in self._rows["articles"].items()}
        for number, slug in distinct_slugs(names).items():
            row, file = self._rows["articles"][number], holders[number]
            path = f"{file.relative_to(found.root).as_posix()}#{number}"
            shelf = self._shelf(found, row)
            self._articles[path] = row
            found.sources.append(Source(file, path, slug or f"article-{number}", shelf))
        self._addresses = Addresses(
            found.root, found.sources, self._mapping, more=self._places(found)
        )
        return found

    def _load(self, file: Path, root: Path, holders: dict[str, Path]) -> str | None:
        """Take in one file; what is wrong with it."""
        if not file.is_file() or not file.resolve().is_relative_to(root):
            return "is no plain file within the folder. Replace the link by the file itself."
        if file.stat().st_size > LARGEST_JSON_BYTES:
            megabytes = LARGEST_JSON_BYTES // 1024 // 1024
            return f"has more than {megabytes} MB. Export it page by page."
        try:
            said = json.loads(file.read_bytes())
        except (ValueError, RecursionError) as error:
            return f"is no JSON that can be read ({str(error)[:80]}). Export it again."
        rows = [(part, row) for part in _PARTS for row in _list(said, part)]
        for part, row in rows:
            number = str(row.get("id") or "")
            if number.isdigit() and len(number) < 20:
                self._rows[part][number] = row
                if part == "articles":
                    holders[number] = file
        return None if rows else "holds no articles, sections or categories. Leave it out."

    def _shelf(self, found: Scan, row: Row) -> tuple[str, ...]:
        """Category and section of an article, made known to the import."""
        section = self._rows["sections"].get(str(row.get("section_id") or ""), {})
        category = self._rows["categories"].get(str(section.get("category_id") or ""), {})
        shelf: tuple[str, ...] = ()
        for one in (category, section):
            name = str(one.get("name") or "")[:120]
            if slug_of(name):
                shelf = (*shelf, name)
                said = "-".join(slug_of(part) for part in shelf)[:120].strip("-")
                summary = " ".join(str(one.get("description") or "").split())[:500]
                position = one.get("position")
                order = position if isinstance(position, int) and 0 <= position < 10_000 else 100
                found.categories[shelf] = CategoryFile(said, name, summary, order, is_written=True)
        if shelf:
            return shelf
        loose = self._mapping.defaults.get("category", "general")
        found.categories[(loose,)] = CategoryFile(slug_of(loose), loose.capitalize())
        return (loose,)

    def _places(self, found: Scan) -> dict[str, str]:
        """Every address under which an article was known there, with the one it has here."""
        places: dict[str, str] = {}
        for source in found.sources:
            row = self._articles[source.path]
            address = str(row.get("html_url") or "")
            number = source.path.rpartition("#")[2]
            for key in (address, address.rpartition(f"/{number}")[0] + f"/{number}"):
                if key.startswith("http"):
                    places[key] = source.slug
                    places["/" + key.partition("://")[2].partition("/")[2]] = source.slug
        return places

    def raw(self, source: Source) -> bytes:
        return json.dumps(self._articles[source.path], sort_keys=True).encode()

    def fingerprint(self, source: Source, raw: bytes, root: Path) -> str:
        shelf = "/".join(source.shelf)
        said = f"{self._mapping.digest}\n{source.path}\n{shelf}\n".encode()
        digest = hashlib.sha256(said + raw)
        for name in sorted(set(_ATTACHMENT.findall(raw.decode()))):
            for base in self._mapping.static:
                file = root / base / name
                if file.is_file() and file.resolve().is_relative_to(root):
                    digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()

    def read(self, source: Source, _raw: bytes, _found: Scan) -> Said:
        assert self._addresses is not None
        row = self._articles[source.path]
        body = str(row.get("body") or "")[:LARGEST_BODY_CHARACTERS]
        _, markdown = markdown_of(body)
        markdown = _SHOWN.sub(lambda m: m[0].replace(m[1], _file_name(m[1])), markdown)
        title = " ".join(str(row.get("title") or row.get("name") or "").split())[:200]
        labels = [str(one) for one in row.get("label_names") or []]
        keys = keys_of({"title": title, "labels": labels, "draft": row.get("draft") is True})
        mapping = replace(
            self._mapping,
            keys={"title": ("title",), "search_words": ("labels",), "draft": ("draft",)},
            constants={**self._mapping.constants, "audience": self._audience(row)},
        )
        adapted = adapt(keys, markdown, 1, mapping, name=title or source.slug)
        return finished(source, adapted, self._addresses)

    def _audience(self, row: Row) -> str:
        """Everybody, where no segment is named; staff, where an unknown one is."""
        segments = [row.get("user_segment_id"), *(row.get("user_segment_ids") or [])]
        named = [str(one) for one in segments if one is not None]
        if not named:
            return self._mapping.constants.get("audience") or self._mapping.defaults["audience"]
        return self._mapping.segments.get(named[0], "staff") if len(named) == 1 else "staff"


def _list(said: Any, part: str) -> list[Row]:
    rows = said.get(part) if isinstance(said, dict) else None
    if rows is None and isinstance(said, list) and part == "articles":
        rows = [one for one in said if isinstance(one, dict) and "body" in one]
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []


def _names(row: Row) -> tuple[str, ...]:
    title = slug_of(str(row.get("title") or row.get("name") or ""))
    return (str(row.get("id")), title) if title else (f"article-{row.get('id')}",)


def _file_name(address: str) -> str:
    found = _ATTACHMENT.match(address)
    return found[1] if found else address
