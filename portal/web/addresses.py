"""The only builder of absolute addresses: from the configured base URL, never from a request's
headers, so that nobody can make the portal mail or print a link to another site.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, url_for

from portal.web.parts import parts


def address_of(endpoint: str, **values: Any) -> str:
    """What templates call `url_for`: those of header and footer are the same on every page."""
    if values:
        return url_for(endpoint, **values)
    known: dict[tuple[str, str], str] = current_app.extensions.setdefault("addresses", {})
    key = (request.script_root, endpoint)
    if key not in known:
        known[key] = url_for(endpoint)
    return known[key]


def absolute(endpoint: str, **values: Any) -> str:
    """The full address of an endpoint, the same inside and outside a request."""
    base = urlsplit(parts().settings.base_url)
    adapter = current_app.url_map.bind(base.netloc, url_scheme=base.scheme)
    return adapter.build(endpoint, values, force_external=True)
