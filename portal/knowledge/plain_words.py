"""The form in which titles, words and bodies are kept, so that saving twice changes nothing."""

import re
import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LEADING_EMPTY_LINES = re.compile(r"\A(?:[ \t]*\n)+")


def one_line(text: str) -> str:
    """Text on a single line, each gap one space."""
    return " ".join(text.split())


def unwanted_character(text: str) -> str | None:
    """The first control, bidi or broken character of a single-line text, as U+0000."""
    for character in text:
        if character in _BIDI or unicodedata.category(character) in {"Cc", "Cs"}:
            return f"U+{ord(character):04X}"
    return None


def body_of(text: str) -> str:
    """A body with plain line ends, no empty lines around it, and a line end at its end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = _LEADING_EMPTY_LINES.sub("", lines).rstrip()
    return f"{kept}\n" if kept else ""
