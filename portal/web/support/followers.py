"""Adding a colleague to a case, and leaving one."""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.cases.following import NotAColleagueError, add_follower, find_colleague, leave
from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.identity import current_person
from portal.web.messages import tell
from portal.web.support import blueprint
from portal.web.support.act_forms import FollowerForm
from portal.web.support.acts import again, back
from portal.web.support.loading import load_case
from portal.web.transaction import db

_NOBODY = N_(
    "We find no colleague of yours by that. Enter their full name as we have it, or their address."
)


@blueprint.post("/cases/<reference>/followers")
@allow(Who.SIGNED_IN)
def followers(reference: str) -> ResponseReturnValue:
    """Add a colleague of the same organisation or its partner; they are told."""
    case, form = load_case(reference), FollowerForm(prefix="follower-")
    person = current_person() or abort(404)
    if not form.validate():
        return again(case, form, follower=form)
    try:
        colleague = find_colleague(db(), case, form.who.text)
        is_new = add_follower(
            db(), case=case, person=colleague, by=person, by_name=person.name, now=now()
        )
    except NotAColleagueError:
        form.who.errors = [_(_NOBODY)]
        return again(case, form, follower=form)
    name = colleague.name
    words = (
        _("%(name)s follows this case now, and was told.", name=name)
        if is_new
        else _("%(name)s reads this case already.", name=name)
    )
    return back(case, "success", words, anchor="followers")


@blueprint.post("/cases/<reference>/leaving")
@allow(Who.SIGNED_IN)
def leaving(reference: str) -> ResponseReturnValue:
    """Stop following. Whoever may still see the case stays on it; others go to their list."""
    case, person = load_case(reference), current_person()
    leave(db(), case=case, person=person or abort(404), now=now())
    gone = _("You no longer follow %(case)s, and get no more mail about it.", case=case.reference)
    tell("success", gone)
    return redirect(url_for("support.case_list"), 303)
