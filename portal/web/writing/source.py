"""The same article as one file: the head with every fact, the text below. Fields and file are two
views of one thing; going from one to the other saves nothing and loses nothing.
"""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.knowledge import holdings
from portal.knowledge.article import ArticleType, Audience, Status
from portal.knowledge.front_matter import ArticleFile, FrontMatterError, dump, parse
from portal.knowledge.head_values import Problem
from portal.knowledge.holdings import Holding
from portal.knowledge.slugs import slug_of
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.transaction import abandon, db
from portal.web.writing import blueprint
from portal.web.writing.editor import facts_from, new_page, page
from portal.web.writing.forms import ArticleForm, lines_of
from portal.web.writing.loading import load_holding, offer_choices

CARRIED = ("based_on", "seen", "draft_key", "slug", "new_category", "note")
"""What the file has no place for goes along beside it."""


@blueprint.post("/writing/source")
@allow(Who.WRITER)
def source_of_new() -> ResponseReturnValue:
    """The fields of a new article as a file."""
    abandon()
    form = offer_choices(ArticleForm())
    return _as_source(form, None) if form.validate() else (new_page(form), 422)


@blueprint.post("/writing/articles/<int:article_id>/source")
@allow(Who.WRITER)
def source(article_id: int) -> ResponseReturnValue:
    """The fields of an article as a file."""
    holding, form = load_holding(article_id), offer_choices(ArticleForm())
    return _as_source(form, holding) if form.validate() else (page(holding, form), 422)


@blueprint.post("/writing/fields")
@allow(Who.WRITER)
def fields_of_new() -> ResponseReturnValue:
    """The file of a new article as fields."""
    return _as_fields(None)


@blueprint.post("/writing/articles/<int:article_id>/fields")
@allow(Who.WRITER)
def fields(article_id: int) -> ResponseReturnValue:
    """The file of an article as fields."""
    return _as_fields(load_holding(article_id))


def typed_as_source() -> list[tuple[str, str]]:
    """The form's fields, read from the file that was typed. Raises FrontMatterError."""
    said = parse(request.form.get("source", ""))
    carried = {name: request.form.get(name, "") for name in CARRIED}
    _check(said, carried)
    is_new_category = said.category == slug_of(carried["new_category"])
    values: dict[str, Any] = {
        **carried,
        "new_category": carried["new_category"] if is_new_category else "",
        "category": "" if is_new_category else said.category or "",
        "title": said.title,
        "summary": said.summary,
        "body": said.body,
        "type": said.type.value,
        "audience": said.audience.value,
        "applies_to": "\n".join(said.applies_to),
        "search_words": "\n".join(said.search_words),
        "owner": said.owner,
        "verified_on": said.verified_on.isoformat() if said.verified_on else "",
        "review_every": str(said.review_every or ""),
        "aliases": "\n".join(said.aliases),
        **({"pinned": "y"} if said.pinned else {}),
    }
    return [*values.items(), *(("organisations", slug) for slug in said.organisations)]


def source_page(holding: Holding | None, problems: list[Problem]) -> str:
    """The file as it was typed, with what is wrong in it."""
    return _page(holding, request.form.get("source", ""), problems)


def file_of_form(form: ArticleForm, status: Status) -> ArticleFile:
    """What the fields say, as a file."""
    facts, words = facts_from(form), form.words
    return ArticleFile(
        title=words.title,
        audience=Audience(form.audience.data),
        status=status,
        body=words.body,
        summary=words.summary,
        category=facts.category.slug,
        type=ArticleType(form.type.data),
        applies_to=words.applies_to,
        organisations=tuple(one.slug for one in facts.organisations),
        search_words=words.search_words,
        owner=facts.owner,
        verified_on=facts.verified_on,
        review_every=facts.review_every_days,
        aliases=tuple(lines_of(form.aliases.data)),
        pinned=facts.is_pinned,
        heir=None,
    )


def _as_source(form: ArticleForm, holding: Holding | None) -> ResponseReturnValue:
    text = dump(file_of_form(form, _status(holding)))
    answer = _page(holding, text, [])
    abandon()  # a new category that was named is made only when it is saved
    return answer


def _as_fields(holding: Holding | None) -> ResponseReturnValue:
    try:
        values = typed_as_source()
    except FrontMatterError as error:
        return source_page(holding, error.problems), 422
    form = offer_choices(ArticleForm(formdata=MultiDict(values)))
    return page(holding, form) if holding else new_page(form)


def _check(said: ArticleFile, carried: dict[str, str]) -> None:
    """Refuse what a file may say and this page can't do. Raises FrontMatterError."""
    problems = []
    if said.heir:
        problems.append(Problem(1, _("`heir` is named when the article is retired. Remove it.")))
    if said.status.value != request.form.get("status", said.status.value):
        problems.append(
            Problem(1, _("`status` changes by publishing or taking away. Leave it as it was."))
        )
    known = {one.slug for one in holdings.categories(db())} | {slug_of(carried["new_category"])}
    if said.category not in known:
        fault = _("`category`: there is no category “%(slug)s”.", slug=said.category or "")
        problems.append(Problem(1, fault))
    unknown = set(said.organisations) - {one.slug for one in holdings.organisations(db())}
    problems += [
        Problem(
            1,
            _("`audience` names %(slug)s, which this portal doesn't know. Correct it.", slug=slug),
        )
        for slug in sorted(unknown)
    ]
    if problems:
        raise FrontMatterError(problems)


def _status(holding: Holding | None) -> Status:
    return holding.article.status if holding else Status.DRAFT


def _page(holding: Holding | None, text: str, problems: list[Problem]) -> str:
    return render_template(
        "writing/source.html",
        holding=holding,
        source=text,
        problems=problems,
        carried=[(name, request.form.get(name, "")) for name in CARRIED],
        status=_status(holding).value,
    )
