"""The only builder of absolute addresses: from the configured base URL, never from a request's
headers, so that nobody can make the portal mail or print a link to another site.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from portal.web.parts import parts


def absolute(endpoint: str, **values: Any) -> str:
    """The full address of an endpoint, the same inside and outside a request."""
    base = urlsplit(parts().settings.base_url)
    adapter = current_app.url_map.bind(base.netloc, url_scheme=base.scheme)
    return adapter.build(endpoint, values, force_external=True)
