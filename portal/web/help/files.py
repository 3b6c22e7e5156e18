"""The images of articles: shown to those who may read an article that has them, to nobody else."""

from flask import Response, abort, send_file
from flask.typing import ResponseReturnValue

from portal.files import INLINE_IMAGES
from portal.knowledge.queries import find_image
from portal.knowledge.reader import ANYONE
from portal.web.access import Cache, Who, allow
from portal.web.downloads import SANDBOX
from portal.web.help import blueprint
from portal.web.identity import reader
from portal.web.parts import parts
from portal.web.transaction import db

FOR_EVER = "public, max-age=31536000, immutable"
FOR_ONE_READER = "private, max-age=3600"


@blueprint.get("/files/<content_hash>/<name>")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
def file(content_hash: str, name: str) -> ResponseReturnValue:
    """An image by its content; the name in the address is only for people."""
    del name
    image = find_image(db(), content_hash, reader=reader()) or abort(404)
    path = parts().files.path(image.content_hash)
    if image.media_type not in INLINE_IMAGES or not path.is_file():
        abort(404)
    response: Response = send_file(
        path, mimetype=image.media_type, conditional=True, etag=image.content_hash
    )
    is_public = find_image(db(), content_hash, reader=ANYONE) is not None
    response.headers["Cache-Control"] = FOR_EVER if is_public else FOR_ONE_READER
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
