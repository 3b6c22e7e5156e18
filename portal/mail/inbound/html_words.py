"""The words of an HTML mail: what a person reads there, as plain text. Nothing is loaded or run.

The parser of nh3 makes sense of whatever was sent and drops scripts and styles; what is left is
turned into lines, quoted parts marked by "> " as in a plain mail.
"""

from html.parser import HTMLParser

import nh3

_BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "section"}
)
_LINES = frozenset({"br", "li", "tr", "dt", "dd"})
_KEPT = _BLOCKS | _LINES | {"blockquote", "a", "img", "td", "th"}
_DROPPED = {"script", "style", "title", "noscript", "template", "svg", "math", "object", "iframe"}
_QUOTING = ("gmail_quote", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix")
_CLEANER = nh3.Cleaner(
    tags=set(_KEPT),
    clean_content_tags=_DROPPED,
    attributes={"a": {"href"}, "img": {"alt"}, "div": {"class"}, "blockquote": {"class"}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    strip_comments=True,
)


def words_of(html: str) -> str:
    """Plain text with a line for each line that was seen."""
    reader = _Reader()
    reader.feed(_CLEANER.clean(html))
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Collects lines from HTML that is well formed already."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quoting: list[str] = []
        self._link = ""
        self._is_verbatim = False

    def text(self) -> str:
        self._end_line()
        return "\n".join(self._lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "br" and not "".join(self._line).strip():
            self._add_blank()
        elif tag in _BLOCKS or tag in _LINES or tag == "blockquote":
            self._end_line()
        if tag == "blockquote" or (tag == "div" and self._is_quoting(given)):
            self._quoting.append(tag)
        elif tag == "div" and self._quoting:
            self._quoting.append("")  # so that its end doesn't end the quote
        if tag == "li":
            self._line.append("- ")
        elif tag in {"td", "th"} and self._line:
            self._line.append(" | ")
        elif tag == "img" and given.get("alt"):
            self._line.append(f"[{given['alt']}]")
        elif tag == "a":
            self._link = given.get("href") or ""
        elif tag == "pre":
            self._is_verbatim = True

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS or tag in {"blockquote", "li", "tr"}:
            self._end_line()
        if tag in {"p", "pre", "ul", "ol", "table"}:
            self._add_blank()
        if tag in {"div", "blockquote"} and self._quoting:
            self._end_quote(tag)
        if tag == "a" and self._link:
            if self._link.removeprefix("mailto:") not in "".join(self._line[-3:]):
                self._line.append(f" <{self._link}>")
            self._link = ""
        elif tag == "pre":
            self._is_verbatim = False

    def handle_data(self, data: str) -> None:
        if not self._is_verbatim:
            self._line.append(data.replace("\n", " "))
            return
        first, *others = data.split("\n")
        self._line.append(first)
        for each in others:
            self._end_line()
            self._line.append(each)

    def _is_quoting(self, given: dict[str, str | None]) -> bool:
        return any(mark in (given.get("class") or "") for mark in _QUOTING)

    def _end_quote(self, tag: str) -> None:
        while self._quoting:
            opened = self._quoting.pop()
            if opened == tag or (tag == "div" and opened == ""):
                return

    def _prefix(self) -> str:
        depth = sum(1 for tag in self._quoting if tag)
        return "> " if depth else ""

    def _end_line(self) -> None:
        joined = "".join(self._line)
        line = joined.rstrip() if self._is_verbatim else " ".join(joined.split())
        if line or self._is_verbatim:
            self._lines.append(f"{self._prefix()}{line}".rstrip())
        self._line = []

    def _add_blank(self) -> None:
        if self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._prefix().rstrip())
