"""Choosing the language to read in: kept in a cookie, and followed at once."""

from dataclasses import replace

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import queries
from portal.knowledge.article import Article
from portal.knowledge.translations import best_of_groups
from portal.languages import Languages
from portal.people.registering import choose_language
from portal.web.access import Csrf, Who, allow
from portal.web.help import blueprint
from portal.web.identity import current_person, reader
from portal.web.languages import COOKIE, library_languages
from portal.web.parts import parts
from portal.web.redirects import safe_next
from portal.web.transaction import db

_YEAR_SECONDS = 365 * 24 * 3600
_ARTICLES = "/articles/"


@blueprint.post("/language")
@allow(Who.ANYONE, csrf=Csrf.ORIGIN)
def language() -> ResponseReturnValue:
    """Read in another language from now on; an open article is shown in it, where it can be.
    Whoever is signed in reads in it everywhere, and is written to in it.
    """
    chosen = request.form.get("language", "")
    if chosen not in library_languages():
        abort(400)
    if (person := current_person()) is not None:
        choose_language(db(), person=person, language=chosen, now=now())
    response = redirect(_target(request.form.get("back", ""), chosen), 303)
    response.set_cookie(
        COOKIE,
        chosen,
        max_age=_YEAR_SECONDS,
        samesite="Lax",
        httponly=True,
        secure=parts().settings.is_https,
        path="/",
    )
    return response


def _target(back: str, chosen: str) -> str:
    """The page they came from; of an article, its version in the chosen language."""
    path = back.partition("?")[0].partition("#")[0]
    slug = path.removeprefix(_ARTICLES)
    if path.startswith(_ARTICLES) and "/" not in slug:
        who = replace(reader(), languages=Languages(chosen, library_languages()[0]))
        found = queries.find_article(db(), slug, reader=who)
        if isinstance(found, Article):
            best = best_of_groups(db(), [found.id], reader=who)[found.id]
            shown = queries.readable_articles(db(), reader=who, ids=[best])[0]
            return url_for("help.article", slug=shown.slug)
    return safe_next(back, url_for("help.home"))
