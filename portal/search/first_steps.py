"""What of an article can be read on the results page: all of a short one, else whole sections from
its beginning, so that the first steps can be followed in place.
"""

import re

from markupsafe import Markup

MOST_CHARACTERS = 6_000
_NESTING = ("div", "details", "blockquote", "ol", "ul", "table", "section", "aside", "dl")


def first_steps(html: str) -> tuple[Markup, bool]:
    """The beginning of cleaned HTML, cut only between sections, and whether it is all of it.

    Empty where no cut can be made.
    """
    if len(html) <= MOST_CHARACTERS:
        return Markup(html), True  # noqa: S704  (cleaned at save)
    places = [found.start() for found in re.finditer(r"<h[23][ >]", html[:MOST_CHARACTERS])]
    for place in reversed(places):
        if place > 0 and _is_whole(html[:place]):
            return Markup(html[:place]), False  # noqa: S704  (a whole part of cleaned HTML)
    return Markup(""), False


def _is_whole(html: str) -> bool:
    return all(len(re.findall(rf"<{tag}[ >]", html)) == html.count(f"</{tag}>") for tag in _NESTING)
