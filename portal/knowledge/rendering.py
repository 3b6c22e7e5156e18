"""The only way from a writer's Markdown to HTML: checked, rendered under limits, cleaned last.

Page, preview, feed, print and search all read what this made. A text that takes more than two
seconds or 256 MB is refused; nothing else suffers, since a process of its own does the work.
"""

from collections.abc import Mapping

from portal.confined import Confined
from portal.knowledge.cleaning import CLEANER
from portal.knowledge.markdown_dialect import Picture
from portal.knowledge.rendering_core import Rendered
from portal.knowledge.rendering_limits import RenderingRefusedError, check_body
from portal.locale import gettext as _

__all__ = ["CLEANER", "Picture", "Rendered", "RenderingRefusedError", "render"]

_children = Confined("portal.knowledge.rendering_child")


def render(markdown: str, *, pictures: Mapping[str, Picture] | None = None) -> Rendered:
    """Make the HTML of an article's body; `pictures` are its images by the path the body uses.

    Raises RenderingRefusedError, with the line where it can be told. Safe to call from any thread.
    """
    check_body(markdown)
    request = {
        "body": markdown,
        "pictures": {
            path: [picture.address, picture.width, picture.height]
            for path, picture in (pictures or {}).items()
        },
    }
    answer = _children.ask(request)
    if "refused" in answer:
        raise _too_much(markdown)
    return Rendered(**answer)


def _too_much(markdown: str) -> RenderingRefusedError:
    """Point at the paragraph with most marks: it is nearly always the culprit."""
    line = max(
        enumerate(markdown.split("\n"), start=1),
        key=lambda numbered: sum(map(numbered[1].count, "[]()*_`<>|!")),
    )[0]
    return RenderingRefusedError(
        _(
            "the text takes too long to render; this line has most marks. Simplify it or split "
            "the article."
        ),
        line,
    )
