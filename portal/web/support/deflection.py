"""Before a case is sent: at most three articles that may already answer it, never a wall.

What was shown and opened stays with the case, so that staff don't repeat it and writers see what
did not help. Nothing is offered where nothing probably answers, nor for the most urgent cases.
"""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases import drafting
from portal.cases.draft import Draft
from portal.clock import now
from portal.insight import attempting
from portal.insight.attempt import Place
from portal.knowledge.known_issue import KnownIssue
from portal.search.deflection import PossibleAnswer, articles_for
from portal.search.known_issues import issues_about
from portal.web.access import Who, allow
from portal.web.identity import reader
from portal.web.known_issues import shown_issues
from portal.web.parts import parts
from portal.web.support import blueprint
from portal.web.support.answers import Answers
from portal.web.support.desk import policy_now
from portal.web.support.outlook import settled
from portal.web.support.steps import address, enter, onward
from portal.web.transaction import db
from portal.web.visits import keep_after, visitor

LONGEST_QUERY = 200


def offer(draft: Draft) -> bool:
    """Look for articles that may answer the draft, and remember them, and for known issues that it
    may be about; whether there is anything to offer.
    """
    answers, policy = Answers(draft.answers), policy_now()
    is_urgent = settled(policy, answers).priority_id == policy.priorities[0].id
    if is_urgent and answers.effects(policy):
        return False
    shown = [(each.article.id, each.title) for each in _found(answers)]
    drafting.show_articles(db(), draft=draft, articles=shown, now=now())
    return bool(shown) or bool(_issues(answers))


@blueprint.get("/cases/answers")
@allow(Who.ANYONE, is_use=False)
def answers_while_typing() -> ResponseReturnValue:
    """The list beside the subject; a fragment."""
    typed = Answers({"summary": request.args.get("q", "")[:LONGEST_QUERY]})
    found = _found(typed)
    page = render_template("support/_answers_while_typing.html", articles=found)
    return _counted(page, found, Place.ASIDE)


@blueprint.get("/cases/drafts/<public_id>/answers")
@allow(Who.HOLDER)
def answers(public_id: str) -> ResponseReturnValue:
    draft, told = enter(public_id, "effect")
    found, issues = _found(told), shown_issues(_issues(told))
    if not found and not issues:
        return redirect(address("effect", draft), 303)
    page = render_template(
        "support/answers.html",
        draft=draft,
        articles=found,
        known_issues=issues,
        back=address("question", draft),
    )
    return _counted(page, found, Place.STEP)


@blueprint.post("/cases/drafts/<public_id>/answers")
@allow(Who.HOLDER)
def judge_answers(public_id: str) -> ResponseReturnValue:
    """Solved, or on with the case: one press either way."""
    draft, _told = enter(public_id, "effect")
    for article_id in request.form.getlist("opened"):
        if article_id.isdecimal() and len(article_id) < 10:
            drafting.open_article(db(), draft=draft, article_id=int(article_id), now=now())
    if request.form.get("outcome") == "solved":
        drafting.solve_draft(db(), draft=draft, now=now())
        _note_solved(draft)
        return redirect(url_for("support.solved", public_id=public_id), 303)
    return onward(draft, "question")


@blueprint.get("/cases/drafts/<public_id>/solved")
@allow(Who.HOLDER)
def solved(public_id: str) -> ResponseReturnValue:
    """Thanks; the draft can be taken up again for some days."""
    draft, _told = enter(public_id, "question")
    return render_template(
        "support/solved.html", draft=draft, continue_url=address("effect", draft)
    )


def _counted(page: str, found: list[PossibleAnswer], place: Place) -> ResponseReturnValue:
    """Keep what this visit was shown here, once the page is on its way."""
    response = make_response(page)
    who, at = visitor(begins=True), now()
    shown = [each.article.id for each in found]
    if who is None or not shown:
        return response
    return keep_after(
        response,
        lambda session: attempting.show(
            session, visitor=who, article_ids=shown, place=place, now=at
        ),
    )


def _note_solved(draft: Draft) -> None:
    """The article that was opened, if it was one, gets the credit."""
    if (who := visitor()) is not None:
        opened = [each["article_id"] for each in draft.shown_articles if each["opened"]]
        article_id = opened[0] if len(opened) == 1 else None
        attempting.solve(db(), visitor=who, article_id=article_id, place=Place.STEP, now=now())


def _issues(told: Answers) -> list[KnownIssue]:
    """Known issues that this may be about, the likeliest first."""
    return issues_about(db(), told.subject) or issues_about(db(), told.description)


def _found(told: Answers) -> list[PossibleAnswer]:
    return articles_for(
        db(),
        parts().index,
        subject=told.subject,
        description=told.description,
        reader=reader(),
    )
