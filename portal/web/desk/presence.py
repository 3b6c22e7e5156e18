"""Who else is at this case, and what was written since it was shown: said before sending.

The page asks by script every few seconds. Without script the form's revision is what tells.
"""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.cases.access import find_case
from portal.clock import now
from portal.desk.presence import be_present, others_at, written_since
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import worker
from portal.web.transaction import db


@blueprint.post("/desk/cases/<reference>/presence")
@allow(Who.AGENT, is_use=False)
def presence(reference: str) -> ResponseReturnValue:
    """Note that this page is open, and tell who else is here."""
    case, at = find_case(db(), reference, person=worker()) or abort(404), now()
    is_replying = request.form.get("replying") == "yes"
    seen = _number(request.form.get("after", ""))
    be_present(db(), case_id=case.id, person=worker(), is_replying=is_replying, now=at)
    return render_template(
        "desk/_presence.html",
        present=others_at(db(), case_id=case.id, person=worker(), now=at),
        written=written_since(db(), case_id=case.id, person=worker(), message_id=seen),
    )


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else 0
