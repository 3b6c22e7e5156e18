"""The first page and the shelves: what people ask most, and whether somebody is there now."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases.words import owed_to_customer
from portal.knowledge import queries
from portal.knowledge.article import Article, Category
from portal.knowledge.queries import Shelf
from portal.web.access import Cache, Who, allow
from portal.web.filters import this_moment
from portal.web.help import blueprint
from portal.web.help.hours import hours_now
from portal.web.help.own_cases import own_open_cases
from portal.web.help.pages import PageNumbers, number_asked
from portal.web.identity import reader
from portal.web.known_issues import issue_bars
from portal.web.pages import Page, public_page
from portal.web.transaction import db

MOST_SHELVES = 8
MOST_POPULAR = 6
MOST_RECENT = 5
PAGE_SIZE = 30


@blueprint.get("/")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
@public_page
def home() -> ResponseReturnValue | Page:
    who, now, hours = reader(), this_moment(), hours_now()
    shelves = queries.shelves(db(), reader=who, now=now)
    popular = queries.popular(db(), reader=who, now=now, limit=MOST_POPULAR)
    recent = queries.recently_changed(db(), reader=who, limit=MOST_RECENT)
    known_issues = issue_bars()
    html = render_template(
        "help/home.html",
        shelves=shelves[:MOST_SHELVES],
        further=shelves[MOST_SHELVES:],
        popular=popular,
        recent=recent,
        hours=hours,
        cases=own_open_cases(),
        owed_to_customer=owed_to_customer,
        known_issues=known_issues,
    )
    shown = [article for shelf in shelves for article in shelf.top] + popular + recent
    shown += [one.article for one in known_issues if one.article]
    return Page(
        html,
        tags=_tags(shown, _all_categories(shelves)) | {"library"},
        fresh_until=hours.fresh_until if hours else None,
    )


@blueprint.get("/categories/<slug>")
@allow(Who.ANYONE, cache=Cache.PUBLIC)
@public_page
def category(slug: str) -> ResponseReturnValue | Page:
    who, now = reader(), this_moment()
    shelf = queries.find_category(db(), slug, reader=who) or abort(404)
    total = queries.count_articles_in(db(), shelf, reader=who)
    pages = PageNumbers.of(
        total, PAGE_SIZE, number_asked(), lambda n: url_for("help.category", slug=slug, page=n)
    )
    articles = queries.articles_in(
        db(), shelf, reader=who, now=now, limit=PAGE_SIZE, offset=pages.offset
    )
    children = queries.shelves(db(), reader=who, now=now, within=shelf)
    lineage = queries.ancestors(db(), shelf)
    html = render_template(
        "help/category.html",
        category=shelf,
        lineage=lineage,
        articles=articles,
        total=total,
        children=children,
        pages=pages,
        canonical=request.path,
    )
    shown = articles + [article for child in children for article in child.top]
    return Page(
        html, tags=_tags(shown, [shelf, *lineage, *_all_categories(children)]) | {"library"}
    )


def _all_categories(shelves: list[Shelf]) -> list[Category]:
    return [one.category for shelf in shelves for one in (shelf, *_below(shelf))]


def _below(shelf: Shelf) -> list[Shelf]:
    return [one for child in shelf.children for one in (child, *_below(child))]


def _tags(articles: list[Article], categories: list[Category]) -> frozenset[str]:
    shown = {f"article:{article.id}" for article in articles}
    return frozenset(shown | {f"category:{category.id}" for category in categories})
