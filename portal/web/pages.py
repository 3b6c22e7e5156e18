"""Public pages are the same bytes for every visitor, so each is made once and then kept.

A kept page is given away only while nothing that it shows has changed: one cheap look at the
library's revision counter for each request, whichever process published. Visitors who are signed
in never come here.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, current_app, g, request

from portal.clock import now
from portal.web.kept_pages import KeptPage, KeptPages


@dataclass(frozen=True)
class Page:
    """A public page: its text, what it shows ("article:12", "category:3", "site"), and until when
    it is true if time alone makes it wrong. `article_id` names the article that is read by it.
    """

    html: str
    tags: frozenset[str] = frozenset()
    fresh_until: datetime | None = None
    article_id: int | None = None
    media_type: str = "text/html; charset=utf-8"


def public_page(view: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the Page that this view returns; any other answer (redirect, 404) passes through."""

    @functools.wraps(view)
    def answer(*args: Any, **values: Any) -> Any:
        made = view(*args, **values)
        return _respond(made) if isinstance(made, Page) else made

    return answer


def kept_pages() -> KeptPages:
    """The pages that this process keeps."""
    found: KeptPages = current_app.extensions["kept_pages"]
    return found


def _respond(page: Page) -> Response:
    keeper = kept_pages()
    if keeper.is_personal(request.environ) or g.get("told"):
        g.is_personal = True
        return Response(page.html, content_type=page.media_type)
    kept = KeptPage.make(
        page.html.encode(),
        tags=page.tags,
        media_type=page.media_type,
        fresh_until=page.fresh_until.timestamp() if page.fresh_until else None,
        article_id=page.article_id,
    )
    if page.fresh_until is None or page.fresh_until > now():
        keeper.keep(request.environ, kept)
    g.is_kept_page = True
    return _response(keeper, kept)


def _response(keeper: KeptPages, kept: KeptPage) -> Response:
    status, headers, body = keeper.answer(request.environ, kept)
    response = Response(status=status, headers=headers)
    response.response = [body]
    return response
