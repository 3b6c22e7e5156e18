"""Single keys of the desk, turned on or off by each member of staff."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.locale import gettext as _
from portal.people import registering
from portal.web.access import Who, allow
from portal.web.account import blueprint
from portal.web.identity import current_person
from portal.web.messages import tell
from portal.web.transaction import db


@blueprint.post("/account/shortcuts")
@allow(Who.AGENT)
def set_shortcuts() -> ResponseReturnValue:
    """What was ticked holds on every machine on which this person signs in."""
    person, are_on = current_person(), request.form.get("has_shortcuts") == "y"
    assert person is not None
    registering.set_shortcuts(db(), person=person, are_on=are_on, now=now())
    words = _("Keyboard shortcuts are on.") if are_on else _("Keyboard shortcuts are off.")
    tell("success", words)
    return redirect(url_for("account.profile"), 303)
