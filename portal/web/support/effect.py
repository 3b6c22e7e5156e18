"""Step 2, "How badly does it affect you?": plain questions, then the answer they lead to.

The customer tells of the effect; the policy's definitions settle the priority. Its reasons and the
promised time stand on the page before anything is sent, and both can be changed with a reason.
"""

from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Field, RadioField

from portal.cases.draft import Draft
from portal.policy.asking import Question
from portal.policy.intake import kind_of_request
from portal.policy.model import Policy
from portal.policy.priority import questions, said_yes
from portal.web.access import Who, allow
from portal.web.forms import Form, Text
from portal.web.support import blueprint
from portal.web.support.answers import Answers
from portal.web.support.desk import desk_words, policy_now
from portal.web.support.details import needed
from portal.web.support.outlook import outlook_of, settled
from portal.web.support.steps import address, back_of, enter, is_changing, keep, onward

_CHOICES = [("yes", "Yes"), ("no", "No"), ("unknown", "I don’t know")]


class EffectForm(Form):
    """One radio group for each question of the policy, in its order."""

    def questions(self) -> list[Field]:
        return [field for field in self if isinstance(field, RadioField)]


class ResultForm(Form):
    """Going on with the settled priority, or with another one and a reason."""

    business_effect = Text(
        "What can’t you do because of it?",
        limit=2_000,
        description="The people on call decide by this what to do first.",
    )
    priority = RadioField("How urgent is it?", validate_choice=False)
    reason = Text(
        "Why?", limit=1_000, description="The person who takes your case reads this first."
    )
    is_changing = False


@blueprint.get("/cases/drafts/<public_id>/effect")
@allow(Who.HOLDER)
def effect(public_id: str) -> ResponseReturnValue:
    draft, answers = enter(public_id, "effect")
    policy = policy_now()
    if _needs_answers(policy, answers) or "ask" in request.args:
        return _questions_page(draft, _effect_form(policy, answers))
    return _result_page(draft, answers, _result_form(policy, answers))


@blueprint.post("/cases/drafts/<public_id>/effect")
@allow(Who.HOLDER)
def keep_effect(public_id: str) -> ResponseReturnValue:
    draft, answers = enter(public_id, "effect")
    if "outcome" in request.form:
        return _keep_result(draft, answers)
    form = _effect_form(policy_now(), answers)
    if not _is_settled(policy_now(), form):
        return _questions_page(draft, form), 422
    effects = {field.name: field.data for field in form.questions() if field.data}
    if effects != answers.effects(policy_now()):
        keep(draft, "question", reopened=("effect",), chosen_priority=None, **_all(form))
    return redirect(_here(draft), 303)


@blueprint.get("/cases/drafts/<public_id>/expectation")
@allow(Who.HOLDER, is_use=False)
def expectation(public_id: str) -> ResponseReturnValue:
    """What another priority would promise; a fragment."""
    _, answers = enter(public_id, "effect")
    policy = policy_now()
    wanted = request.args.get("priority", "")
    priority = wanted if policy.has_priority(wanted) else None
    outlook = outlook_of(policy, answers, priority=priority)
    return render_template("support/_expectation.html", outlook=outlook, desk=desk_words(policy))


def _keep_result(draft: Draft, answers: Answers) -> ResponseReturnValue:
    policy = policy_now()
    form = _result_form(policy, answers)
    chosen = form.priority.data or settled(policy, answers).priority_id
    form.is_changing = chosen != settled(policy, answers).priority_id
    shown = _chosen(answers, policy)
    if not _may_go_on(form, policy):
        return _result_page(draft, answers, form, priority=chosen), 422
    is_final = request.form["outcome"] != "show" and chosen == shown
    ticks = ("effect",) if needed(policy, answers) else ("effect", "details")
    keep(
        draft,
        *(ticks if is_final else ()),
        reopened=() if is_final else ("effect",),
        chosen_priority=chosen if form.is_changing else None,
        chosen_priority_reason=form.reason.data if form.is_changing else None,
        business_effect=form.business_effect.data if form.business_effect else None,
    )
    if not is_final:
        return redirect(_here(draft), 303)
    return onward(draft, "effect", default="details" if needed(policy, answers) else "contact")


def _may_go_on(form: ResultForm, policy: Policy) -> bool:
    is_valid = bool(form.validate())
    is_final = request.form["outcome"] != "show"
    if form.priority.data and not policy.has_priority(form.priority.data):
        form.priority.errors = ["Choose one of the priorities in the list."]
    if form.is_changing and not (form.reason.data or "").strip():
        form.reason.errors = ["Say why, so that we can judge it the same way."]
    if is_final and form.business_effect and not (form.business_effect.data or "").strip():
        form.business_effect.errors = ["Say what you can’t do because of it."]
    return is_valid and not form.errors


def _needs_answers(policy: Policy, answers: Answers) -> bool:
    kind = kind_of_request(policy, answers.kind)
    return not answers.effects(policy) and not (kind and kind.priority)


def _chosen(answers: Answers, policy: Policy) -> str:
    return answers.chosen_priority or settled(policy, answers).priority_id


def _effect_form(policy: Policy, answers: Answers) -> EffectForm:
    fields = {question.id: _field(question) for question in questions(policy)}
    form: EffectForm = type("PolicyEffectForm", (EffectForm,), fields)(data=answers.effects(policy))
    return form


def _all(form: EffectForm) -> dict[str, str | None]:
    """Every answer of the page; a question left out takes back what it had before."""
    return {field.name: field.data or None for field in form.questions()}


def _field(question: Question) -> RadioField:
    unless = {"data-unless": question.unless} if question.unless else {}
    return RadioField(
        question.ask,
        choices=_CHOICES,
        validate_choice=False,
        render_kw=unless,
    )


def _is_settled(policy: Policy, form: EffectForm) -> bool:
    """Every question down to the first yes must be answered; “I don't know” is an answer."""
    form.validate()
    given = {field.name: field.data for field in form.questions()}
    causes = {question.unless for question in questions(policy) if question.unless}
    for question in questions(policy):
        if not given.get(question.id):
            form[question.id].errors = [f"Answer yes, no or “I don’t know”: {question.ask}"]
            continue
        yields = question.unless is not None and said_yes(given.get(question.unless))
        if said_yes(given[question.id]) and not yields and question.id not in causes:
            break
    return not form.errors


def _result_form(policy: Policy, answers: Answers) -> ResultForm:
    chosen = _chosen(answers, policy)
    form = ResultForm(
        data={
            "priority": chosen,
            "reason": answers.text("chosen_priority_reason"),
            "business_effect": answers.text("business_effect"),
        }
    )
    form.priority.choices = [(level.id, level.name) for level in policy.priorities]
    form.is_changing = bool(answers.chosen_priority)
    form.reason.flags.optional = form.business_effect.flags.optional = False
    if chosen != policy.priorities[0].id:
        del form.business_effect
    return form


def _questions_page(draft: Draft, form: EffectForm) -> str:
    return render_template(
        "support/effect.html",
        draft=draft,
        form=form,
        changing=is_changing(),
        back=back_of(draft, "effect"),
    )


def _result_page(
    draft: Draft, answers: Answers, form: ResultForm, *, priority: str | None = None
) -> str:
    policy = policy_now()
    known = priority if priority and policy.has_priority(priority) else None
    kind = kind_of_request(policy, answers.kind)
    is_fixed = bool(kind and kind.priority)
    return render_template(
        "support/expectation.html",
        draft=draft,
        form=form,
        changing=is_changing(),
        back=back_of(draft, "effect") if is_fixed else _here(draft, ask="yes"),
        outlook=outlook_of(policy, answers, priority=known),
        priority_hints=meanings(policy),
        desk=desk_words(policy),
    )


def meanings(policy: Policy) -> dict[str, str]:
    """What each priority is for, in the policy's words."""
    return {
        level.id: "; ".join(level.means)
        for level in policy.priorities
        if level.means and level.means != ("not given",)
    }


def _here(draft: Draft, **query: Any) -> str:
    kept = {"change": "yes"} if is_changing() else {}
    return address("effect", draft, **kept, **query)
