"""An own judgement of what HTML may reach a reader, independent of the cleaner's settings."""

import html as entities
import re
from html.parser import HTMLParser

from portal.knowledge.cleaning import clean

VOID = {"br", "hr", "img"}
ELEMENTS = {
    *("a", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h2", "h3", "h4"),
    *("h5", "h6", "hr", "img", "kbd", "li", "mark", "ol", "p", "pre", "s", "span", "strong"),
    *("sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    *("href", "title", "rel", "class", "src", "alt", "width", "height", "loading", "id"),
    *("role", "aria-label", "scope", "start"),
}
ADDRESS = re.compile(r"https?://[^/]|mailto:|tel:|/(?![/\\])|#")


class _Judge(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ELEMENTS:
            self.faults.append(f"element {tag}")
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"closes {tag}, which isn't open")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"declaration {data}")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name not in ATTRIBUTES:
            self.faults.append(f"attribute {name} of {tag}")
        if name in {"href", "src"}:
            seen = re.sub(r"[\x00-\x20]", "", entities.unescape(value))
            if not ADDRESS.match(seen) or "\\" in seen:
                self.faults.append(f"address {value!r}")
        if name == "src" and not value.startswith("/files/"):
            self.faults.append(f"loads {value!r}")
        if name == "id" and not value.startswith(("section-", "fn")):
            self.faults.append(f"id {value!r}")


def faults(html: str) -> list[str]:
    """What is wrong with HTML that is about to be served; nothing, if it may."""
    judge = _Judge()
    judge.feed(html)
    judge.close()
    found = judge.faults + [f"leaves {tag} open" for tag in judge.open]
    if clean(html) != html:
        found.append("reads differently when it is parsed again")
    return found
