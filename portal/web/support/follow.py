"""Following a case without an account: a mailed secret link opens this one case.

The answer is the same whether we know the case or not, so nobody can find out whose number it is.
"""

from datetime import timedelta

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases.access import LINK_DAYS, find_by_link, find_for_follow, prove_address
from portal.clock import now
from portal.mail.notices import follow_link, follow_link_to_nobody
from portal.people import throttle
from portal.web.access import Who, allow
from portal.web.identity import address_hash, keyed_hash
from portal.web.parts import parts
from portal.web.support import blueprint
from portal.web.support.act_forms import FollowForm
from portal.web.support.loading import hand_over
from portal.web.transaction import db

MOST_ASKED = 20
WINDOW = timedelta(hours=1)


@blueprint.get("/follow")
@allow(Who.ANYONE)
def follow() -> ResponseReturnValue:
    number = request.args.get("number", "")[:40]
    return render_template("support/follow.html", form=FollowForm(data={"reference": number}))


@blueprint.post("/follow")
@allow(Who.ANYONE)
def ask_for_link() -> ResponseReturnValue:
    """Mail a link if number and address belong together; say the same in any case."""
    form = FollowForm()
    if not form.validate():
        return render_template("support/follow.html", form=form), 422
    reference, email = form.reference.data or "", form.email.data or ""
    if _is_allowed(email):
        case = find_for_follow(db(), reference, email=email)
        if case is not None:
            follow_link(db(), case=case, settings=parts().settings, now=now())
        else:
            follow_link_to_nobody(db(), settings=parts().settings, now=now())
    return redirect(url_for("support.follow_sent"), 303)


@blueprint.get("/follow/sent")
@allow(Who.ANYONE)
def follow_sent() -> ResponseReturnValue:
    return render_template("support/follow_sent.html", days=LINK_DAYS)


@blueprint.get("/follow/<token>")
@allow(Who.HOLDER)
def open_link(token: str) -> ResponseReturnValue:
    """Exchange the secret for a cookie, so that it leaves the address bar and the history."""
    with parts().database.writing() as writing:
        case = find_by_link(writing, token, now=now())
        if case is None:
            response = make_response(render_template("support/follow_failed.html"), 404)
        else:
            prove_address(writing, token, case=case, now=now())
            target = url_for("support.case", reference=case.reference)
            response = hand_over(make_response(redirect(target, 303)), case, token)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _is_allowed(email: str) -> bool:
    """Not too often from one place, nor about one address."""
    keys = (f"follow-from-{address_hash()}", f"follow-about-{keyed_hash(email.casefold())}")
    counts = [throttle.allow(db(), key, limit=MOST_ASKED, window=WINDOW, now=now()) for key in keys]
    return all(counts)
