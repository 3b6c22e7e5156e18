"""Files of a case: images that were verified are shown, everything else is only ever saved.

No file can run here: a fixed type, no sniffing, and a sandbox around each.
"""

from flask import Response, abort, send_file
from flask.typing import ResponseReturnValue

from portal.cases.attachments import find_attachment
from portal.files import INLINE_IMAGES, OCTET_STREAM
from portal.web.access import Who, allow
from portal.web.parts import parts
from portal.web.support import blueprint
from portal.web.support.loading import load_case
from portal.web.transaction import db


@blueprint.get("/cases/<reference>/files/<token>")
@allow(Who.HOLDER)
def case_file(reference: str, token: str) -> ResponseReturnValue:
    case = load_case(reference)
    file = find_attachment(db(), case_id=case.id, token=token) or abort(404)
    path = parts().files.path(file.content_hash)
    if not path.is_file():
        abort(404)
    is_image = file.media_type in INLINE_IMAGES
    response: Response = send_file(
        path,
        mimetype=file.media_type if is_image else OCTET_STREAM,
        as_attachment=not is_image,
        download_name=file.name,
        etag=False,
        max_age=0,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
