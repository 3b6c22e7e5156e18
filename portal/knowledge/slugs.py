"""The last part of an article's or category's address: lower case, words joined by hyphens."""

import re
import unicodedata

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 120


def is_slug(text: str) -> bool:
    return len(text) <= LONGEST_SLUG and SLUG.fullmatch(text) is not None


def slug_of(text: str) -> str:
    """The slug that a title or file name leads to; a slug stays as it is; may be empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    slug = "-".join(words)
    while len(slug) > LONGEST_SLUG:
        words.pop()
        slug = "-".join(words) or slug[:LONGEST_SLUG]
    return slug
