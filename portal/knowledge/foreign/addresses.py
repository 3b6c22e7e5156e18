"""Links and images of another tool's pages, by the addresses that they have here."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from portal.knowledge.foreign.bodies import outside_code
from portal.knowledge.foreign.mapping import ForeignMapping
from portal.knowledge.library_folder import Source
from portal.knowledge.slugs import slug_of

INDEXES = ("index", "_index", "readme")
_ENDINGS = (".md", ".mdx", ".markdown", ".html", ".htm")
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp")
_FENCE = re.compile(r"[ >]*(`{3,}(?=[^`]*$)|~{3,})")
_ORDER = re.compile(r"^\d+[-_.]")
_POST = re.compile(r"/(\d{4}-\d{2}-\d{2}-)([^/]+)$")
_TARGET = re.compile(
    r"(?P<before>!?\[(?:[^\]\\]|\\.){0,1000}?\]\(\s*|^ {0,3}\[[^\]\n]{1,200}\]:\s*)"
    r"(?:<(?P<bracketed>[^>\n]{1,1000})>|(?P<plain>[^\s()<>]+(?:\([^\s()]*\)[^\s()]*)*))"
)


@dataclass
class Rewritten:
    """A body with our addresses: its images by the path used now, and the line of each link."""

    body: str
    images: dict[str, Path] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


class Addresses:
    """Knows where every page of a folder lies here."""

    def __init__(
        self,
        root: Path,
        sources: Iterable[Source],
        mapping: ForeignMapping,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self._root, self._mapping = root, mapping
        self._statics = [(root / one).resolve() for one in mapping.static]
        self._pages: dict[str, str] = dict(more or {})
        for source in sources:
            for key in _keys(source.path):
                self._pages.setdefault(key, source.slug)

    def rewrite(self, source: Source, body: str, first_line: int) -> Rewritten:
        """The body with our addresses; code stays as it is."""
        return _Pass(self, source).over(body, first_line)

    def image(self, source: Source, target: str) -> Path | None:
        """The file within the folder that a page means by an image's address."""
        path = unquote(target.partition("?")[0].partition("#")[0])
        if not path.lower().endswith(_IMAGES) or "://" in path or path.startswith("//"):
            return None
        relative = path.lstrip("/")
        places = [base / relative for base in self._statics]
        if not path.startswith("/"):
            places.insert(0, source.file.parent / path)
        if path.startswith("@site/"):
            places = [self._root / path.removeprefix("@site/")]
        return next((file for place in places if (file := self._within(place))), None)

    def _within(self, place: Path) -> Path | None:
        try:
            file = place.resolve()
            return file if file.is_relative_to(self._root) and file.is_file() else None
        except (OSError, ValueError):
            return None

    def link(self, source: Source, target: str) -> str | None:
        """Our form of a link to a page; None for one that leads elsewhere."""
        try:
            parts = urlsplit(target)
        except ValueError:
            return None
        if (parts.scheme or parts.netloc) and target.partition("#")[0] not in self._pages:
            return self._of_site(target)
        path, fragment = unquote(parts.path), f"#{parts.fragment}" if parts.fragment else ""
        if not path and not parts.netloc:
            return None
        if slug := self._page(source, path if not parts.netloc else target.partition("#")[0]):
            return f"{slug}.md{fragment}"
        ending = posixpath.splitext(path)[1].lower()
        name = slug_of(posixpath.basename(path.rstrip("/")).removesuffix(ending))
        return f"{name}.md{fragment}" if name and ending in {"", *_ENDINGS} else None

    def _of_site(self, target: str) -> str | None:
        """A full address of the site itself, as `prefixes` name it."""
        for prefix in self._mapping.prefixes:
            if prefix.startswith("http") and target.startswith(prefix):
                path, _, fragment = target.removeprefix(prefix).partition("#")
                name = slug_of(posixpath.basename(path.rstrip("/")))
                slug = self._pages.get(_key(path)) or name
                return f"{slug}.md" + (f"#{fragment}" if fragment else "") if slug else None
        return None

    def _page(self, source: Source, path: str) -> str | None:
        if path in self._pages:
            return self._pages[path]
        if path.startswith("/"):
            tries = [path.removeprefix(one.rstrip("/")) for one in self._mapping.prefixes]
            tries = [path, *(one for one in tries if one != path)]
        else:
            tries = [posixpath.join(posixpath.dirname(source.path), path)]
            if not path.startswith("."):
                tries.append(path)
        tries += [posixpath.join(one, path.lstrip("/")) for one in self._mapping.content]
        return next((self._pages[key] for one in tries if (key := _key(one)) in self._pages), None)


class _Pass:
    """One pass over a body."""

    def __init__(self, addresses: Addresses, source: Source) -> None:
        self._addresses, self._source = addresses, source
        self._done = Rewritten("")
        self._used: dict[Path, str] = {}
        self._fence, self._number = "", 0

    def over(self, body: str, first_line: int) -> Rewritten:
        written = []
        for number, line in enumerate(body.split("\n"), start=first_line):
            self._number = number
            written.append(self._line(line))
        self._done.body = "\n".join(written)
        return self._done

    def _line(self, line: str) -> str:
        if self._fence:
            said = line.strip(" >")
            if said.startswith(self._fence) and not said.strip(self._fence[0]):
                self._fence = ""
            return line
        if opening := _FENCE.match(line):
            self._fence = opening[1]
            return line
        if "](" in line or "]:" in line:
            return outside_code(line, lambda text: _TARGET.sub(self._put, text))
        return line

    def _put(self, found: re.Match[str]) -> str:
        target = (found["bracketed"] or found["plain"]).strip()
        if file := self._addresses.image(self._source, target):
            path = self._used.setdefault(file, _image_path(self._source.slug, file, self._used))
            self._done.images[path] = file
            return f"{found['before']}{path}"
        if found["before"].startswith("!"):
            return found[0]
        address = self._addresses.link(self._source, target)
        if address is None:
            return found[0]
        self._done.lines.setdefault(address.partition("#")[0].removesuffix(".md"), self._number)
        return f"{found['before']}{address}"


def _key(path: str) -> str:
    """One form of all the ways to name a page: no ending, no index, no case, no slashes around."""
    plain = posixpath.normpath(path.lower()).strip("/")
    stem, ending = posixpath.splitext(plain)
    plain = stem if ending in _ENDINGS else plain
    folder, _, name = plain.rpartition("/")
    return folder if name in INDEXES else plain


def _keys(path: str) -> set[str]:
    """How pages name this one: by its path, without the numbers that order files, without the
    underlines of Jekyll's collections, and by the name or the date and name of a post.
    """
    plain = _key(path)
    bare = "/".join(_ORDER.sub("", part) for part in plain.split("/"))
    keys = {plain, bare, "/".join(part.lstrip("_") for part in plain.split("/"))}
    if post := _POST.search(f"/{plain}"):
        keys |= {post[1] + post[2], post[2]}
    return keys


def _image_path(slug: str, file: Path, used: Mapping[Path, str]) -> str:
    name = f"{slug}-{slug_of(file.stem) or 'image'}"
    path, number = f"images/{name}{file.suffix.lower()}", 2
    while path in used.values():
        path, number = f"images/{name}-{number}{file.suffix.lower()}", number + 1
    return path


def distinct_slugs(paths: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """An address for each path from the parts of its name, the last first; where several files
    would have the same, each takes its folder's name before its own.
    """
    depth = dict.fromkeys(paths, 1)
    while True:
        wanted = {path: _joined(parts, depth[path]) for path, parts in paths.items()}
        rivals: dict[str, list[str]] = defaultdict(list)
        for path, slug in wanted.items():
            rivals[slug].append(path)
        longer = [
            path
            for same in rivals.values()
            if len(same) > 1
            for path in same
            if depth[path] < len(paths[path])
        ]
        if not longer:
            return wanted
        for path in longer:
            depth[path] += 1


def _joined(parts: tuple[str, ...], depth: int) -> str:
    return slug_of("-".join(parts[-depth:]))
