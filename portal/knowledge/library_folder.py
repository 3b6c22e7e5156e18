"""A library as a folder: each sub-folder is a category, each Markdown file in it an article.

The file's name is the article's slug. `_category.yaml` in a folder gives the category its title,
summary and position, and says who may read at most. Images lie beside or below, anywhere within the
library, and nowhere else.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

import imagesize

from portal.files import INLINE_IMAGES, sniff
from portal.knowledge.article import Audience
from portal.knowledge.front_matter import FrontMatterError, read_audience
from portal.knowledge.head_values import Problem, Values
from portal.knowledge.rendering_limits import LONGEST_BODY_BYTES
from portal.knowledge.slugs import is_slug, slug_of
from portal.knowledge.yaml_head import LONGEST_HEAD_BYTES, HeadError, read_head
from portal.locale import gettext as _

CATEGORY_FILE = "_category.yaml"
LARGEST_FILE_BYTES = LONGEST_BODY_BYTES + LONGEST_HEAD_BYTES
LARGEST_IMAGE_BYTES = 10 * 1024 * 1024
WIDEST_IMAGE = 10_000
MOST_PIXELS = 40_000_000
DEEPEST_FOLDER = 6
_REFERENCES = re.compile(
    r"(?:\]\(\s*<?|^ {0,3}\[[^\]\n]{1,200}\]:\s*<?)"
    r"([^)\s>]{1,500}\.(?:png|jpe?g|gif|webp|svg|bmp))",
    re.IGNORECASE | re.MULTILINE,
)
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file of the library: where, and the remedy."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """An article's file. `shelf` are the folders it lies in, from the library's root."""

    file: Path
    path: str
    slug: str
    shelf: tuple[str, ...]


@dataclass(frozen=True)
class CategoryFile:
    """What a folder says of its category; `is_written` unless only its name does. `audience` is
    None where it says nothing of who may read.
    """

    slug: str
    title: str
    summary: str = ""
    position: int = 100
    is_written: bool = False
    audience: Audience | None = None
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImageFile:
    """An image that an article names by `path`; checked by its bytes, with its size in pixels."""

    path: str
    file: Path
    name: str
    media_type: str
    width: int
    height: int


@dataclass
class Scan:
    """What lies in a folder: articles in a fixed order, categories by shelf, and what is wrong."""

    root: Path
    sources: list[Source] = field(default_factory=list)
    categories: dict[tuple[str, ...], CategoryFile] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def scan(folder: Path) -> Scan:
    """Look through a library's folder."""
    found = Scan(folder.resolve())
    taken: dict[str, str] = {}
    for file in _files(found.root):
        path = file.relative_to(found.root)
        shelf = path.parts[:-1]
        if fault := _misplaced(found, file, shelf):
            found.faults.append(Fault(path.as_posix(), 1, fault))
            continue
        slug = file.stem
        if slug in taken:
            fault = f"has the same address “{slug}” as {taken[slug]}. Rename one of the two files."
            found.faults.append(Fault(path.as_posix(), 1, fault))
            continue
        taken[slug] = path.as_posix()
        found.sources.append(Source(file, path.as_posix(), slug, shelf))
        _read_categories(found, shelf)
    return found


def _files(root: Path) -> Iterator[Path]:
    """Every Markdown file, but for hidden ones, those that begin with _, and README.md."""
    for file in sorted(root.rglob("*.md")):
        names = file.relative_to(root).parts
        if not any(name.startswith((".", "_")) for name in names) and file.name != "README.md":
            yield file


def _misplaced(found: Scan, file: Path, shelf: tuple[str, ...]) -> str | None:
    if not file.is_file() or not file.resolve().is_relative_to(found.root):
        return "is no plain file within the library. Replace the link by the file itself."
    if len(shelf) > DEEPEST_FOLDER:
        return f"lies more than {DEEPEST_FOLDER} folders deep. Move it up."
    if file.stat().st_size > LARGEST_FILE_BYTES:
        return f"has more than {LARGEST_FILE_BYTES // 1024} KB. Split the article."
    for name in (*shelf, file.stem):
        if not is_slug(name):
            advice = "Use lower-case letters, digits and single hyphens, like reset-password.md."
            return f"the name “{name}” can't be an address. {advice}"
    return None


def _read_categories(found: Scan, shelf: tuple[str, ...]) -> None:
    """Read what the folders of a shelf say, each once; a faulty file leaves the folder's name, and
    a new category to staff.
    """
    for depth in range(1, len(shelf) + 1):
        inner = shelf[:depth]
        if inner in found.categories:
            continue
        file = found.root.joinpath(*inner, CATEGORY_FILE)
        default = _category_by_name(inner)
        found.categories[inner] = replace(default, audience=Audience.STAFF)
        try:
            found.categories[inner] = read_category(file, default)
        except FrontMatterError as error:
            path = file.relative_to(found.root).as_posix()
            found.faults += [Fault(path, p.line, p.message) for p in error.problems]


def _category_by_name(shelf: tuple[str, ...]) -> CategoryFile:
    words = " ".join(re.findall(r"[^\W_]+", shelf[-1]))
    return CategoryFile("-".join(slug_of(name) for name in shelf), words[:1].upper() + words[1:])


def read_category(file: Path, default: CategoryFile) -> CategoryFile:
    """What a category's file says. Raises FrontMatterError."""
    if not file.is_file():
        return default
    try:
        values = Values(read_head(file.read_bytes().decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise FrontMatterError([Problem(1, "is not UTF-8 text. Save it as UTF-8.")]) from None
    except HeadError as error:
        raise FrontMatterError([Problem(error.line, error.message)]) from None
    values.refuse_unknown(("title", "summary", "position", "slug", "audience"))
    audience, organisations = _audience(values)
    category = CategoryFile(
        values.slug("slug") or default.slug,
        values.line("title") or default.title,
        values.line("summary", 500),
        values.number("position", default.position),
        is_written=True,
        audience=audience,
        organisations=organisations,
    )
    if values.problems:
        raise FrontMatterError([Problem(p.line - 1, p.message) for p in values.problems])
    return category


def _audience(values: Values) -> tuple[Audience | None, tuple[str, ...]]:
    """Who may read at most; None where the file says nothing."""
    return read_audience(values) if "audience" in values.keys.entries else (None, ())


def fingerprint(source: Source, raw: bytes, root: Path) -> str:
    """Equal as long as nothing changed of a file, its place and its images."""
    digest = hashlib.sha256(f"{source.path}\n".encode() + raw)
    for path, content_hash in image_hashes(source, raw, root).items():
        digest.update(path.encode() + bytes.fromhex(content_hash))
    return digest.hexdigest()


def image_hashes(source: Source, raw: bytes, root: Path) -> dict[str, str]:
    """The content hash of each image that an article names and that lies within the library."""
    return {
        path: hashlib.sha256(file.read_bytes()).hexdigest()
        for path, file in referred(source, raw, root)
    }


def images(
    source: Source, raw: bytes, named: Mapping[str, Path]
) -> tuple[list[ImageFile], list[Fault]]:
    """The images an article names that lie within the library, and what is wrong with some."""
    found, faults = [], []
    for path, file in named.items():
        image = measured(path, file)
        if isinstance(image, ImageFile):
            found.append(image)
        else:
            line = raw[: max(0, raw.find(path.encode()))].count(b"\n") + 1
            faults.append(Fault(source.path, line, f"the image {path} {image}"))
    return found, faults


def referred(source: Source, raw: bytes, root: Path) -> list[tuple[str, Path]]:
    """What the body calls an image, with the file within the library that it means."""
    found: dict[str, Path] = {}
    for path in _REFERENCES.findall(raw.decode("utf-8", "replace")):
        if "://" in path or path.startswith(("/", "\\")) or "\x00" in path:
            continue
        try:
            file = (source.file.parent / unquote(path)).resolve()
            if file.is_relative_to(root) and file.is_file():
                found[path] = file
        except (OSError, ValueError):
            continue
    return sorted(found.items())


def measured(path: str, file: Path) -> ImageFile | str:
    """The image, or what is wrong with it."""
    if file.stat().st_size > LARGEST_IMAGE_BYTES:
        most = LARGEST_IMAGE_BYTES // 1024 // 1024
        return _("has more than %(most)s MB. Make it smaller.", most=most)
    with file.open("rb") as stream:
        media_type = sniff(stream.read(512))
    if media_type not in INLINE_IMAGES:
        return _("is not a PNG, JPEG, GIF or WebP image. Convert it to one of these.")
    try:
        width, height = imagesize.get(str(file))
    except (OSError, ValueError, TypeError, IndexError):
        width = height = -1
    if not (0 < width <= WIDEST_IMAGE and 0 < height <= WIDEST_IMAGE):
        return _("has no readable size up to %(most)s pixels. Save it again.", most=WIDEST_IMAGE)
    if width * height > MOST_PIXELS:
        most = MOST_PIXELS // 1_000_000
        return _("has more than %(most)s million pixels. Make it smaller.", most=most)
    name = f"{slug_of(file.stem) or 'image'}.{_ENDINGS[media_type]}"
    return ImageFile(path, file, name, media_type, width, height)
