"""For machines: what is new, where everything is, and what is better left alone."""

from collections import defaultdict
from dataclasses import replace

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from portal.knowledge import queries
from portal.knowledge.article import Article, ArticleType
from portal.knowledge.reader import ANYONE
from portal.knowledge.translations import original_id
from portal.web.access import Cache, Who, allow
from portal.web.addresses import absolute
from portal.web.filters import this_moment
from portal.web.help import blueprint
from portal.web.languages import reading_languages
from portal.web.pages import Page, public_page
from portal.web.transaction import db

MOST_ENTRIES = 30
MOST_PLACES = 50_000
ROBOTS = """User-agent: *
Disallow: /search
Disallow: /cases
Disallow: /desk
Disallow: /writing
Disallow: /account
Disallow: /sign-in
Disallow: /follow

Sitemap: {sitemap}
"""


@blueprint.get("/feed.xml")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
@public_page
def feed() -> ResponseReturnValue | Page:
    """New and changed articles, for feed readers: public ones only, whoever asks."""
    who = replace(ANYONE, languages=reading_languages())
    articles = queries.recently_changed(db(), reader=who, limit=MOST_ENTRIES)
    updated = max((a.updated_at for a in articles), default=this_moment())
    xml = render_template(
        "help/feed.xml", articles=articles, updated=updated, absolute=absolute, is_releases=False
    )
    return Page(xml, tags=_tags(articles), media_type="application/atom+xml; charset=utf-8")


@blueprint.get("/releases.xml")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
@public_page
def releases() -> ResponseReturnValue | Page:
    """Release notes for feed readers: public ones only, whoever asks."""
    kind = ArticleType.RELEASE
    articles = queries.recently_changed(db(), reader=ANYONE, limit=MOST_ENTRIES, kind=kind)
    updated = max((a.updated_at for a in articles), default=this_moment())
    xml = render_template(
        "help/feed.xml", articles=articles, updated=updated, absolute=absolute, is_releases=True
    )
    return Page(xml, tags=_tags(articles), media_type="application/atom+xml; charset=utf-8")


@blueprint.get("/sitemap.xml")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
@public_page
def sitemap() -> ResponseReturnValue | Page:
    """Every public page, for search engines."""
    articles = queries.readable_articles(db(), reader=ANYONE)[:MOST_PLACES]
    categories = {article.category.slug: article.category for article in articles}
    xml = render_template(
        "help/sitemap.xml",
        articles=articles,
        categories=[categories[slug] for slug in sorted(categories)],
        alternates=_alternates(articles),
        absolute=absolute,
    )
    return Page(xml, tags=_tags(articles), media_type="application/xml; charset=utf-8")


@blueprint.get("/robots.txt")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
def robots() -> ResponseReturnValue:
    return Response(ROBOTS.format(sitemap=absolute("help.sitemap")), mimetype="text/plain")


def _alternates(articles: list[Article]) -> dict[int, list[Article]]:
    """The articles that say the same in other languages, by id; only of those that have any."""
    groups: dict[int, list[Article]] = defaultdict(list)
    for article in articles:
        groups[original_id(article)].append(article)
    return {one.id: group for group in groups.values() if len(group) > 1 for one in group}


def _tags(articles: list[Article]) -> frozenset[str]:
    return frozenset({"library", *(f"article:{article.id}" for article in articles)})
