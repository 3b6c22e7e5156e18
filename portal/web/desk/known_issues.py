"""Known issues: staff post one, say what is new, and end it; readers see it at once."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.knowledge import known_issue as issues_of
from portal.knowledge.article import Article
from portal.knowledge.known_issue import IssueEndedError, KnownIssue
from portal.knowledge.queries import find_article
from portal.knowledge.reader import ANYONE
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import worker
from portal.web.forms import Form, Line, Text
from portal.web.messages import tell
from portal.web.transaction import db


class KnownIssueForm(Form):
    """What readers are told."""

    title = Line("What is wrong", required="Say in a line what is wrong.", limit=120)
    text = Text("What you know, and what they can do meanwhile", limit=1_000)
    article = Line("Article about it", limit=300)


@blueprint.get("/desk/known-issues")
@allow(Who.AGENT)
def known_issues() -> str:
    """What stands on the notice bar, what stood there, and the form for a new one."""
    return _list(KnownIssueForm(formdata=None))


@blueprint.post("/desk/known-issues")
@allow(Who.AGENT)
def post_known_issue() -> ResponseReturnValue:
    form = KnownIssueForm()
    article = _article(form) if form.validate() else None
    if form.errors:
        return _list(form), 422
    issues_of.post(
        db(), title=form.title.text, text=form.text.text, article=article, by=worker(), now=now()
    )
    tell("success", "Posted. Readers see it above the search now.")
    return redirect(url_for("desk.known_issues"), 303)


@blueprint.get("/desk/known-issues/<int:issue_id>")
@allow(Who.AGENT)
def known_issue(issue_id: int) -> str:
    found = _load(issue_id)
    slug = found.article.slug if found.article else ""
    values = {"title": found.title, "text": found.text, "article": slug}
    return _page(found, KnownIssueForm(formdata=None, data=values))


@blueprint.post("/desk/known-issues/<int:issue_id>")
@allow(Who.AGENT)
def update_known_issue(issue_id: int) -> ResponseReturnValue:
    found, form = _load(issue_id), KnownIssueForm()
    article = _article(form) if form.validate() else None
    if form.errors:
        return _page(found, form), 422
    try:
        issues_of.revise(
            db(),
            issue=found,
            title=form.title.text,
            text=form.text.text,
            article=article,
            by=worker(),
            now=now(),
        )
        tell("success", "Updated. Readers see the new words and the time now.")
    except IssueEndedError:
        tell("error", "This issue is over. Post a new one instead.")
    return redirect(url_for("desk.known_issues"), 303)


@blueprint.post("/desk/known-issues/<int:issue_id>/end")
@allow(Who.AGENT)
def end_known_issue(issue_id: int) -> ResponseReturnValue:
    issues_of.end(db(), issue=_load(issue_id), by=worker(), now=now())
    tell("success", "Ended. The notice is gone from the pages.")
    return redirect(url_for("desk.known_issues"), 303)


def _load(issue_id: int) -> KnownIssue:
    return issues_of.find_known_issue(db(), issue_id) or abort(404)


def _article(form: KnownIssueForm) -> Article | None:
    """The article that was named by its address, or by the last part of it."""
    slug = form.article.text.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    if not slug:
        return None
    found = find_article(db(), slug, reader=ANYONE)
    if isinstance(found, Article):
        return found
    form.article.errors = ["No public article has this address. Copy it from the article's page."]
    return None


def _list(form: KnownIssueForm) -> str:
    return render_template(
        "desk/known_issues.html",
        form=form,
        standing=issues_of.standing(db()),
        ended=issues_of.ended(db()),
    )


def _page(found: KnownIssue, form: KnownIssueForm) -> str:
    values: dict[str, Any] = {"issue": found, "form": form}
    return render_template("desk/known_issue.html", **values)
