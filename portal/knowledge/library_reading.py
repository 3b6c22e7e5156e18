"""How the files of a library are read: our own as they stand, other tools' by a mapping."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from portal.knowledge.front_matter import ArticleFile, parse
from portal.knowledge.library_folder import Fault, Scan, Source, fingerprint, referred, scan


@dataclass(frozen=True)
class Said:
    """What a file says: its article, the images by the path that the body uses, the line of each
    link that was rewritten, and what needs a look.
    """

    source: Source
    article: ArticleFile
    images: Mapping[str, Path]
    lines: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Fault, ...] = ()


class Reading(Protocol):
    """Finds the articles of a folder and reads them one by one."""

    def scan(self, folder: Path) -> Scan: ...

    def raw(self, source: Source) -> bytes:
        """The bytes that hold the article. Raises OSError."""
        ...

    def fingerprint(self, source: Source, raw: bytes, root: Path) -> str:
        """Equal as long as nothing changed of the article, its place and its images."""
        ...

    def read(self, source: Source, raw: bytes, found: Scan) -> Said:
        """Raises FrontMatterError."""
        ...


class OwnFiles:
    """The portal's own files, which an export writes."""

    def scan(self, folder: Path) -> Scan:
        return scan(folder)

    def raw(self, source: Source) -> bytes:
        return source.file.read_bytes()

    def fingerprint(self, source: Source, raw: bytes, root: Path) -> str:
        return fingerprint(source, raw, root)

    def read(self, source: Source, raw: bytes, found: Scan) -> Said:
        return Said(source, parse(raw), dict(referred(source, raw, found.root)))


def on_shelf(said: Said, shelf: tuple[str, ...]) -> Said:
    """The same on another shelf."""
    return replace(said, source=replace(said.source, shelf=shelf))
