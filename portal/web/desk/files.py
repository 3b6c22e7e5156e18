"""Files of a case for staff, those of internal notes included."""

from flask import abort
from flask.typing import ResponseReturnValue

from portal.cases.attachments import find_attachment
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import load_case
from portal.web.downloads import send_attachment
from portal.web.transaction import db


@blueprint.get("/desk/cases/<reference>/files/<token>")
@allow(Who.AGENT)
def file(reference: str, token: str) -> ResponseReturnValue:
    """One file of this case."""
    case = load_case(reference)
    found = find_attachment(db(), case=case, token=token, is_staff=True)
    return send_attachment(found or abort(404))
