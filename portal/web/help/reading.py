"""The page tells that an answer was opened, and that it was read for a while.

Only visits that searched or opened the form are kept; for everybody else this answers at once and
writes nothing. Whether a reading can be true, the server decides.
"""

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.clock import now
from portal.insight import attempting
from portal.insight.attempt import Place
from portal.knowledge.article import Article
from portal.knowledge.queries import find_article
from portal.search import learned
from portal.search.log import find_record
from portal.web.access import Csrf, Who, allow
from portal.web.help import blueprint
from portal.web.help.articles import search_token
from portal.web.identity import reader
from portal.web.transaction import db
from portal.web.visits import visitor, voter

LARGEST_BODY_BYTES = 1_000


@blueprint.post("/articles/<slug>/reading")
@allow(Who.ANYONE, csrf=Csrf.ORIGIN, limit_bytes=LARGEST_BODY_BYTES, is_use=False)
def reading(slug: str) -> ResponseReturnValue:
    """An article was opened, or read for some twenty seconds."""
    who = visitor()
    if who is None:
        return Response(status=204)
    article = find_article(db(), slug, reader=reader())
    if not isinstance(article, Article):
        abort(404)
    named = request.form.get("place", "")
    place = Place(named) if named in set(Place) else Place.PAGE
    if request.form.get("kind") != "read":
        attempting.open_article(db(), visitor=who, article_id=article.id, place=place, now=now())
    elif attempting.read_article(db(), visitor=who, article_id=article.id, place=place, now=now()):
        learn(db(), article, weight=learned.READ_WEIGHT)
    return Response(status=204)


def learn(session: Session, article: Article, *, weight: float) -> None:
    """The question that led to this article speaks for it from now on."""
    token = search_token(request.form)
    record = find_record(session, token) if token else None
    if record is not None:
        learned.vote(
            session,
            words=record.words,
            article_id=article.id,
            voter=voter(),
            weight=weight,
            now=now(),
        )
