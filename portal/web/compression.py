"""Pages made for one visitor go out compressed, cheaply.

A filler of random length keeps the compressed size from telling what a secret in the page is.
"""

import gzip
import io
import secrets

from flask import Response, request

LEVEL = 2
SMALLEST_BYTES = 1_000
LONGEST_FILLER = 100
_TEXTS = ("text/", "application/json", "application/atom+xml", "application/xml", "image/svg+xml")


def compress(response: Response) -> Response:
    """Compress a text answer when the browser takes it and it is worth it."""
    if not _is_whole_text(response):
        return response
    body = response.get_data()
    if len(body) < SMALLEST_BYTES:
        return response
    response.vary.add("Accept-Encoding")
    if "gzip" in request.headers.get("Accept-Encoding", "") and request.method != "HEAD":
        response.set_data(_packed(body))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _is_whole_text(response: Response) -> bool:
    if response.direct_passthrough or response.is_streamed or response.status_code in {204, 304}:
        return False
    is_text = (response.mimetype or "").startswith(_TEXTS)
    return is_text and "Content-Encoding" not in response.headers


def _packed(body: bytes) -> bytes:
    packed = io.BytesIO()
    filler = "-" * secrets.randbelow(LONGEST_FILLER)
    with gzip.GzipFile(filler, "wb", LEVEL, packed, mtime=0) as file:
        file.write(body)
    return packed.getvalue()
