"""Writers: the library, its articles and their publication."""

from flask import Blueprint

blueprint = Blueprint("writing", __name__)

from portal.web.writing import (  # noqa: E402  (the views need the blueprint)
    address,
    announcement,
    article,
    categories,
    comments,
    deflection,
    draft,
    evidence,
    golden,
    help_keys,
    images,
    library,
    picking,
    preview,
    publication,
    review,
    rules,
    schedule,
    source,
    synonyms,
    taking_away,
    versions,
    work,
)

__all__ = [
    "address",
    "announcement",
    "article",
    "blueprint",
    "categories",
    "comments",
    "deflection",
    "draft",
    "evidence",
    "golden",
    "help_keys",
    "images",
    "library",
    "picking",
    "preview",
    "publication",
    "review",
    "rules",
    "schedule",
    "source",
    "synonyms",
    "taking_away",
    "versions",
    "work",
]
