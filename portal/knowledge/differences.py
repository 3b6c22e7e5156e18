"""What changed between two versions, line by line, with a sign for each line, not only a colour."""

import difflib
from dataclasses import dataclass
from typing import Literal

from portal.knowledge.words import Words

Sign = Literal["+", "-", " ", "…"]


@dataclass(frozen=True)
class Line:
    """One line of a comparison: added, taken away, kept, or a gap of kept lines left out."""

    sign: Sign
    text: str


def differences(before: Words, after: Words) -> list[Line]:
    """The lines that differ, with two lines around them; empty when nothing does."""
    found: list[Line] = []
    compared = difflib.unified_diff(_lines(before), _lines(after), n=2, lineterm="")
    for line in list(compared)[2:]:
        if line.startswith("@@"):
            found += [Line("…", "")] if found else []
        else:
            found.append(Line(_sign(line), line[1:]))
    return found


def _sign(line: str) -> Sign:
    return "+" if line[0] == "+" else "-" if line[0] == "-" else " "


def _lines(words: Words) -> list[str]:
    head = [f"Title: {words.title}", f"Summary: {words.summary}"]
    head += [f"Applies to: {', '.join(words.applies_to)}"]
    head += [f"Search words: {', '.join(words.search_words)}", ""]
    return head + words.body.split("\n")
