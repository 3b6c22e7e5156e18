"""What contacts write is plain text: shown as they wrote it, with links to follow and code kept.

Every step looks at each character a fixed number of times, so no text, however odd, is slow.
"""

from markupsafe import Markup, escape

_ENDS = frozenset(" \t\n\"'<>`\u00a0")
_TRAILING = ".,;:!?)]}*_"
_LONGEST_LINK = 2_000
_DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_CONTROLS = "".join(chr(code) for code in (*range(32), 127, 0xFEFF) if chr(code) not in "\n\t")
_UNSEEN = dict.fromkeys(map(ord, _DIRECTIONS + _CONTROLS))


def plain_text(text: str) -> Markup:
    """Escaped HTML for a contact's text: paragraphs, line breaks, links, ``` fences."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNSEEN).split("\n")
    parts: list[str] = []
    block: list[str] = []
    in_code = False
    for line in [*lines, "```" if _is_open(lines) else ""]:
        is_fence = line.lstrip().startswith("```")
        if is_fence or (not in_code and not line.strip()):
            parts += _finished(block, in_code)
            block, in_code = [], in_code != is_fence
        else:
            block.append(line)
    return Markup("\n".join([*parts, *_finished(block, in_code)]))  # noqa: S704  (all escaped)


def _is_open(lines: list[str]) -> bool:
    return sum(line.lstrip().startswith("```") for line in lines) % 2 == 1


def _finished(block: list[str], in_code: bool) -> list[str]:
    """The block as escaped HTML."""
    if not block:
        return []
    if in_code:
        code = escape("\n".join(block))
        return [f'<pre tabindex="0"><code>{code}</code></pre>']
    lines = "<br>\n".join(map(_linked, block))
    return [f"<p>{lines}</p>"]


def _linked(line: str) -> str:
    """The line as escaped HTML, with its web addresses as links."""
    parts: list[str] = []
    done = at = 0
    while (at := line.find("http", at)) >= 0:
        end = _end_of_address(line, at)
        if end:
            address = line[at:end]
            parts += [escape(line[done:at]), _link(address)]
            done = at = end
        else:
            at += 4
    return "".join([*parts, escape(line[done:])])


def _end_of_address(line: str, at: int) -> int | None:
    start = at + 7 if line.startswith("http://", at) else at + 8
    if not line.startswith(("http://", "https://"), at) or (at and line[at - 1].isalnum()):
        return None
    end = start
    while end < len(line) and line[end] not in _ENDS and end - at < _LONGEST_LINK:
        end += 1
    while end > start and line[end - 1] in _TRAILING:
        end -= 1
    return end if end > start else None


def _link(address: str) -> str:
    shown = escape(address)
    return f'<a href="{shown}" rel="nofollow ugc noopener noreferrer">{shown}</a>'
