"""Reads headings and plain text back from clean HTML.

It reads only what the cleaner wrote: every tag in lower case, every value in double quotes, every
`<` and `&` of the text escaped. So one expression finds the tags, and nothing is parsed twice.
"""

import html
import re
from dataclasses import dataclass, field
from typing import Any

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*) ?/?>')
_VALUE = re.compile(r' ([a-z-]+)="([^"]*)"')
_GAPS = re.compile(r"[ \t]+")
_LEVELS = {"h2": 2, "h3": 3, "h4": 4}
_BLOCKS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "hr", "br", "blockquote", "pre", "div"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "th", "td"),
}
_SIGNS = {"headerlink", "footnote-ref", "footnote-backref"}


@dataclass
class Outline:
    """`contents` lists the headings as {"id", "title", "level"}; `text` is what search reads."""

    contents: list[dict[str, Any]] = field(default_factory=list)
    text: str = ""


def outline_of(clean_html: str) -> Outline:
    """The outline of what `cleaning.clean` returned, and of nothing else."""
    walk = _Walk()
    parts = _TAG.split(clean_html)
    walk.text(parts[0])
    for place in range(1, len(parts), 4):
        closing, tag, values, said = parts[place : place + 4]
        walk.tag(tag, values, is_closing=bool(closing))
        walk.text(said)
    lines = (_GAPS.sub(" ", line).strip() for line in "".join(walk.pieces).split("\n"))
    return Outline(walk.contents, "\n".join(line for line in lines if line))


class _Walk:
    """One pass over the tags and the text between them."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.contents: list[dict[str, Any]] = []
        self._heading: dict[str, Any] | None = None
        self._is_in_sign = False

    def tag(self, tag: str, values: str, *, is_closing: bool) -> None:
        self._is_in_sign = False
        if tag in _LEVELS:
            self._at_heading(tag, values, is_closing=is_closing)
        elif tag == "a" and not is_closing:
            self._is_in_sign = _values(values).get("class") in _SIGNS
        elif tag == "img" and (alt := _values(values).get("alt")):
            self.pieces.append(f" {alt} ")
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def _at_heading(self, tag: str, values: str, *, is_closing: bool) -> None:
        if not is_closing:
            if section := _values(values).get("id"):
                self._heading = {"id": section, "title": "", "level": _LEVELS[tag]}
        elif self._heading:
            self._heading["title"] = " ".join(self._heading["title"].split())
            self.contents.append(self._heading)
            self._heading = None

    def text(self, said: str) -> None:
        if not said or self._is_in_sign:
            return
        said = html.unescape(said)
        self.pieces.append(said)
        if self._heading is not None:
            self._heading["title"] += said


def _values(written: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _VALUE.findall(written)}
