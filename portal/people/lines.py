"""A single line of text that is what it looks like."""

import unicodedata

_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def has_invisible(text: str) -> bool:
    """Whether a line holds what could make it pretend: control and direction characters."""
    return any(unicodedata.category(c) == "Cc" or c in _DIRECTIONS for c in text)
