"""A file of a case goes out as what its bytes are, never as what somebody said they were.

Only four kinds of picture are shown in the browser; everything else is saved, and nothing in it
can run here.
"""

from pathlib import Path

from flask import Response, abort, send_file

from portal.cases.conversation import Attachment
from portal.files import INLINE_IMAGES, OCTET_STREAM
from portal.web.parts import parts

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def send_attachment(attachment: Attachment) -> Response:
    """The bytes of an attachment whose case was checked already."""
    path: Path = parts().files.path(attachment.content_hash)
    if not path.is_file():
        abort(404)
    is_picture = attachment.media_type in INLINE_IMAGES
    response: Response = send_file(
        path,
        mimetype=attachment.media_type if is_picture else OCTET_STREAM,
        as_attachment=not is_picture,
        download_name=attachment.name,
        etag=attachment.content_hash,
        conditional=True,
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response
