"""Markdown to the HTML that is stored and served; runs in a limited process of its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from markdown import Markdown
from markdown.extensions.toc import slugify_unicode

from portal.knowledge.cleaning import clean
from portal.knowledge.markdown_dialect import SECTION, Dialect, Findings, Picture

_CONTENTS_LEVELS = {"h2": 2, "h3": 3, "h4": 4}
_BLOCKS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "hr", "br", "blockquote", "pre", "div"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "th", "td"),
}
_SIGNS = {"headerlink", "footnote-ref", "footnote-backref"}
_STANDARD = [
    *("tables", "admonition", "def_list", "footnotes", "sane_lists", "toc"),
    *("pymdownx.highlight", "pymdownx.superfences"),
]
_OPTIONS: dict[str, dict[str, Any]] = {
    "tables": {"use_align_attribute": True},
    "footnotes": {"SEPARATOR": "-", "BACKLINK_TITLE": "Back to the text at {}"},
    "toc": {"marker": "", "slugify": lambda text, gap: SECTION + slugify_unicode(text, gap)},
    "pymdownx.highlight": {"css_class": "highlight", "guess_lang": False, "linenums": False},
}


@dataclass(frozen=True)
class Rendered:
    """What one text becomes.

    `contents` lists the headings, `text` is what search reads, `links` the slugs of articles it
    leads to, `missing` the images and files it names that nobody stored.
    """

    html: str
    contents: list[dict[str, Any]]
    text: str
    links: list[str]
    missing: list[str]


def convert(body: str, pictures: Mapping[str, Picture]) -> Rendered:
    """Make clean HTML of Markdown. The caller has checked the body and limits the time."""
    findings = Findings()
    dialect = Dialect(dict(pictures), findings)
    markdown = Markdown(extensions=[*_STANDARD, dialect], extension_configs=_OPTIONS)
    html = clean(markdown.convert(body))
    outline = _Outline(html)
    return Rendered(html, outline.contents, outline.text, findings.links, findings.missing)


class _Outline(HTMLParser):
    """Reads headings and plain text back from clean HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.contents: list[dict[str, Any]] = []
        self._heading: dict[str, Any] | None = None
        self._in_sign = False
        self._pieces: list[str] = []
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        lines = (re.sub(r"[ \t]+", " ", line).strip() for line in "".join(self._pieces).split("\n"))
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in _CONTENTS_LEVELS and said.get("id"):
            self._heading = {"id": said["id"], "title": "", "level": _CONTENTS_LEVELS[tag]}
        self._in_sign = tag == "a" and said.get("class") in _SIGNS
        if tag == "img" and said.get("alt"):
            self._pieces.append(f" {said['alt']} ")
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _CONTENTS_LEVELS and self._heading:
            self._heading["title"] = " ".join(self._heading["title"].split())
            self.contents.append(self._heading)
            self._heading = None
        self._in_sign = False
        self._part(tag)

    def handle_data(self, data: str) -> None:
        if self._in_sign:
            return
        self._pieces.append(data)
        if self._heading is not None:
            self._heading["title"] += data

    def _part(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._pieces.append("\n")
