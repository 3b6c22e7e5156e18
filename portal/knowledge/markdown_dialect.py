"""What writers may write: Markdown with tables, steps, code, notes, definitions, footnotes, tasks.

Nobody writes HTML: tags appear as the characters they are, but for a few harmless ones that
Markdown has no sign for. Links to other articles may name the file or the slug; images are those
that were stored with the article; what lies on other sites is linked, never loaded.
"""

import html
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor, UnescapeTreeprocessor
from markdown.util import AMP_SUBSTITUTE

from portal.knowledge.list_indentation import ListIndentation
from portal.knowledge.rendered_words import DONE, SECTION_LINK, TO_DO
from portal.knowledge.slugs import slug_of

SECTION = "section-"
FULL_SIZE_ABOVE = 720
_HARMLESS_TAGS = r"</?(?:br|del|kbd|mark|sub|sup)(?: ?/)?>"
_COMMENT = r"<!--(?:(?!-->)[\s\S]){0,2000}-->"
_UNSAFE_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_FOREIGN = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_CONTACT = {"mailto", "tel"}


@dataclass(frozen=True)
class Picture:
    """A stored image: where it is served, and its size in pixels."""

    address: str
    width: int
    height: int


@dataclass
class Findings:
    """What the body refers to: articles by slug, and images that nobody stored."""

    links: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


class Dialect(Extension):
    """Takes raw HTML out of Markdown and puts the portal's own addresses in."""

    def __init__(self, pictures: dict[str, Picture], findings: Findings) -> None:
        super().__init__()
        self.pictures, self.findings = pictures, findings

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.preprocessors.register(ListIndentation(md), "list_indentation", 28)
        md.inlinePatterns.register(_Comment(_COMMENT, md), "comment", 91)
        md.inlinePatterns.register(_HarmlessTag(_HARMLESS_TAGS, md), "harmless", 90)
        addresses = _Addresses(md, self.pictures, self.findings)
        md.treeprocessors.register(addresses, "addresses", 18)
        md.treeprocessors.register(_Blocks(md), "blocks", 17)
        md.treeprocessors.register(_HeadingAnchors(md), "anchors", 4)


class _HarmlessTag(InlineProcessor):
    def handleMatch(self, m: re.Match[str], _data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: N802
        return self.md.htmlStash.store(m[0]), m.start(0), m.end(0)


class _Comment(InlineProcessor):
    def handleMatch(self, m: re.Match[str], _data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: N802
        return "", m.start(0), m.end(0)


class _Addresses(Treeprocessor):
    """Gives every link and image the address that a reader's browser may follow."""

    def __init__(self, md: Markdown, pictures: dict[str, Picture], findings: Findings) -> None:
        super().__init__(md)
        self.pictures, self.findings = pictures, findings

    def run(self, root: Element) -> None:
        parents = {child: parent for parent in root.iter() for child in parent}
        for element in list(root.iter("img")):
            self._image(element, is_linked=_is_inside_link(element, parents))
        for element in list(root.iter("a")):
            self._link(element)

    def _image(self, image: Element, *, is_linked: bool) -> None:
        said, alt = _plain(image.get("src", "")), image.get("alt", "")
        if picture := self.pictures.get(said):
            title = image.get("title")
            _become(image, "img", src=picture.address, alt=alt, width=str(picture.width))
            image.attrib |= {"height": str(picture.height), "loading": "lazy"}
            if title:
                image.set("title", title)
            if alt and picture.width > FULL_SIZE_ABOVE and not is_linked:
                _wrap(image, "a", {"class": "full-size", "href": said})
        elif _is_foreign(said) and not is_linked and not _UNSAFE_IN_ADDRESS.search(said):
            _become(image, "a", alt or said, href=said)
        else:
            self.findings.missing.append(said)
            _become(image, "span", alt, **{"class": "missing-image"})

    def _link(self, link: Element) -> None:
        said = _plain(link.get("href", ""))
        address = self._address(said)
        if address is None:
            _become(link, "span", link.text)
            return
        link.set("href", _exact(address))
        if _is_foreign(address):
            link.set("rel", "noopener nofollow")

    def _address(self, said: str) -> str | None:
        """Where a link leads; None for what no reader's browser should follow."""
        if _UNSAFE_IN_ADDRESS.search(said) or said.startswith("//"):
            return None
        scheme = _scheme(said)
        if scheme is None:
            return self._own_address(said)
        return said if _is_foreign(said) or scheme in _CONTACT else None

    def _own_address(self, said: str) -> str | None:
        if picture := self.pictures.get(said):
            return picture.address
        path, _, fragment = said.partition("#")
        if fragment and not fragment.startswith((SECTION, "fn")):
            fragment = SECTION + fragment
        fragment = f"#{fragment}" if fragment else ""
        if not path or path.startswith("/"):
            return path + fragment or None
        return self._to_article(path, fragment)

    def _to_article(self, path: str, fragment: str) -> str | None:
        name = path.rstrip("/").rpartition("/")[2]
        if name in {"_category.md", "_category.yaml"}:
            folder = path.rstrip("/").split("/")[-2:-1]
            return f"/categories/{slug_of(folder[0])}" if folder and slug_of(folder[0]) else None
        stem, _, ending = name.rpartition(".")
        if ending != "md" and stem:
            self.findings.missing.append(path)
            return None
        slug = slug_of(stem or name)
        self.findings.links.append(slug)
        return f"/articles/{slug}{fragment}" if slug else None


class _Blocks(Treeprocessor):
    """Tasks, tables that scroll inside themselves, and one h1 a page, which is the title."""

    def run(self, root: Element) -> None:
        for heading in root.iter("h1"):
            heading.tag = "h2"
        for cell in [*root.iter("td"), *root.iter("th")]:
            if (side := cell.attrib.pop("align", None)) in {"right", "center"}:
                cell.set("class", f"align-{side}")
            if cell.tag == "th":
                cell.set("scope", "col")
        for table in list(root.iter("table")):
            _wrap(table, "div", {"class": "table-wrap"})
        for items in root.iter("ul"):
            self._tasks(items)

    def _tasks(self, items: Element) -> None:
        for item in items:
            holder = item[0] if len(item) and item[0].tag == "p" and not _said(item) else item
            mark = re.match(r"\s*\[([ xX])\]\s+", holder.text or "")
            if mark:
                items.set("class", "task-list")
                item.set("class", "task-list-item")
                _put_task(holder, mark[1] != " ", (holder.text or "")[mark.end() :])


class _HeadingAnchors(Treeprocessor):
    """A link to each section, to copy."""

    def run(self, root: Element) -> None:
        headings = [e for e in root.iter() if e.tag in {"h2", "h3", "h4"} and e.get("id")]
        for heading in headings:
            link = SubElement(
                heading, "a", {"class": "headerlink", "href": f"#{heading.get('id')}"}
            )
            link.set("aria-label", SECTION_LINK)
            link.text = "#"


def _said(element: Element) -> str:
    return (element.text or "").strip()


def _put_task(holder: Element, is_done: bool, rest: str) -> None:
    task = Element("span", {"class": "task", "role": "img"})
    task.set("aria-label", DONE if is_done else TO_DO)
    task.text, task.tail = ("☑" if is_done else "☐"), f" {rest}"
    holder.text = ""
    holder.insert(0, task)


def _become(element: Element, tag: str, text: str | None = None, **attributes: str) -> None:
    element.tag = tag
    element.attrib.clear()
    element.attrib.update(attributes)
    element.text = text


def _wrap(element: Element, tag: str, attributes: dict[str, str]) -> None:
    """Put `element` into a new parent, in place."""
    inner = Element(element.tag, dict(element.attrib))
    inner.text, inner[:] = element.text, list(element)
    tail = element.tail
    element.clear()
    element.tag, element.tail = tag, tail
    element.attrib.update(attributes)
    element.append(inner)


def _is_inside_link(element: Element, parents: dict[Element, Element]) -> bool:
    parent = parents.get(element)
    while parent is not None:
        if parent.tag == "a":
            return True
        parent = parents.get(parent)
    return False


def _plain(address: str) -> str:
    """An address as a browser would read it, with Markdown's and HTML's escapes undone."""
    address = UnescapeTreeprocessor().unescape(address).replace(AMP_SUBSTITUTE, "&")
    return html.unescape(address).strip()


def _exact(address: str) -> str:
    """An address written so that the serialiser can't take a part of it for an entity."""
    return address.replace("&", "&amp;")


def _is_foreign(address: str) -> bool:
    return _FOREIGN.match(address) is not None


def _scheme(address: str) -> str | None:
    """The scheme, "" for one that can't be read, None for an address within the portal."""
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return ""
    before_path = re.split(r"[/?#]", address, maxsplit=1)[0]
    return scheme or ("" if ":" in before_path else None)
