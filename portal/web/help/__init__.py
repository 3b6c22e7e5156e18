"""Anyone: finding, reading and judging answers, without an account."""

from flask import Blueprint

blueprint = Blueprint("help", __name__)

from portal.web.help import (  # noqa: E402  (the views need the blueprint)
    articles,
    comments,
    expectations,
    feedback,
    feeds,
    files,
    help_keys,
    home,
    kept_promises,
    known_issues,
    language,
    reading,
    searching,
    widget,
)

__all__ = [
    "articles",
    "blueprint",
    "comments",
    "expectations",
    "feedback",
    "feeds",
    "files",
    "help_keys",
    "home",
    "kept_promises",
    "known_issues",
    "language",
    "reading",
    "searching",
    "widget",
]
