"""Texts that would take a renderer too long are refused at once, with the line to change."""

import re

from portal.locale import gettext as _

LONGEST_BODY_BYTES = 256 * 1024
LONGEST_RUN = 200
DEEPEST_NESTING = 20
_RUN = re.compile(rf"[\[\](){{}}<>!]{{{LONGEST_RUN + 1},}}|([*_~`^=|])\1{{{LONGEST_RUN},}}")
_QUOTES = re.compile(r"[ >]*")
_FENCE = re.compile(r"[ >]*(`{3,}(?=[^`]*$)|~{3,})")
_LIST_INDENT = re.compile(r"( *)(?:[-+*]|\d{1,9}[.)]) ")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class RenderingRefusedError(Exception):
    """A text can't be shown as it is; the message says where and what to do."""

    def __init__(self, message: str, line: int | None = None) -> None:
        said = _("line %(line)s: %(message)s", line=line, message=message) if line else message
        super().__init__(said)
        self.line, self.message = line, message


def check_body(body: str) -> None:
    """Raise RenderingRefusedError, naming the line, for what no article needs."""
    size = len(body.encode("utf-8", "surrogatepass"))
    if size > LONGEST_BODY_BYTES:
        raise RenderingRefusedError(
            _(
                "the text has %(size)s KB; an article may have %(most)s KB. Split it into several "
                "articles.",
                size=size // 1024,
                most=LONGEST_BODY_BYTES // 1024,
            )
        )
    fence = ""
    for number, line in enumerate(body.split("\n"), start=1):
        fence = _fence_after(line, fence)
        if fault := _fault(line, is_code=bool(fence)):
            raise RenderingRefusedError(fault, number)


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after `line`."""
    said = line.strip(" >")
    if fence:
        return "" if said.startswith(fence) and not said.strip(fence[0]) else fence
    opening = _FENCE.match(line)
    return opening[1] if opening else ""


def _fault(line: str, *, is_code: bool) -> str | None:
    if control := _CONTROL.search(line):
        sign = f"U+{ord(control[0]):04X}"
        return _("there is a control character (%(sign)s). Remove it.", sign=sign)
    if _RUN.search(line) and not is_code:
        return _(
            "more than %(most)s brackets or marks stand in a row. Remove most of them.",
            most=LONGEST_RUN,
        )
    if is_code:
        return None
    quotes = _QUOTES.match(line)
    indented = _LIST_INDENT.match(line)
    levels = quotes[0].count(">") if quotes else 0
    levels += len(indented[1]) // 2 if indented else 0
    if levels > DEEPEST_NESTING:
        return _(
            "quotes or lists are nested more than %(most)s deep. Flatten them.",
            most=DEEPEST_NESTING,
        )
    return None
