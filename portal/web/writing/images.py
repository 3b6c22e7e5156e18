"""Images for a text: sent by the page's script as they are pasted, or chosen in the form.

They are kept with the unsaved text, and belong to the article once that is saved.
"""

import re
from typing import BinaryIO, cast

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from portal.clock import now
from portal.knowledge import drafts
from portal.knowledge.holdings import Holding
from portal.knowledge.library_folder import LARGEST_IMAGE_BYTES
from portal.knowledge.picturing import Kept, PictureRefusedError, keep_picture
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.parts import parts
from portal.web.transaction import db
from portal.web.writing import blueprint
from portal.web.writing.forms import ArticleForm
from portal.web.writing.loading import load_holding, writer

REQUEST_LIMIT_BYTES = LARGEST_IMAGE_BYTES + 2 * 1024 * 1024
_MARKS = re.compile(r"[\[\]\\]")


@blueprint.post("/writing/articles/<int:article_id>/images")
@allow(Who.WRITER, limit_bytes=REQUEST_LIMIT_BYTES)
def add_image(article_id: int) -> ResponseReturnValue:
    """One image of an article; the answer is how the text names it, or what is wrong."""
    return _answer(str(article_id), load_holding(article_id))


@blueprint.post("/writing/images/<key>")
@allow(Who.WRITER, limit_bytes=REQUEST_LIMIT_BYTES)
def add_image_to_new(key: str) -> ResponseReturnValue:
    """The same for an article that was never saved."""
    return _answer(key, None)


def add_chosen_image(form: ArticleForm, holding: Holding | None) -> bool:
    """Put the image that was chosen in the form at the end of the text; False with the reason at
    its field when it can't be shown.
    """
    sent = request.files.get("image")
    if sent is None or not sent.filename:
        return True
    if not form.alt.text:
        form.alt.errors = [_("Say what the image shows, for those who can’t see it.")]
        form.image_fault = _("Choose the image again, and say what it shows.")
        return False
    key = str(holding.article.id) if holding else form.draft_key.text
    try:
        kept = _keep(key, holding, sent)
    except PictureRefusedError as error:
        form.image_fault = str(error)
        return False
    form.body.data = f"{form.body.text.rstrip()}\n\n{_markdown(kept, form.alt.text)}\n"
    form.alt.data = ""
    return True


def _answer(key: str, holding: Holding | None) -> ResponseReturnValue:
    sent = request.files.get("image")
    if sent is None or not sent.filename:
        return jsonify(error=_("Choose an image first.")), 422
    try:
        kept = _keep(key, holding, sent)
    except PictureRefusedError as error:
        return jsonify(error=str(error)), 422
    return jsonify(path=kept["path"])


def _keep(key: str, holding: Holding | None, sent: FileStorage) -> Kept:
    article_id = holding.article.id if holding else None
    draft = drafts.be_here(db(), person=writer(), key=key, article_id=article_id, now=now())
    taken = {kept["path"] for kept in draft.images}
    taken |= {image.path for image in holding.article.images} if holding else set()
    kept = keep_picture(
        parts().files, cast(BinaryIO, sent.stream), name=sent.filename or "", taken=taken
    )
    draft.images = [*draft.images, kept]
    return kept


def _markdown(kept: Kept, alt: str) -> str:
    return f"![{_MARKS.sub('', alt)}]({kept['path']})"
