"""What other tools write beyond Markdown, in our dialect; code stays as it is.

What has no sign here is left as text and noted with its line, so that somebody rewrites it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from portal.knowledge.head_values import Problem

_KINDS = {
    **dict.fromkeys(("note", "info", "tip", "important", "warning", "caution", "danger"), ""),
    **{"abstract": "note", "success": "tip", "hint": "tip", "failure": "danger", "bug": "danger"},
    **{"example": "", "question": "", "quote": "note", "secondary": "note", "error": "danger"},
}
_FENCE = re.compile(r" *(`{3,}(?=[^`]*$)|~{3,})")
_COLONS = re.compile(r"^( *):{3,} ?([a-z]+)(?:\[(.*?)\]| +(.*?))? *$")
_COLONS_END = re.compile(r"^ *:{3,} *$")
_ALERT = re.compile(r"^( *)> ?\[!([A-Za-z]+)\]\s*(.*)$")
_FOLDED = re.compile(r"^( *)\?\?\?\+? +([a-z]+)( +\".*\")? *$")
_TAB = re.compile(r'^( *)===[!+]? +"(.+)" *$')
_NOTICE = re.compile(r"^( *)\{\{[<%]\s*(?:notice|hint|alert|callout)\s*([^>%]*?)\s*[>%]\}\} *$")
_NOTICE_END = re.compile(r"^ *\{\{[<%]\s*/\s*(?:notice|hint|alert|callout)\s*[>%]\}\} *$")
_DROPPED = re.compile(
    r"^ *(?:\{% *(?:raw|endraw|comment|endcomment) *%\}|\{:[^}\n]*\}|\{/\*.*\*/\}|"
    r"</?details(?: open)?>|:::(?:row|column)(?:-end)?\b[^:]*:::|:::image-end:::) *$|"
    r"^(?:import [\w{}*, ]+ from ['\"].*|import ['\"].*|export (?:const|default) .*);? *$"
)
_HIGHLIGHT = re.compile(r"^( *)\{% *highlight +([\w+-]+).*%\} *$")
_HIGHLIGHT_END = re.compile(r"^ *\{% *endhighlight *%\} *$")
_FIGURE = re.compile(r"\{\{[<%]\s*(?:figure|img)\s+([^>]*?)\s*/?[>%]\}\}")
_LEARN_IMAGE = re.compile(r":::image ([^:]*(?::(?!::)[^:]*)*):::")
_IMG = re.compile(r"<img\s([^>]{1,1000}?)/?>", re.IGNORECASE)
_VALUE = re.compile(r"([\w-]+)\s*=\s*[\"'{]+(.*?)[\"'}]+")
_REF = re.compile(r"\{\{[<%]\s*(?:rel)?ref\s+[\"']?([^\"'\s>%]+)[\"']?[^>%]*[>%]\}\}")
_LINK = re.compile(r"\{%\s*(?:link|post_url)\s+([^%\s]+)\s*%\}")
_SITE = re.compile(r"\{\{\s*(?:site|page)\.(?:baseurl|url|github\.url)\s*\}\}")
_ANCHOR = re.compile(
    r"<a\s[^>]{0,500}?href=[\"']([^\"'>]{1,500})[\"'][^>]{0,200}>([^<]{1,300})</a>"
)
_SUMMARY = re.compile(r"<summary>(.{1,200}?)</summary>")
_CODE = re.compile(r"(`+)(?:(?!\1).)+\1")
_LEFT = re.compile(r"\{\{[<%]|\{%|\{\{\s*\w|</?[A-Z]\w+[ />]|\[!INCLUDE|:::\w")
_SIGNS = ("{", ":::", "[!", "???", "===", "<", "import ", "export ")


@dataclass
class Converted:
    """A body with as many lines as before, and what was left as it stands."""

    body: str
    notes: list[Problem] = field(default_factory=list)


def convert_body(body: str, first_line: int) -> Converted:
    """Our dialect; `first_line` is where the body begins in its file."""
    if not any(sign in body for sign in _SIGNS):
        return Converted(body)
    walk = _Walk()
    for number, line in enumerate(body.split("\n"), start=first_line):
        walk.line(line, number)
    return Converted("\n".join(walk.written), walk.notes)


class _Walk:
    """One pass over the lines. An open box indents what belongs to it."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.notes: list[Problem] = []
        self._fence = ""
        self._boxes = 0
        self._in_alert = False

    def line(self, line: str, number: int) -> None:
        if self._fence or (opening := _FENCE.match(line)):
            self._code(line, "" if self._fence else opening[1])  # type: ignore[index]
        elif not self._opens_or_closes(line):
            self._text(line, number)

    def _put(self, line: str) -> None:
        self.written.append(" " * (4 * self._boxes) + line if line.strip() else "")

    def _code(self, line: str, opening: str) -> None:
        said = line.strip()
        if opening:
            self._fence = opening
        elif said.startswith(self._fence) and not said.strip(self._fence[0]):
            self._fence = ""
        self._put(line)

    def _opens_or_closes(self, line: str) -> bool:
        if self._in_alert:
            self._in_alert = line.lstrip().startswith(">")
            if self._in_alert:
                self._put("    " + re.sub(r"^ *> ?", "", line))
                return True
        if alert := _ALERT.match(line):
            self._in_alert = True
            self._put(f"{alert[1]}!!! {_kind(alert[2])}")
            if alert[3]:
                self.written[-1] += f' "{_quoted(alert[3])}"'
            return True
        if box := _COLONS.match(line) or _NOTICE.match(line):
            return self._open(box)
        if self._boxes and (_COLONS_END.match(line) or _NOTICE_END.match(line)):
            self._boxes -= 1
            self.written.append("")
            return True
        return self._is_rewritten(line)

    def _open(self, box: re.Match[str]) -> bool:
        words = box[2].strip("\"' ").split() or ["note"]
        title = (box[3] or box[4] or "") if box.re is _COLONS else ""
        if box.re is _COLONS and words[0] not in _KINDS:
            return False
        if self._boxes >= 6:
            return False
        said = f' "{_quoted(title)}"' if title else ""
        self._put(f"{box[1]}!!! {_kind(words[0])}{said}")
        self._boxes += 1
        return True

    def _is_rewritten(self, line: str) -> bool:
        if folded := _FOLDED.match(line):
            self._put(f"{folded[1]}!!! {_kind(folded[2])}{folded[3] or ''}")
        elif tab := _TAB.match(line):
            self._put(f'{tab[1]}!!! note "{_quoted(tab[2])}"')
        elif code := _HIGHLIGHT.match(line):
            self._put(f"{code[1]}```{code[2]}")
        elif _HIGHLIGHT_END.match(line):
            self._put("```")
        elif _DROPPED.match(line):
            self.written.append("")
        else:
            return False
        return True

    def _text(self, line: str, number: int) -> None:
        if "{" in line or "<" in line or ":::" in line:
            line = outside_code(line, _inline)
        if ("{" in line or "<" in line or "[!" in line) and (
            left := _LEFT.search(_CODE.sub("", line))
        ):
            fault = f"“{left[0].strip()}” is another tool's sign and is shown as text. Rewrite it."
            self.notes.append(Problem(number, fault))
        self._put(line)


def outside_code(line: str, change: Callable[[str], str]) -> str:
    """A line with everything but its code changed."""
    if "`" not in line:
        return change(line)
    return "".join(_pieces(line, change))


def _pieces(line: str, change: Callable[[str], str]) -> Iterator[str]:
    place = 0
    for code in _CODE.finditer(line):
        yield change(line[place : code.start()])
        yield code[0]
        place = code.end()
    yield change(line[place:])


def _inline(text: str) -> str:
    text = _SITE.sub("", text)
    text = _REF.sub(r"\1", text)
    text = _LINK.sub(r"/\1", text)
    text = _FIGURE.sub(lambda m: _image(m[1]), text)
    text = _LEARN_IMAGE.sub(lambda m: _image(m[1]), text)
    text = _IMG.sub(lambda m: _image(m[1]), text)
    text = _ANCHOR.sub(r"[\2](\1)", text)
    return _SUMMARY.sub(r"**\1**", text)


def _image(values: str) -> str:
    said = {name.lower(): value for name, value in _VALUE.findall(values)}
    source = said.get("src") or said.get("source") or ""
    alt = said.get("alt") or said.get("alt-text") or said.get("caption") or ""
    return f"![{alt.replace('[', '(').replace(']', ')')}](<{source}>)" if source else ""


def _kind(word: str) -> str:
    word = word.lower()
    return _KINDS.get(word, "note") or word


def _quoted(title: str) -> str:
    return title.strip().replace('"', "'")
