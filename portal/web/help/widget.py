"""Help in a frame of a product's page: search, read an answer in place, go on to a case.

The frame reads as somebody without an account, whoever is signed in: it needs no cookie, sets none,
and changes nothing. Only the sites that the operator named may show it; without any, nobody's page
does. The script that opens it stands at an address that stays.
"""

import re
from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.clock import now
from portal.knowledge import queries
from portal.knowledge.article import Article
from portal.knowledge.queries import Moved
from portal.search import searching
from portal.search.log import new_token, record_click, record_search
from portal.search.searching import Results
from portal.web.access import Cache, Who, allow
from portal.web.assets import script_at_stable_address
from portal.web.headers import framed_by
from portal.web.help import blueprint
from portal.web.help.articles import search_token
from portal.web.help.help_keys import asked_in_address, counted, find_for
from portal.web.identity import stranger
from portal.web.parts import parts
from portal.web.transaction import db
from portal.web.visits import is_counted, keep_after

MOST_RESULTS = 6
_TO_AN_ARTICLE = re.compile(r'<a href="/articles/([a-z0-9-]+)((?:#[^"]*)?)"')
_WITHIN = re.compile(r'<a ([^>]*)href="#')


@blueprint.get("/widget/v1.js")
@allow(Who.ANYONE, cache=Cache.PUBLIC, is_use=False)
def widget_script() -> Response:
    """The script for other sites' pages. What it needs of a page stays the same within v1."""
    return script_at_stable_address("js/widget.js")


@blueprint.get("/widget")
@allow(Who.ANYONE, is_use=False)
def widget() -> ResponseReturnValue:
    """The search; or, for a help key, its article."""
    key = request.args.get("key", "")
    asked = asked_in_address(key) if key else None
    place = find_for(asked, stranger())
    if place is not None:
        address = url_for("help.widget_article", slug=place.slug, _anchor=place.anchor or None)
        return _framed(counted(Response(status=302, headers={"Location": address}), asked))
    text = searching.tidy(request.args.get("q", ""))
    results = _search(text) if text else None
    token = new_token()
    response = _frame(
        "help/widget.html", results=results, query=text, token=token, lacks_article=bool(key)
    )
    if results is not None:
        response = _logged(response, results, token)
    return counted(response, asked)


@blueprint.get("/widget/articles/<slug>")
@allow(Who.ANYONE, is_use=False)
def widget_article(slug: str) -> ResponseReturnValue:
    """An answer, read in place. Links to other articles stay in the frame."""
    found = queries.find_article(db(), slug, reader=stranger())
    if isinstance(found, Moved):
        return _framed(redirect(url_for("help.widget_article", slug=found.slug), 301))
    if not isinstance(found, Article) or found.published is None:
        return _frame("help/widget.html", 404, results=None, query="", token="", lacks_article=True)
    response = _frame(
        "help/widget_article.html",
        article=found,
        version=found.published,
        body=within_frame(found.published.html),
        query=searching.tidy(request.args.get("q", "")),
    )
    token, number, at = search_token(request.args), found.id, now()
    if not token or not is_counted():
        return response
    return keep_after(
        response, lambda session: record_click(session, token=token, article_id=number, now=at)
    )


def within_frame(html: str) -> Markup:
    """An article's HTML, cleaned at save, with links to articles and to its own places kept in the
    frame; all others open a page of their own.
    """
    html = _TO_AN_ARTICLE.sub(r'<a target="_self" href="/widget/articles/\1\2"', html)
    return Markup(_WITHIN.sub(r'<a \1target="_self" href="#', html))  # noqa: S704


def _search(text: str) -> Results:
    return searching.search(db(), parts().index, text=text, reader=stranger())


def _frame(name: str, status: int = 200, **values: Any) -> Response:
    g.notices = []  # what an act had to tell is told on a page of the portal, not here
    values["most"] = MOST_RESULTS
    return _framed(Response(render_template(name, **values), status))


def _framed(response: Any) -> Response:
    framed: Response = framed_by(response, parts().settings.widget_sites)
    return framed


def _logged(response: Response, results: Results, token: str) -> Response:
    """Keep the search for the writers' work list."""
    if not is_counted():
        return response
    at = now()

    def keep(session: Session) -> None:
        record_search(
            session,
            token=token,
            text=results.query,
            hits=results.total,
            read_as=results.read_as,
            now=at,
        )

    return keep_after(response, keep)
