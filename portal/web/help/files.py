"""The images of articles: shown to those who may read an article that has them, to nobody else."""

from flask import Response, abort, send_file
from flask.typing import ResponseReturnValue

from portal.files import INLINE_IMAGES
from portal.knowledge.picturing import find_image_of_any, find_unsaved
from portal.knowledge.queries import find_image
from portal.knowledge.reader import ANYONE
from portal.web.access import Cache, Who, allow
from portal.web.downloads import SANDBOX
from portal.web.help import blueprint
from portal.web.identity import current_person, reader
from portal.web.parts import parts
from portal.web.transaction import db

FOR_EVER = "public, max-age=31536000, immutable"
FOR_ONE_READER = "private, max-age=3600"


@blueprint.get("/files/<content_hash>/<name>")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
def file(content_hash: str, name: str) -> ResponseReturnValue:
    """An image by its content; the name in the address is only for people."""
    del name
    image = find_image(db(), content_hash, reader=reader())
    media_type = (image.media_type if image else _unpublished(content_hash)) or abort(404)
    path = parts().files.path(content_hash)
    if media_type not in INLINE_IMAGES or not path.is_file():
        abort(404)
    response: Response = send_file(path, mimetype=media_type, conditional=True, etag=content_hash)
    is_public = find_image(db(), content_hash, reader=ANYONE) is not None
    response.headers["Cache-Control"] = FOR_EVER if is_public else FOR_ONE_READER
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _unpublished(content_hash: str) -> str | None:
    """The kind of an image that only who writes may see: of a draft, or of a text not yet saved."""
    person = current_person()
    if person is None or not person.is_staff:
        return None
    if (image := find_image_of_any(db(), content_hash)) is not None:
        return image.media_type
    unsaved = find_unsaved(db(), content_hash, person_id=person.id)
    return unsaved["media_type"] if unsaved else None
