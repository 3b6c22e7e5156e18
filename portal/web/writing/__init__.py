"""Writers: the library, its articles and their publication."""

from flask import Blueprint

blueprint = Blueprint("writing", __name__)

from portal.web.writing import (  # noqa: E402  (the views need the blueprint)
    article,
    deflection,
    evidence,
    help_keys,
    library,
    preview,
    publication,
    synonyms,
    versions,
    work,
)

__all__ = [
    "article",
    "blueprint",
    "deflection",
    "evidence",
    "help_keys",
    "library",
    "preview",
    "publication",
    "synonyms",
    "versions",
    "work",
]
