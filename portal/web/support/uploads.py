"""Files for a draft: with the form, or one at a time as the page's script sends them."""

from typing import BinaryIO, cast

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from portal.cases.attachments import Upload, add_to_draft, files_of_draft, keep_files, limits_of
from portal.cases.draft import Draft
from portal.clock import now
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.filters import size
from portal.web.parts import parts
from portal.web.support import blueprint
from portal.web.support.steps import enter
from portal.web.transaction import db

LIMIT_BYTES = 256 * 1024 * 1024


@blueprint.post("/cases/drafts/<public_id>/files")
@allow(Who.HOLDER, limit_bytes=LIMIT_BYTES)
def upload(public_id: str) -> ResponseReturnValue:
    """One file; the answer names it, or says what is wrong with it."""
    draft, _answers = enter(public_id, "contact")
    refused = keep_uploads(draft, request.files.getlist("files")[:1])
    if refused:
        return jsonify(error=refused[0]), 422
    kept = files_of_draft(db(), draft)
    if not kept:
        return jsonify(error=_("Choose a file first.")), 422
    last = kept[-1]
    return jsonify(id=last.token, name=last.name, size=size(last.size_bytes))


def keep_uploads(draft: Draft, sent: list[FileStorage]) -> list[str]:
    """Keep what may be kept with the draft; each refused file is named with the remedy."""
    already = len(files_of_draft(db(), draft))
    uploads = [Upload(file.filename or "", cast(BinaryIO, file.stream)) for file in sent]
    limits = limits_of(parts().settings)
    kept, refused = keep_files(parts().files, uploads, limits=limits, already=already)
    add_to_draft(db(), draft=draft, kept=kept, now=now())
    return [str(each) for each in refused]
