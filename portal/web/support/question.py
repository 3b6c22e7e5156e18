"""Step 1, "What is happening?": also the page behind "Contact support".

Nobody needs an account to begin. What was searched for, or the article that didn't help, is
filled in already; a case that is open is added to instead of opening another.
"""

from datetime import timedelta
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases import drafting
from portal.cases.access import find_case
from portal.cases.case import Case
from portal.cases.draft import Draft
from portal.cases.going_on import told_before
from portal.clock import now
from portal.insight import attempting
from portal.knowledge.article import Article
from portal.knowledge.queries import find_article
from portal.locale import N_
from portal.locale import gettext as _
from portal.people import throttle
from portal.web.access import Who, allow
from portal.web.identity import address_hash, current_person, reader
from portal.web.known_issues import issue_bars
from portal.web.languages import told_language
from portal.web.parts import parts
from portal.web.support import blueprint, deflection
from portal.web.support.answers import Answers
from portal.web.support.desk import desk_words, policy_now
from portal.web.support.holding import hand_over, unfinished
from portal.web.support.loading import find_readable
from portal.web.support.outlook import contract_words
from portal.web.support.question_form import (
    SOMETHING_NEW,
    QuestionForm,
    chosen_organisation,
    is_about_earlier,
    is_complete,
    question_form,
    told_zone,
)
from portal.web.support.steps import (
    address,
    back_of,
    enter,
    first_open,
    is_changing,
    keep,
    onward,
)
from portal.web.transaction import db
from portal.web.visits import keep_after, visitor

MOST_BEGUN = 60
TOO_MANY = N_("Very many cases came from your network. Sign in to go on, or call us.")


@blueprint.get("/cases/new")
@allow(Who.ANYONE)
def start_case() -> ResponseReturnValue:
    """An empty question, or one that holds what was searched for or read before."""
    form = question_form(policy_now(), Answers(_prefilled()))
    response = make_response(_page(form, drafts=unfinished()))
    who, at = visitor(begins=True), now()
    if who is None:
        return response
    return keep_after(response, lambda db: attempting.open_form(db, visitor=who, now=at))


@blueprint.post("/cases/new")
@allow(Who.ANYONE)
def begin_draft() -> ResponseReturnValue:
    """The first answers make the draft; from now on nothing typed is lost."""
    policy = policy_now()
    form = question_form(policy, Answers({}))
    if not is_complete(form, policy):
        return _page(form, drafts=unfinished()), 422
    if not _may_begin():
        form.form_errors = [_(TOO_MANY)]
        return _page(form, drafts=unfinished()), 429
    draft, secret = drafting.start_draft(
        db(), owner=current_person(), now=now(), days=parts().settings.draft_days
    )
    response = make_response(_keep(draft, form, Answers(_prefilled())))
    _take_over(draft)
    return hand_over(response, draft.public_id, secret)


def _take_over(draft: Draft) -> None:
    """What the case told that this one goes on from, where nothing was answered yet."""
    told = Answers(draft.answers)
    earlier = find_readable(told.text("existing_case_number"))
    if earlier is not None:
        taken = {k: v for k, v in told_before(earlier).items() if not told.text(k)}
        keep(draft, followed_receipt=earlier.receipt, **taken)


def _may_begin() -> bool:
    """Strangers of one network begin so many an hour; whoever signed in, as many as they need."""
    if current_person() is not None:
        return True
    key = f"drafts-from-{address_hash()}"
    return throttle.allow(db(), key, limit=MOST_BEGUN, window=timedelta(hours=1), now=now())


@blueprint.get("/cases/drafts/<public_id>")
@allow(Who.HOLDER)
def resume(public_id: str) -> ResponseReturnValue:
    """Take up a draft where it was left."""
    draft, answers = enter(public_id, "question")
    return redirect(address(first_open(answers), draft), 303)


@blueprint.get("/cases/drafts/<public_id>/question")
@allow(Who.HOLDER)
def question(public_id: str) -> ResponseReturnValue:
    draft, answers = enter(public_id, "question")
    return _page(question_form(policy_now(), answers), draft=draft)


@blueprint.post("/cases/drafts/<public_id>/question")
@allow(Who.HOLDER)
def keep_question(public_id: str) -> ResponseReturnValue:
    draft, answers = enter(public_id, "question")
    policy = policy_now()
    form = question_form(policy, answers)
    if not is_complete(form, policy):
        return _page(form, draft=draft), 422
    return _keep(draft, form, answers)


def _prefilled() -> dict[str, str]:
    """What the way here tells: the words searched for, the article read, the case it follows."""
    query = request.args.get("q", "").strip()[:150]
    slug = request.args.get("article", "")[:200]
    article = find_article(db(), slug, reader=reader()) if slug else None
    published = article.published if isinstance(article, Article) else None
    title = published.title if published else ""
    follows = request.args.get("follows", "").strip()[:40]
    earlier = find_readable(follows) if follows else None
    return {
        "summary": query or title or (earlier.subject if earlier else ""),
        "query": query,
        "from_article": slug if title else "",
        "existing_case_number": follows,
        "request_kind": earlier.request_kind if earlier else "",
        "organisation_id": str(earlier.organisation_id or "") if earlier else "",
    }


def _keep(draft: Draft, form: QuestionForm, before: Answers) -> Response:
    if (case := _case_to_add_to(form)) is not None:
        _keep_texts(draft, form, before, steps=())
        target = url_for("support.case", reference=case.reference, draft=draft.public_id)
        response: Response = redirect(f"{target}#reply", 303)  # type: ignore[assignment]
        return response
    kind = form.kind.data if form.kind else ""
    _keep_texts(draft, form, before, steps=("effect", "details") if kind != before.kind else ())
    offered = deflection.offer(draft)
    return onward(draft, "question", default="answers" if offered else None)


def _keep_texts(draft: Draft, form: QuestionForm, before: Answers, *, steps: Any) -> None:
    keep(
        draft,
        "question",
        reopened=steps,
        request_kind=form.kind.data if form.kind else "",
        organisation_id=chosen_organisation(form),
        summary=form.subject.data,
        description=form.description.data or "",
        existing_case_number=form.continues.data or "",
        contact_time_zone=told_zone(form, before),
        contact_language=told_language(),
        query=before.text("query"),
        from_article=before.text("from_article"),
    )


def _case_to_add_to(form: QuestionForm) -> Case | None:
    """The open case that the person chose; only one that they may see."""
    person = current_person()
    reference = form.open_case.data if form.open_case else None
    if person is None or not reference or reference == SOMETHING_NEW:
        return None
    return find_case(db(), reference, person=person)


def _page(form: QuestionForm, *, draft: Draft | None = None, drafts: Any = ()) -> str:
    policy = policy_now()
    return render_template(
        "support/question.html",
        form=form,
        drafts=drafts,
        is_about_earlier=is_about_earlier(form),
        known_issues=issue_bars(),
        changing=is_changing(),
        back=back_of(draft, "question") if draft and is_changing() else url_for("help.home"),
        kind_hints={kind.id: kind.hint for kind in policy.request_kinds if kind.hint},
        desk=desk_words(policy),
        contract_words=contract_words(policy, Answers(draft.answers if draft else {})),
    )
