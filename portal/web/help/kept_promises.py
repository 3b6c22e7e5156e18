"""How we keep our promises, for everybody, where the organisation publishes it."""

from datetime import timedelta

from flask import abort, render_template

from portal.cases.policies import NoPolicyError, policy_in_force
from portal.insight.kept import FEWEST
from portal.insight.service import service
from portal.web.access import Cache, Who, allow
from portal.web.addresses import absolute
from portal.web.filters import this_moment
from portal.web.help import blueprint
from portal.web.kept_promises import rows_of_promises
from portal.web.pages import Page, public_page
from portal.web.parts import parts
from portal.web.transaction import db

DAYS = 91
FRESH = timedelta(hours=1)


@blueprint.get("/promises")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
@public_page
def kept_promises() -> Page:
    """The last three months, worked out once an hour."""
    if not parts().settings.publishes_promises:
        abort(404)
    at = this_moment()
    found = service(db(), since=at - timedelta(DAYS), until=at, now=at)
    try:
        policy = policy_in_force(db(), now=at)[1]
    except NoPolicyError:
        policy = None
    html = render_template(
        "help/kept_promises.html",
        promises=rows_of_promises(found, policy),
        fewest=FEWEST,
        canonical=absolute("help.kept_promises"),
    )
    return Page(html, fresh_until=at + FRESH)
