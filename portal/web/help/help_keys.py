"""Help keys: a link in a product leads to its article, or to a search when there is none.

What isn't there and what isn't this reader's look the same.
"""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge.helping import (
    Asked,
    Place,
    find_place,
    note_asked,
    read_asked,
    words_of_key,
)
from portal.knowledge.reader import Reader
from portal.web.access import Who, allow
from portal.web.help import blueprint
from portal.web.identity import reader
from portal.web.transaction import db
from portal.web.visits import is_counted, keep_after


@blueprint.get("/help/<key>")
@allow(Who.ANYONE)
def help_key(key: str) -> ResponseReturnValue:
    asked = asked_in_address(key)
    place = find_for(asked, reader())
    if place is not None:
        address = url_for("help.article", slug=place.slug, _anchor=place.anchor or None)
        return counted(Response(status=302, headers={"Location": address}), asked)
    words = words_of_key(asked.key) if asked else ""
    return counted(Response(render_template("help/no_help.html", words=words), 404), asked)


def asked_in_address(key: str) -> Asked | None:
    """What a product asks for; None when nothing can be asked like this."""
    return read_asked(key, request.args.get("product", ""), request.args.get("version", ""))


def find_for(asked: Asked | None, who: Reader) -> Place | None:
    return find_place(db(), asked, reader=who) if asked else None


def counted(response: Response, asked: Asked | None) -> Response:
    """Count what was asked for once the answer is out."""
    if asked is None or not is_counted():
        return response
    at = now()
    return keep_after(response, lambda session: note_asked(session, asked=asked, now=at))
