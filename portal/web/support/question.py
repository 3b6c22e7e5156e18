"""Step 1, "What is happening?": also the page behind "Contact support".

Nobody needs an account to begin. What was searched for, or the article that didn't help, is
filled in already; a case that is open is added to instead of opening another.
"""

from typing import Any
from zoneinfo import available_timezones

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField

from portal.cases import drafting
from portal.cases.access import find_case
from portal.cases.case import Case
from portal.cases.contract_check import local_day
from portal.cases.draft import Draft
from portal.cases.queries import open_cases_of
from portal.clock import now
from portal.knowledge.queries import find_article
from portal.policy.asking import RequestKind
from portal.policy.intake import unmet_conditions
from portal.policy.model import Policy
from portal.web.access import Who, allow
from portal.web.forms import Form, Line, Required, Text
from portal.web.identity import current_person, reader
from portal.web.parts import parts
from portal.web.support import blueprint, deflection
from portal.web.support.answers import Answers
from portal.web.support.desk import desk_words, policy_now
from portal.web.support.holding import hand_over, unfinished
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

SOMETHING_NEW = "new"
MOST_OFFERED = 5
_REMEDY = "Write in one line what it is about, like “Exports fail since Monday”."


class QuestionForm(Form):
    """Subject and description always; the kind and the open cases where there are any."""

    kind = RadioField(
        "What kind of help do you need?",
        [Required("Choose the kind of help that you need.")],
        validate_choice=False,
    )
    subject = Line("What is it about, in one line?", limit=150, required=_REMEDY)
    description = Text("What happens, and what did you expect?", limit=20_000)
    open_case = RadioField("Is this about a case that is open already?", validate_choice=False)
    time_zone = HiddenField()
    continues = Line(
        "Number of an earlier case, if this goes on from one",
        limit=40,
        description="It stands in our mails and looks like 7KQ-4MPX.",
    )


@blueprint.get("/cases/new")
@allow(Who.ANYONE)
def start_case() -> ResponseReturnValue:
    """An empty question, or one that holds what was searched for or read before."""
    form = _form(policy_now(), Answers(_prefilled()))
    return _page(form, drafts=unfinished())


@blueprint.post("/cases/new")
@allow(Who.ANYONE)
def begin_draft() -> ResponseReturnValue:
    """The first answers make the draft; from now on nothing typed is lost."""
    policy = policy_now()
    form = _form(policy, Answers({}))
    if not _is_complete(form, policy):
        return _page(form, drafts=unfinished()), 422
    draft, secret = drafting.start_draft(
        db(), owner=current_person(), now=now(), days=parts().settings.draft_days
    )
    response = make_response(_keep(draft, form, Answers(_prefilled())))
    return hand_over(response, draft.public_id, secret)


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
    return _page(_form(policy_now(), answers), draft=draft)


@blueprint.post("/cases/drafts/<public_id>/question")
@allow(Who.HOLDER)
def keep_question(public_id: str) -> ResponseReturnValue:
    draft, answers = enter(public_id, "question")
    policy = policy_now()
    form = _form(policy, answers)
    if not _is_complete(form, policy):
        return _page(form, draft=draft), 422
    return _keep(draft, form, answers)


def _prefilled() -> dict[str, str]:
    """What the way here tells: the words searched for, the article read, the case it follows."""
    query = request.args.get("q", "").strip()[:150]
    slug = request.args.get("article", "")[:200]
    article = find_article(db(), slug, reader=reader()) if slug else None
    title = getattr(article, "title", "")
    follows = request.args.get("follows", "").strip()[:40]
    return {
        "summary": query or title,
        "query": query,
        "from_article": slug if title else "",
        "existing_case_number": follows,
    }


def _form(policy: Policy, answers: Answers) -> QuestionForm:
    form = QuestionForm(
        data={
            "kind": answers.kind,
            "subject": answers.subject,
            "description": answers.description,
            "open_case": SOMETHING_NEW,
            "continues": answers.text("existing_case_number"),
        }
    )
    _use_words(form, policy)
    form.description.flags.optional = False
    form.kind.choices = [(kind.id, kind.name) for kind in policy.request_kinds]
    if len(form.kind.choices) < 2:
        del form.kind
    form.open_case.choices = _open_case_choices()
    if len(form.open_case.choices) < 2:
        del form.open_case
    return form


def _use_words(form: QuestionForm, policy: Policy) -> None:
    """The policy's own labels and reasons for the two fields that every case has."""
    for name, field_id in (("subject", "summary"), ("description", "description")):
        described = next((field for field in policy.fields if field.id == field_id), None)
        if described is not None:
            form[name].label.text = described.label
            form[name].description = described.why


def _open_case_choices() -> list[tuple[str, str]]:
    person = current_person()
    cases = open_cases_of(db(), person=person, limit=MOST_OFFERED) if person else []
    return [
        (SOMETHING_NEW, "No, it is something new"),
        *((case.reference, f"Yes: {case.subject} ({case.reference})") for case in cases),
    ]


def _is_complete(form: QuestionForm, policy: Policy) -> bool:
    """Check the form, and whether this person may ask for this kind of help at all."""
    kind = chosen_kind(policy, form.kind.data if form.kind else None)
    is_valid = bool(form.validate())
    if form.kind and kind is None and not form.kind.errors:
        form.kind.errors = ["Choose the kind of help that you need."]
    if form.kind and kind is not None and (refusal := _refusal(policy, kind)):
        form.kind.errors = [refusal]
    if needs_description(kind) and not (form.description.data or "").strip():
        form.description.errors = ["Describe what happens, so that we can start without asking."]
    return is_valid and not form.errors


def _refusal(policy: Policy, kind: RequestKind) -> str:
    """Which condition for this kind of help is not met, and what to do; "" when all are."""
    person = current_person()
    organisation = person.organisation if person else None
    contract = organisation.contract_on(local_day(policy, now())) if organisation else None
    unmet = unmet_conditions(
        kind,
        contract_is_current=contract is not None,
        is_technical_contact=bool(person and person.is_technical_contact),
    )
    if unmet and person is None:
        return f"Sign in first. {' '.join(unmet)}"
    return " ".join(unmet)


def needs_description(kind: RequestKind | None) -> bool:
    return kind is None or "description" not in kind.without


def chosen_kind(policy: Policy, kind_id: str | None) -> RequestKind | None:
    """The kind of request by its id; the only one where there is no choice."""
    if len(policy.request_kinds) == 1:
        return policy.request_kinds[0]
    return next((kind for kind in policy.request_kinds if kind.id == kind_id), None)


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
        summary=form.subject.data,
        description=form.description.data or "",
        existing_case_number=form.continues.data or "",
        contact_time_zone=_zone(form, before),
        query=before.text("query"),
        from_article=before.text("from_article"),
    )


def _zone(form: QuestionForm, before: Answers) -> str | None:
    """What was chosen before, else what the browser's script tells."""
    told = form.time_zone.data or ""
    return before.time_zone or (told if told in available_timezones() else None)


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
        changing=is_changing(),
        back=back_of(draft, "question") if draft and is_changing() else url_for("help.home"),
        kind_hints={kind.id: kind.hint for kind in policy.request_kinds if kind.hint},
        desk=desk_words(policy),
    )
