"""Reading an article: the answer, what else may help, and its source for those who want it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.clock import now
from portal.insight import attempting
from portal.insight.attempt import Place
from portal.knowledge import queries
from portal.knowledge.article import Article, Version
from portal.knowledge.commenting import shown_comments
from portal.knowledge.known_issue import KnownIssue, of_article
from portal.knowledge.queries import Gone, Moved
from portal.search import results, searching
from portal.search.log import record_click
from portal.search.similar import similar
from portal.web.access import Cache, Who, allow
from portal.web.addresses import absolute
from portal.web.help import blueprint
from portal.web.help.source import source_of
from portal.web.help.translations import original_address, translations_of
from portal.web.identity import reader
from portal.web.known_issues import shown_issues
from portal.web.languages import tag_of
from portal.web.pages import Page, public_page
from portal.web.parts import parts
from portal.web.transaction import db
from portal.web.visits import is_counted, visitor

MOST_RELATED = 4
LONGEST_DESCRIPTION = 300
LONGEST_TOKEN = 40


@blueprint.get("/articles/<slug>")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
@public_page
def article(slug: str) -> ResponseReturnValue | Page:
    found = queries.find_article(db(), slug, reader=reader())
    if not isinstance(found, Article):
        return elsewhere(found, "help.article")
    related = similar(db(), parts().index, reader=reader(), article_id=found.id, limit=MOST_RELATED)
    html = render_template("help/article.html", **_shown(found, related))
    _note_click(found)
    shown = {f"article:{one.id}" for one in (found, *related)}
    categories = {
        f"category:{one.id}" for one in (found.category, *queries.ancestors(db(), found.category))
    }
    return Page(html, tags=frozenset(shown | categories), article_id=found.id)


@blueprint.get("/articles/<slug>.md")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
@public_page
def source(slug: str) -> ResponseReturnValue | Page:
    """The article as its writer wrote it: Markdown with its front matter."""
    found = queries.find_article(db(), slug, reader=reader())
    if not isinstance(found, Article):
        return elsewhere(found, "help.source")
    text = source_of(found, reader=reader(), original=original_address(found))
    tags = frozenset({f"article:{found.id}", f"category:{found.category_id}"})
    return Page(text, tags=tags, media_type="text/markdown; charset=utf-8")


def elsewhere(found: Moved | Gone | None, endpoint: str) -> ResponseReturnValue:
    """Where an article that is not here has gone; a 404 for what isn't theirs."""
    if isinstance(found, Moved):
        return redirect(url_for(endpoint, slug=found.slug), 301)
    if isinstance(found, Gone):
        return Response(render_template("help/gone.html", title=found.title), 410)
    return abort(404)


def _shown(found: Article, related: Sequence[Article]) -> dict[str, Any]:
    version = found.published
    assert version is not None
    query = searching.tidy(request.args.get("q", ""))
    return {
        "article": found,
        "version": version,
        "body": _body(found, version, query),
        "query": query,
        "search_token": search_token(request.args),
        "lineage": [*queries.ancestors(db(), found.category), found.category],
        "contents": [(h["id"], h["title"]) for h in version.contents if h["level"] == 2],
        "related": related,
        "comments": shown_comments(db(), found),
        "known_issues": shown_issues(_issue_of(found)),
        "canonical": absolute("help.article", slug=found.slug),
        "description": _description(version),
        "structured": _structured(found, version),
        "translations": translations_of(found),
    }


def _issue_of(found: Article) -> list[KnownIssue]:
    """The known issue that the article is about, if it is about one."""
    issue = of_article(db(), found)
    return [issue] if issue else []


def _body(found: Article, version: Version, query: str) -> Markup:
    """The article's HTML, cleaned at save; with the words searched for marked, if any."""
    if not query:
        return Markup(version.html)  # noqa: S704
    return results.marker_for(parts().index, query, found.language).mark_html(version.html)


def _description(version: Version) -> str:
    return " ".join((version.summary or version.text).split())[:LONGEST_DESCRIPTION]


def _structured(found: Article, version: Version) -> list[dict[str, Any]]:
    """What search engines are told: only what the page itself shows."""
    address = absolute("help.article", slug=found.slug)
    trail = [("Help", absolute("help.home"))]
    trail += [
        (one.title, absolute("help.category", slug=one.slug))
        for one in (*queries.ancestors(db(), found.category), found.category)
    ]
    trail.append((version.title, address))
    return [_article_data(found, version, address), _trail_data(trail)]


def _article_data(found: Article, version: Version, address: str) -> dict[str, Any]:
    published = found.published_at or found.created_at
    organisation = {"@type": "Organization", "name": parts().settings.name}
    return {
        "@context": "https://schema.org",
        "@type": "TechArticle",
        "headline": version.title,
        "description": _description(version),
        "url": address,
        "mainEntityOfPage": address,
        "datePublished": published.isoformat(),
        "dateModified": version.created_at.isoformat(),
        "articleSection": found.category.title,
        "inLanguage": tag_of(found.language),
        "author": organisation,
        "publisher": organisation,
    }


def _trail_data(trail: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(trail, start=1)
        ],
    }


def search_token(given: Mapping[str, str]) -> str:
    """The name of the search that led here; "" where none did."""
    token = given.get("from", "")
    return token if len(token) <= LONGEST_TOKEN else ""


def _note_click(found: Article) -> None:
    """Keep that this article was opened from that search; the address stays the article's own."""
    token = search_token(request.args)
    if not token or not is_counted():
        return
    who, at = visitor(), now()
    with parts().database.writing() as session:
        record_click(session, token=token, article_id=found.id, now=at)
        if who is not None:
            attempting.open_article(
                session, visitor=who, article_id=found.id, place=Place.PAGE, now=at
            )
