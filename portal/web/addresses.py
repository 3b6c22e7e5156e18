"""The only builder of absolute addresses: from the configured base URL, never from a request's
headers, so that nobody can make the portal mail or print a link to another site.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, url_for

from portal.web.parts import parts

_MOST_KEPT = 4096


def address_of(endpoint: str, **values: Any) -> str:
    """What templates call `url_for`: an address that was built lately is not built again."""
    if not all(type(value) is str for value in values.values()):
        return url_for(endpoint, **values)
    built: Callable[..., str] | None = current_app.extensions.get("addresses")
    if built is None:
        built = current_app.extensions["addresses"] = lru_cache(maxsize=_MOST_KEPT)(_built)
    return built(request.script_root, endpoint, *values.items())


def _built(_root: str, endpoint: str, *values: tuple[str, Any]) -> str:
    return url_for(endpoint, **dict(values))


def absolute(endpoint: str, **values: Any) -> str:
    """The full address of an endpoint, the same inside and outside a request."""
    base = urlsplit(parts().settings.base_url)
    adapter = current_app.url_map.bind(base.netloc, url_scheme=base.scheme)
    return adapter.build(endpoint, values, force_external=True)
