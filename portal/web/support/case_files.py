"""Files of a case, for those who may read it; notes of staff have files that don't exist here."""

from flask import abort
from flask.typing import ResponseReturnValue

from portal.cases.attachments import find_attachment
from portal.web.access import Who, allow
from portal.web.downloads import send_attachment
from portal.web.support import blueprint
from portal.web.support.loading import load_case
from portal.web.transaction import db


@blueprint.get("/cases/<reference>/files/<token>")
@allow(Who.HOLDER)
def case_file(reference: str, token: str) -> ResponseReturnValue:
    case = load_case(reference)
    return send_attachment(find_attachment(db(), case=case, token=token) or abort(404))
