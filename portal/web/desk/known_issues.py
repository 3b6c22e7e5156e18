"""Known issues: staff post one, say what is new, say that it is fixed, and solve its cases."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField

from portal.cases.issue_cases import cases_of, count_cases, solve_together
from portal.clock import now
from portal.knowledge import known_issue as issues_of
from portal.knowledge.article import Article
from portal.knowledge.known_issue import IssueEndedError, IssueStatus, KnownIssue, Words
from portal.knowledge.queries import find_public_or_draft
from portal.knowledge.subscribing import count_waiting
from portal.locale import N_, ngettext
from portal.locale import gettext as _
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import worker
from portal.web.editing import EditForm
from portal.web.forms import Form, Line, Text
from portal.web.known_issues import STATUS_WORDS
from portal.web.messages import tell
from portal.web.transaction import db

_OVER = N_("This issue is over. Post a new one instead.")


class KnownIssueForm(EditForm):
    """What readers are told."""

    title = Line(N_("What is wrong"), required=N_("Say in a line what is wrong."), limit=120)
    text = Text(N_("What you know, and what they can do meanwhile"), limit=1_000)
    article = Line(N_("Article about it"), limit=300)
    status = RadioField(
        N_("How far we are"),
        choices=[(each.value, STATUS_WORDS[each]) for each in IssueStatus][:2],
        default=IssueStatus.INVESTIGATING.value,
    )
    is_on_bar = BooleanField(N_("Urgent: show it above the search and above the form for a case"))


class FixForm(Form):
    """In which release it is fixed, and whom to tell."""

    fixed_in = Line(N_("Fixed in release"), limit=60)
    is_announced = BooleanField(N_("Tell every organisation with a contract, not only who asked"))


class SolutionForm(Form):
    """What the customers of the attached cases read."""

    resolution = Text(N_("What solved it"), limit=2_000, required=N_("Say what solved it."))


@blueprint.get("/desk/known-issues")
@allow(Who.AGENT)
def known_issues() -> str:
    """What is not over, what was, and the form for a new one."""
    return _list(KnownIssueForm(formdata=None))


@blueprint.post("/desk/known-issues")
@allow(Who.AGENT)
def post_known_issue() -> ResponseReturnValue:
    form = KnownIssueForm()
    words = _words(form)
    if words is None:
        return _list(form), 422
    issue = issues_of.post(db(), words=words, by=worker(), now=now())
    tell("success", _("Posted. Whoever searches for it or is about to report it sees it now."))
    return redirect(url_for("desk.known_issue", issue_id=issue.id), 303)


@blueprint.get("/desk/known-issues/<int:issue_id>")
@allow(Who.AGENT)
def known_issue(issue_id: int) -> str:
    return _page(_load(issue_id))


@blueprint.post("/desk/known-issues/<int:issue_id>")
@allow(Who.AGENT)
def update_known_issue(issue_id: int) -> ResponseReturnValue:
    found, form = _load(issue_id), KnownIssueForm()
    words = _words(form)
    if words is None:
        return _page(found, form=form), 422
    if found.ended_at is None and form.is_overtaken(_values(found)):
        return _page(found, form=form, is_overtaken=True), 409
    try:
        issues_of.revise(db(), issue=found, words=words, by=worker(), now=now())
        tell("success", _("Updated. Readers see the new words and the time now."))
    except IssueEndedError:
        tell("error", _(_OVER))
    return _back(found)


@blueprint.post("/desk/known-issues/<int:issue_id>/fix")
@allow(Who.AGENT)
def fix_known_issue(issue_id: int) -> ResponseReturnValue:
    """It works again: everybody who waits is told by the worker."""
    found, form = _load(issue_id), FixForm(prefix="fix-")
    if not form.validate():
        return _page(found, fix=form), 422
    try:
        issues_of.fix(
            db(),
            issue=found,
            by=worker(),
            now=now(),
            fixed_in=form.fixed_in.text,
            is_announced=bool(form.is_announced.data),
        )
        words = _("Fixed. Everybody who waits is told now; the cases can be solved below.")
        tell("success", words)
    except IssueEndedError:
        tell("error", _(_OVER))
    return _back(found)


@blueprint.post("/desk/known-issues/<int:issue_id>/withdrawal")
@allow(Who.AGENT)
def withdraw_known_issue(issue_id: int) -> ResponseReturnValue:
    """It was none after all: it goes, without news."""
    issues_of.withdraw(db(), issue=_load(issue_id), by=worker(), now=now())
    tell("success", _("Withdrawn. It is gone from the pages, and nobody was told anything."))
    return redirect(url_for("desk.known_issues"), 303)


@blueprint.post("/desk/known-issues/<int:issue_id>/solution")
@allow(Who.AGENT)
def solve_issue_cases(issue_id: int) -> ResponseReturnValue:
    """Solve the chosen cases in one act, with the same words."""
    found, form = _load(issue_id), SolutionForm(prefix="solution-")
    chosen = [int(each) for each in request.form.getlist("case") if each.isdecimal()][:500]
    if not form.validate():
        return _page(found, solution=form), 422
    solved, refused = solve_together(
        db(),
        issue=found,
        case_ids=chosen,
        resolution=form.resolution.text,
        by=worker(),
        now=now(),
    )
    words = ngettext(
        "%(number)s case is solved; each contact is told.",
        "%(number)s cases are solved; each contact is told.",
        len(solved),
    )
    tell("success", words)
    if refused:
        names = ", ".join(case.reference for case in refused)
        tell("warning", _("These could not be solved, look at each: %(cases)s.", cases=names))
    return _back(found)


def _load(issue_id: int) -> KnownIssue:
    lock = request.method == "POST"
    return issues_of.find_known_issue(db(), issue_id, lock=lock) or abort(404)


def _back(found: KnownIssue) -> ResponseReturnValue:
    return redirect(url_for("desk.known_issue", issue_id=found.id), 303)


def _values(found: KnownIssue) -> dict[str, Any]:
    """What stands there, by the names of the form's fields."""
    return {
        "title": found.title,
        "text": found.text,
        "article": found.article.slug if found.article else "",
        "status": found.status.value,
        "is_on_bar": found.is_on_bar,
    }


def _words(form: KnownIssueForm) -> Words | None:
    """What the form says; None, with messages at its fields, when something is wrong."""
    article = _article(form) if form.validate() else None
    if form.errors:
        return None
    return Words(
        title=form.title.text,
        text=form.text.text,
        article=article,
        status=IssueStatus(form.status.data),
        is_on_bar=bool(form.is_on_bar.data),
    )


def _article(form: KnownIssueForm) -> Article | None:
    """The article that was named by its address, or by the last part of it."""
    slug = form.article.text.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    found = find_public_or_draft(db(), slug) if slug else None
    if slug and found is None:
        form.article.errors = [
            _("No public article, nor a draft of one, has this address. Copy it from its page.")
        ]
    return found


def _list(form: KnownIssueForm) -> str:
    standing = issues_of.standing(db())
    return render_template(
        "desk/known_issues.html",
        form=form,
        standing=standing,
        ended=issues_of.ended(db()),
        waiting=count_waiting(db(), standing),
        cases=count_cases(db(), standing),
        status_words=STATUS_WORDS,
    )


def _page(
    found: KnownIssue,
    *,
    form: KnownIssueForm | None = None,
    fix: FixForm | None = None,
    solution: SolutionForm | None = None,
    is_overtaken: bool = False,
) -> str:
    failed, current = form or fix or solution, _values(found)
    words = form or KnownIssueForm(formdata=None, data=current)
    differing = words.differing(current) if is_overtaken else []
    if is_overtaken or not words.seen.data:
        words.shown_with(current)
    return render_template(
        "desk/known_issue.html",
        issue=found,
        form=failed or Form(formdata=None),
        words=words,
        is_overtaken=is_overtaken,
        differing=differing,
        fix=fix or FixForm(formdata=None, prefix="fix-"),
        solution=solution or SolutionForm(formdata=None, prefix="solution-"),
        waiting=count_waiting(db(), [found]).get(found.id, 0),
        cases=cases_of(db(), found),
        status_words=STATUS_WORDS,
    )
