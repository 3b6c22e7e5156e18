"""What belongs to a step may stand under the step's text, as writers know it from other tools.

Python-Markdown wants four spaces for each level; this brings two and three to four, opens a list
that follows a sentence without an empty line, and drops comments. Fenced code keeps its words.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from markdown.preprocessors import Preprocessor

_MARKER = re.compile(r"( *)([-+*]|(\d{1,9})\.)( +)(?=\S)")
_RULE = re.compile(r" {0,3}([-*_])( *\1){2,} *$")
_TABLE_EDGE = re.compile(r"[-|: ]+$")
_FENCE = re.compile(r" *(`{3,}(?=[^`]*$)|~{3,})")
_NEVER_LAZY = ("#", ">", "!!!", "|")
_WIDTH = 4


class ListIndentation(Preprocessor):
    """Hands Python-Markdown lists as it expects them."""

    def run(self, lines: list[str]) -> list[str]:
        return _Walk().over(_without_comments(lines))


@dataclass
class _Step:
    """An open list item: where its text begins, and where the writer puts what belongs to it."""

    offset: int
    base: int | None = None


@dataclass
class _Walk:
    """One pass over the lines."""

    written: list[str] = field(default_factory=list)
    steps: list[_Step] = field(default_factory=list)
    fence: str = ""
    shift: tuple[int, int] = (0, 0)

    def over(self, lines: list[str]) -> list[str]:
        for line in lines:
            if self.fence:
                self._inside_fence(line)
            elif not line.strip():
                self.written.append("")
            else:
                self._outside_fence(line, len(line) - len(line.lstrip(" ")))
        return self.written

    @property
    def _follows_text(self) -> bool:
        return bool(self.written and self.written[-1])

    def _inside_fence(self, line: str) -> None:
        self.written.append(_shifted(line, *self.shift))
        if _closes(line, self.fence):
            self.fence = ""

    def _outside_fence(self, line: str, indent: int) -> None:
        if opening := _FENCE.match(line):
            self._close_steps(indent)
            self.fence, self.shift = opening[1], (indent, self._target(indent))
            self.written.append(_shifted(line, *self.shift))
        elif marker := self._marker(line, indent):
            self._open_step(line, indent, marker)
        else:
            self._text(line, indent)

    def _marker(self, line: str, indent: int) -> re.Match[str] | None:
        if _RULE.match(line) or _TABLE_EDGE.match(line) or (not self.steps and indent >= _WIDTH):
            return None
        marker = _MARKER.match(line)
        is_wrapped_number = marker and marker[3] not in {None, "1"}
        return None if is_wrapped_number and not self.steps and self._follows_text else marker

    def _open_step(self, line: str, indent: int, marker: re.Match[str]) -> None:
        self._close_steps(indent)
        if self._follows_text and not self.steps and not _MARKER.match(self.written[-1]):
            self._part_from_text()
        self._target(indent)
        self.written.append(" " * (_WIDTH * len(self.steps)) + line.lstrip(" "))
        gap = len(marker[4]) if len(marker[4]) <= _WIDTH else 1
        self.steps.append(_Step(indent + len(marker[2]) + gap))

    def _part_from_text(self) -> None:
        """A list right under a sentence; below another item's lines it only goes on."""
        if self.written[-1][:1] != " ":
            self.written.append("")

    def _text(self, line: str, indent: int) -> None:
        is_lazy = self._follows_text and not line.lstrip().startswith(_NEVER_LAZY)
        if self.steps and is_lazy:
            target = indent and _WIDTH * len(self.steps)
        else:
            self._close_steps(indent)
            target = self._target(indent)
        self.written.append(_shifted(line, indent, target))

    def _close_steps(self, indent: int) -> None:
        while self.steps and indent < self.steps[-1].offset:
            self.steps.pop()

    def _target(self, indent: int) -> int:
        """Where what stands at `indent` has to stand within the open steps."""
        if not self.steps:
            return indent
        step, wanted = self.steps[-1], _WIDTH * len(self.steps)
        if step.base is None:
            step.base = wanted if indent == wanted else step.offset
        return wanted + max(0, indent - step.base)


def _shifted(line: str, old: int, new: int) -> str:
    kept = line[old:] if not line[:old].strip() else line.lstrip(" ")
    return " " * new + kept if kept.strip() else ""


def _closes(line: str, fence: str) -> bool:
    said = line.strip()
    return said.startswith(fence) and not said.strip(fence[0])


def _without_comments(lines: list[str]) -> list[str]:
    """Drop comments that fill whole lines, outside fenced code; an unclosed one is only text."""
    ends = [number for number, line in enumerate(lines) if line.rstrip().endswith("-->")]
    kept: list[str] = []
    fence, skip_until = "", -1
    for number, line in enumerate(lines):
        if number <= skip_until:
            continue
        if fence:
            fence = "" if _closes(line, fence) else fence
        elif opening := _FENCE.match(line):
            fence = opening[1]
        elif line.lstrip().startswith("<!--") and (end := bisect_left(ends, number)) < len(ends):
            skip_until = ends[end]
            continue
        kept.append(line)
    return kept
