"""Markdown to the HTML that is stored and served; runs in a limited process of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markdown import Markdown
from markdown.extensions.toc import slugify_unicode

from portal.knowledge.cleaning import clean
from portal.knowledge.code_classes import ClassesOnly
from portal.knowledge.markdown_dialect import SECTION, Dialect, Findings, Picture
from portal.knowledge.outline import outline_of
from portal.knowledge.rendered_words import BACK

_STANDARD = [
    *("tables", "admonition", "def_list", "footnotes", "sane_lists", "toc"),
    *("pymdownx.highlight", "pymdownx.superfences"),
]
_OPTIONS: dict[str, dict[str, Any]] = {
    "tables": {"use_align_attribute": True},
    "footnotes": {"SEPARATOR": "-", "BACKLINK_TITLE": BACK},
    "toc": {"marker": "", "slugify": lambda text, gap: SECTION + slugify_unicode(text, gap)},
    "pymdownx.highlight": {
        "css_class": "highlight",
        "guess_lang": False,
        "linenums": False,
        "pygments_style": ClassesOnly(),
    },
}


@dataclass(frozen=True)
class Rendered:
    """What one text becomes.

    `contents` lists the headings, `text` is what search reads, `links` the slugs of articles it
    leads to, `missing` the images and files it names that nobody stored.
    """

    html: str
    contents: list[dict[str, Any]]
    text: str
    links: list[str]
    missing: list[str]


def convert(body: str, pictures: Mapping[str, Picture]) -> Rendered:
    """Make clean HTML of Markdown. The caller has checked the body and limits the time."""
    findings = Findings()
    dialect = Dialect(dict(pictures), findings)
    markdown = Markdown(extensions=[*_STANDARD, dialect], extension_configs=_OPTIONS)
    html = clean(markdown.convert(body))
    outline = outline_of(html)
    return Rendered(html, outline.contents, outline.text, findings.links, findings.missing)
