"""The only check of where a redirect may lead: a page of this portal that can be opened by GET.

Browsers forgive much in an address (back-slashes, tabs, dot segments), so only the plainest form
passes; everything else leads to the default page.
"""

from urllib.parse import unquote, urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

LONGEST_TARGET = 2_000


def safe_next(target: str | None, default: str) -> str:
    """`target` if it is a page of this portal, else `default`."""
    return target if target and is_own_page(target) else default


def is_own_page(target: str) -> bool:
    """Whether `target` is a local path, plainly written, that some route answers to a GET."""
    return _is_plain(target) and _is_known(urlsplit(target).path)


def _is_plain(target: str) -> bool:
    if len(target) > LONGEST_TARGET or not target.startswith("/") or "\\" in target:
        return False
    if not all("!" <= character <= "~" for character in target):
        return False
    path = unquote(target.partition("?")[0].partition("#")[0])
    return not any(segment in {"", ".", ".."} for segment in path[1:].split("/")[:-1]) and (
        path.rsplit("/", 1)[-1] not in {".", ".."} and "\\" not in path and path.isprintable()
    )


def _is_known(path: str) -> bool:
    adapter = current_app.url_map.bind("localhost")
    try:
        adapter.match(unquote(path), method="GET")
    except RequestRedirect:
        return False
    except HTTPException:
        return False
    return True
