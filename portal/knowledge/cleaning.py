"""The one cleaner: whatever Markdown made of a writer's text passes here last, by allow-list.

Nothing is decoded, joined or marked up after it. When the rules or the dialect change, CLEANER
changes with them, and what an older one cleaned is rendered again.
"""

import nh3
from pygments.token import STANDARD_TYPES

from portal.knowledge.rendered_words import DONE, TO_DO

CLEANER = "2026-11-1"

_TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "hr", "br", "blockquote", "pre", "div", "span"),
    *("a", "img", "em", "strong", "code", "kbd", "mark", "del", "s", "sub", "sup"),
    *("ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href", "title", "rel", "aria-label"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "li": {"id"},
    "sup": {"id"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
_FIXED_VALUES = {
    "span": {"role": {"img"}, "aria-label": {DONE, TO_DO}},
    "img": {"loading": {"lazy"}},
    "th": {"scope": {"col"}},
}
_CLASSES = {
    "a": {"headerlink", "footnote-ref", "footnote-backref", "full-size"},
    "div": {
        *("admonition", "note", "info", "tip", "important", "warning", "caution", "danger"),
        *("example", "question", "footnote", "highlight", "table-wrap"),
    },
    "li": {"task-list-item"},
    "p": {"admonition-title"},
    "span": {"task", "missing-image", *filter(None, STANDARD_TYPES.values())},
    "td": {"align-center", "align-right"},
    "th": {"align-center", "align-right"},
    "ul": {"task-list"},
}

_cleaner = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags={"script", "style", "template", "title", "textarea", "iframe", "noscript"},
    attributes=_ATTRIBUTES,
    tag_attribute_values=_FIXED_VALUES,
    allowed_classes=_CLASSES,
    url_schemes={"http", "https", "mailto", "tel"},
    generic_attribute_prefixes=set(),
    link_rel=None,
    strip_comments=True,
)


def clean(html: str) -> str:
    """Keep only what an article may contain."""
    return _cleaner.clean(html)
