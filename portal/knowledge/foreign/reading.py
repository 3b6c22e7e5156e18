"""Reading another tool's pages as articles: head, body, links and images, by a mapping."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path

from portal.confined import Confined
from portal.knowledge.foreign.adapting import Adapted, adapt
from portal.knowledge.foreign.addresses import Addresses
from portal.knowledge.foreign.bodies import convert_body
from portal.knowledge.foreign.heads import keys_of, read_foreign_head
from portal.knowledge.foreign.mapping import ForeignMapping
from portal.knowledge.foreign.pages import scan_pages
from portal.knowledge.front_matter import ArticleFile, FrontMatterError, decoded
from portal.knowledge.head_values import Problem
from portal.knowledge.library_folder import Fault, Scan, Source
from portal.knowledge.library_reading import Said
from portal.knowledge.plain_words import body_of

_IMAGE_END = re.compile(rb"\.(?:png|jpe?g|gif|webp)", re.IGNORECASE)
_NO_PATH = re.compile(rb"[^\w./@%~ -]")
_LONGEST_PATH = 300
_children = Confined("portal.knowledge.foreign.html_child")


def markdown_of(html: str, *, main: str = "", is_page: bool = False) -> tuple[dict[str, str], str]:
    """What a page's head says, and its body as Markdown. Raises FrontMatterError."""
    answer = _children.ask({"html": html, "main": main, "is_page": is_page})
    if "refused" in answer:
        fault = "the page takes too long to read. Simplify it or split it."
        raise FrontMatterError([Problem(1, fault)])
    return answer["head"], answer["body"]


class ForeignPages:
    """Markdown files or HTML pages of another tool."""

    def __init__(self, mapping: ForeignMapping) -> None:
        self._mapping = mapping
        self._addresses: Addresses | None = None

    def scan(self, folder: Path) -> Scan:
        found = scan_pages(folder, self._mapping)
        self._addresses = Addresses(found.root, found.sources, self._mapping)
        return found

    def raw(self, source: Source) -> bytes:
        return source.file.read_bytes()

    def fingerprint(self, source: Source, raw: bytes, _root: Path) -> str:
        """Changes with the mapping too, and with every image that the text may mean."""
        assert self._addresses is not None
        said = f"{self._mapping.digest}\n{source.path}\n{source.slug}\n".encode()
        digest = hashlib.sha256(said + raw)
        for target in _named_images(raw):
            file = self._addresses.image(source, target.decode("utf-8", "replace").strip())
            if file is not None:
                digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()

    def read(self, source: Source, raw: bytes, _found: Scan) -> Said:
        name = " ".join(re.findall(r"[^\W_]+", source.file.stem)) or source.slug
        return finished(source, self._adapted(raw, name[:1].upper() + name[1:]), self._links)

    @property
    def _links(self) -> Addresses:
        assert self._addresses is not None
        return self._addresses

    def _adapted(self, raw: bytes, name: str) -> Adapted:
        if self._mapping.kind == "html":
            head, body = markdown_of(decoded(raw), main=self._mapping.main, is_page=True)
            return adapt(keys_of(head), body, 1, self._mapping, name=name)
        keys, body, body_line = read_foreign_head(raw)
        return adapt(keys, body, body_line, self._mapping, name=name)


def _named_images(raw: bytes) -> list[bytes]:
    """Whatever in the bytes may be an image's path."""
    found = set()
    for end in _IMAGE_END.finditer(raw):
        before = raw[max(0, end.start() - _LONGEST_PATH) : end.start()]
        found.add(_NO_PATH.split(before)[-1] + end[0])
    return sorted(found)


def finished(source: Source, adapted: Adapted, addresses: Addresses) -> Said:
    """The article with our signs, links and images in its body."""
    article = adapted.article
    converted = convert_body(article.body, article.body_line)
    there = addresses.rewrite(source, converted.body, article.body_line)
    own = {source.slug}
    problems = [*adapted.left_out, *converted.notes]
    ready = _with(article, there.body, tuple(one for one in article.aliases if one not in own))
    notes = tuple(Fault(source.path, one.line, one.message) for one in problems)
    return Said(source, ready, there.images, there.lines, notes)


def _with(article: ArticleFile, body: str, aliases: tuple[str, ...]) -> ArticleFile:
    return replace(article, body=body_of(body), aliases=aliases, category=None)
