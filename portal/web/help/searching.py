"""Searching: results, suggestions while typing, and never a dead end."""

from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.cases.access import find_case
from portal.cases.numbers import UnreadableNumberError, read_reference
from portal.clock import now
from portal.insight import attempting
from portal.insight.attempt import Place
from portal.knowledge import queries
from portal.knowledge.article import Article
from portal.knowledge.known_issue import KnownIssue
from portal.search import searching, suggesting
from portal.search.known_issues import issues_about
from portal.search.log import new_token, record_search
from portal.search.searching import Results
from portal.search.words import content_words, query_words
from portal.web.access import Who, allow
from portal.web.filters import this_moment
from portal.web.help import blueprint
from portal.web.help.pages import PageNumbers, number_asked
from portal.web.identity import current_person, reader
from portal.web.known_issues import shown_issues
from portal.web.languages import language_of_row
from portal.web.parts import parts
from portal.web.transaction import db
from portal.web.visits import is_counted, keep_after, visitor

MOST_SUGGESTIONS = 8
MOST_POPULAR = 5
WHY_NOTHING = "why-did-search-find-nothing"


@blueprint.get("/search")
@allow(Who.ANYONE)
def search() -> ResponseReturnValue:
    text = searching.tidy(request.args.get("q", ""))
    if (own_case := _own_case(text)) is not None:
        return redirect(own_case, 303)
    results = searching.search(
        db(),
        parts().index,
        text=text,
        reader=reader(),
        category=request.args.get("category", "")[:200] or None,
        product=request.args.get("product", "")[:200] or None,
        page=number_asked(),
        forgives="exact" not in request.args,
    )
    token = new_token()
    page = render_template(
        "help/search.html",
        results=results,
        known_issues=shown_issues(_issues(results)),
        token=token,
        pages=PageNumbers(results.page, results.pages, searching.PAGE_SIZE, _page_address),
        fewer=_fewer_words(results),
        popular=_popular(results),
        why_nothing=_why_nothing(results),
        is_capped=results.total >= searching.MOST_HITS,
    )
    return _logged(Response(page), results, token)


@blueprint.get("/search/suggestions")
@allow(Who.ANYONE, is_use=False)
def suggestions() -> ResponseReturnValue:
    """What a half-typed question may be about, for the field's list; it begins no visit."""
    typed = request.args.get("q", "")[:200]
    found = suggesting.suggest(
        db(),
        parts().index,
        prefix=typed,
        reader=reader(),
        category=request.args.get("category", "")[:200] or None,
        limit=MOST_SUGGESTIONS,
    )
    rows = [
        {
            "title": s.title,
            "url": url_for("help.article", slug=s.slug),
            "category": s.category,
            **language_of_row(s.language),
        }
        for s in found
    ]
    answer = jsonify({"query": searching.tidy(typed), "suggestions": rows})
    who = visitor() if found else None
    if who is None:
        return answer
    shown, at = [one.article_id for one in found], now()
    return keep_after(
        answer,
        lambda session: attempting.show(
            session, visitor=who, article_ids=shown, place=Place.TYPING, now=at
        ),
    )


def _issues(results: Results) -> list[KnownIssue]:
    """Known issues that the question may be about, beside its first results."""
    return issues_about(db(), results.query) if results.page == 1 else []


def _own_case(text: str) -> str | None:
    """The address of the case whose number was typed, if it is the reader's own."""
    person = current_person()
    if person is None:
        return None
    try:
        reference = read_reference(text)
    except UnreadableNumberError:
        return None
    case = find_case(db(), reference, person=person)
    return url_for("support.case", reference=case.reference) if case else None


def _page_address(number: int) -> str:
    kept: dict[str, Any] = {
        name: request.args[name]
        for name in ("q", "category", "product", "exact")
        if name in request.args
    }
    return url_for("help.search", page=number, **kept)


def _fewer_words(results: Results) -> list[str]:
    """The same question with a word less: offered when nothing was found."""
    words = content_words(query_words(results.query))
    if results.total or not 1 < len(words) <= 8:
        return []
    shorter = [" ".join(words[:place] + words[place + 1 :]) for place in range(len(words))]
    return [text for text in shorter if _finds(text)][:3]


def _finds(text: str) -> bool:
    return bool(searching.search(db(), parts().index, text=text, reader=reader()).total)


def _popular(results: Results) -> list[object]:
    if results.total:
        return []
    return list(queries.popular(db(), reader=reader(), now=this_moment(), limit=MOST_POPULAR))


def _why_nothing(results: Results) -> Article | None:
    """The article that says what to try, if this library has it and the reader may read it."""
    if results.total:
        return None
    found = queries.find_article(db(), WHY_NOTHING, reader=reader())
    return found if isinstance(found, Article) and found.published else None


def _logged(response: Response, results: Results, token: str) -> Response:
    """Keep the search, and apart from it what this visit was shown, once the answer is out."""
    if not results.query or not is_counted():
        return response
    who, at = visitor(begins=True), now()
    shown = [item.article_id for item in results.items]
    first = (results.page - 1) * searching.PAGE_SIZE + 1

    def keep(session: Session) -> None:
        if results.page == 1:
            record_search(
                session,
                token=token,
                text=results.query,
                hits=results.total,
                read_as=results.read_as,
                now=at,
            )
        if who is not None:
            attempting.search_for(session, visitor=who, article_ids=shown, now=at, first=first)

    return keep_after(response, keep)
