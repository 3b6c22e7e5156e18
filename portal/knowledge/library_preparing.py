"""Making a library's file ready: read, checked and rendered, before anything is stored."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from portal.files import FileStore
from portal.knowledge.front_matter import ArticleFile, FrontMatterError
from portal.knowledge.library_folder import (
    LARGEST_IMAGE_BYTES,
    Fault,
    ImageFile,
    Scan,
    Source,
    images,
)
from portal.knowledge.library_reading import Reading, Said
from portal.knowledge.rendering import Picture, Rendered, RenderingRefusedError, render


@dataclass(frozen=True)
class Changed:
    """A file that differs from what was imported last."""

    said: Said
    raw: bytes
    fingerprint: str

    @property
    def source(self) -> Source:
        return self.said.source

    @property
    def article(self) -> ArticleFile:
        return self.said.article


@dataclass(frozen=True)
class Prepared:
    """A file that is ready to be stored. `links` are the slugs it leads to, with their lines."""

    source: Source
    article: ArticleFile
    images: list[ImageFile]
    pictures: dict[str, Picture]
    rendered: Rendered
    fingerprint: str
    raw: bytes
    links: dict[str, int]
    notes: list[Fault]

    @property
    def image_hashes(self) -> dict[str, str]:
        """The content hash of each image, by its path."""
        return {path: shown.address.split("/")[2] for path, shown in self.pictures.items()}

    def line_of(self, words: str) -> int:
        """Where in the file `words` first stand, 1 if they don't."""
        return line_of(words, self.raw)


def read(
    reading: Reading, source: Source, found: Scan, is_known: Callable[[Source, str], bool]
) -> Changed | list[Fault] | None:
    """The file, None if its fingerprint is known already, or what is wrong with it."""
    try:
        raw = reading.raw(source)
        mark = reading.fingerprint(source, raw, found.root)
    except OSError as error:
        return [Fault(source.path, 1, f"can't be read: {error.strerror}. Check its rights.")]
    if is_known(source, mark):
        return None
    try:
        return Changed(reading.read(source, raw, found), raw, mark)
    except FrontMatterError as error:
        return [Fault(source.path, p.line, p.message) for p in error.problems]


def prepare(changed: Changed, files: FileStore | None) -> Prepared | list[Fault]:
    """Check and render one file, its images stored in `files` if given; or say what is wrong."""
    source, article = changed.source, changed.article
    named, faults = images(source, changed.raw, changed.said.images)
    faults += _category_faults(source, article)
    if faults:
        return faults
    pictures = {image.path: _kept(image, files) for image in named}
    try:
        rendered = render(article.body, pictures=pictures)
    except RenderingRefusedError as error:
        line = article.body_line + (error.line or 1) - 1
        return [Fault(source.path, line, error.message)]
    notes = [*changed.said.notes, *_missing(source, rendered, changed.raw)]
    lowered = changed.raw.lower()
    lines = changed.said.lines
    links = {slug: lines.get(slug) or line_of(slug, lowered) for slug in rendered.links}
    return Prepared(
        source, article, named, pictures, rendered, changed.fingerprint, changed.raw, links, notes
    )


def _missing(source: Source, rendered: Rendered, raw: bytes) -> list[Fault]:
    return [
        Fault(source.path, line_of(path, raw), f"names {path}, which isn't there.")
        for path in dict.fromkeys(rendered.missing)
    ]


def dead_links(path: str, links: dict[str, int], known: set[str]) -> list[Fault]:
    """A note for each link to an article that doesn't exist."""
    advice = "Correct the link or write the article."
    return [
        Fault(path, line, f"links to “{slug}”, which is no article. {advice}")
        for slug, line in links.items()
        if slug not in known
    ]


def line_of(words: str, raw: bytes) -> int:
    return raw[: max(0, raw.find(words.encode("utf-8", "replace")))].count(b"\n") + 1


def _category_faults(source: Source, article: ArticleFile) -> list[Fault]:
    if not source.shelf and not article.category:
        advice = "Put it into a category's folder, or add `category: …` to its head."
        return [Fault(source.path, 1, f"lies in no category. {advice}")]
    if source.shelf and article.category:
        advice = "Its folder is the category: remove `category` from its head."
        return [Fault(source.path, 1, f"lies in a category and names one. {advice}")]
    return []


def _kept(image: ImageFile, files: FileStore | None) -> Picture:
    if files is None:
        content_hash = hashlib.sha256(image.file.read_bytes()).hexdigest()
    else:
        with image.file.open("rb") as stream:
            content_hash = files.keep(stream, limit_bytes=LARGEST_IMAGE_BYTES).content_hash
    return Picture(f"/files/{content_hash}/{image.name}", image.width, image.height)
