"""An article out of a case: what was asked and what solved it, as a draft for the writers.

Any member of staff who works cases may start one; nobody reads it before a writer publishes it.
"""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from portal.cases.article_drafting import draft_from_case, prefilled
from portal.clock import now
from portal.knowledge import holdings
from portal.knowledge.article import Category
from portal.knowledge.front_matter import LONGEST_TITLE
from portal.knowledge.rendering import RenderingRefusedError
from portal.knowledge.rendering_limits import LONGEST_BODY_BYTES
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import load_case, worker
from portal.web.forms import Form, Line, Text
from portal.web.messages import tell
from portal.web.transaction import abandon, db


class ArticleFromCaseForm(Form):
    """The beginnings of an article."""

    title = Line(
        N_("Question"), required=N_("Enter the question that this answers."), limit=LONGEST_TITLE
    )
    body = Text(N_("Text"), required=N_("Write the answer."), limit=LONGEST_BODY_BYTES)
    category = SelectField(N_("Category"))


@blueprint.get("/desk/cases/<reference>/article")
@allow(Who.AGENT)
def article_from_case(reference: str) -> str:
    """The form, filled in from the case."""
    case = load_case(reference)
    title, body = prefilled(case)
    return _page(reference, ArticleFromCaseForm(formdata=None, data={"title": title, "body": body}))


@blueprint.post("/desk/cases/<reference>/article")
@allow(Who.AGENT)
def start_article(reference: str) -> ResponseReturnValue:
    """Keep the draft; the case and the article both say so."""
    case, form = load_case(reference), ArticleFromCaseForm()
    form.category.choices = _categories()
    if not form.validate():
        return _page(reference, form), 422
    try:
        article = draft_from_case(
            db(),
            case=case,
            title=form.title.text,
            body=form.body.text,
            category=_category(form),
            by=worker(),
            now=now(),
        )
    except RenderingRefusedError as error:
        abandon()
        form.body.errors = [f"{str(error)[:1].upper()}{str(error)[1:]}"]
        return _page(reference, form), 422
    tell("success", _("The draft is kept. Nobody reads it before a writer publishes it."))
    return redirect(url_for("writing.article", article_id=article.id), 303)


def _page(reference: str, form: ArticleFromCaseForm) -> str:
    form.category.choices = _categories()
    return render_template("desk/article.html", case=load_case(reference), form=form)


def _categories() -> list[tuple[str, str]]:
    return [(one.slug, one.title) for one in holdings.categories(db())]


def _category(form: ArticleFromCaseForm) -> Category:
    return next(one for one in holdings.categories(db()) if one.slug == form.category.data)
