"""Step 2, "How badly does it affect you?": plain statements, then the answer they lead to.

The customer tells of the effect; the policy's definitions settle the priority. Its reasons and the
promised time stand on the page before anything is sent, and both can be changed with a reason.
"""

from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from portal.cases.draft import Draft
from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.intake import kind_of_request
from portal.policy.model import Policy
from portal.policy.narrowing import Round, needed_rounds, rounds
from portal.web.access import Who, allow
from portal.web.forms import Form, Text
from portal.web.support import blueprint
from portal.web.support.answers import Answers
from portal.web.support.desk import desk_words, policy_now
from portal.web.support.details import needed
from portal.web.support.outlook import outlook_of, settled
from portal.web.support.statements import (
    StatementsForm,
    answers_of,
    is_answered,
    statements_form,
)
from portal.web.support.steps import address, back_of, enter, is_changing, keep, onward


class ResultForm(Form):
    """Going on with the settled priority, or with another one and a reason."""

    business_effect = Text(
        N_("What can’t you do because of it?"),
        limit=2_000,
        description=N_("We decide by this what to do first."),
    )
    priority = RadioField(N_("How urgent is it?"), validate_choice=False)
    reason = Text(
        N_("Why?"), limit=1_000, description=N_("The person who takes your case reads this first.")
    )
    is_changing = False


@blueprint.get("/cases/drafts/<public_id>/effect")
@allow(Who.HOLDER)
def effect(public_id: str) -> ResponseReturnValue:
    draft, answers = enter(public_id, "effect")
    policy = policy_now()
    if (asked := _asked(policy, answers)) is not None:
        if request.args.get("ask") != str(asked.number):  # so the browser's Back finds each round
            return redirect(_here(draft, ask=asked.number), 303)
        form = statements_form(asked, answers.effects(policy))
        return _statements_page(draft, answers, asked, form)
    return _result_page(draft, answers, _result_form(policy, answers))


@blueprint.post("/cases/drafts/<public_id>/effect")
@allow(Who.HOLDER)
def keep_effect(public_id: str) -> ResponseReturnValue:
    draft, answers = enter(public_id, "effect")
    if "outcome" in request.form:
        return _keep_result(draft, answers)
    policy = policy_now()
    before = answers.effects(policy)
    asked = _asked(policy, answers)
    if asked is None:
        return redirect(_here(draft), 303)
    form = statements_form(asked, before)
    if not is_answered(form):
        return _statements_page(draft, answers, asked, form), 422
    said = answers_of(form, asked)
    if any(before.get(each) != answer for each, answer in said.items()):
        later = _less_urgent(policy, asked)
        keep(draft, "question", reopened=("effect",), chosen_priority=None, **later, **said)
    return redirect(_after(draft, policy, asked), 303)


@blueprint.get("/cases/drafts/<public_id>/expectation")
@allow(Who.HOLDER, is_use=False)
def expectation(public_id: str) -> ResponseReturnValue:
    """What another priority would promise; a fragment."""
    _draft, answers = enter(public_id, "effect")
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
        form.priority.errors = [_("Choose one of the priorities in the list.")]
    if form.is_changing and not (form.reason.data or "").strip():
        form.reason.errors = [_("Say why, so that we can judge it the same way.")]
    if is_final and form.business_effect and not (form.business_effect.data or "").strip():
        form.business_effect.errors = [_("Say what you can’t do because of it.")]
    return is_valid and not form.errors


def _asked(policy: Policy, answers: Answers) -> Round | None:
    """The round of the address where it is needed, else the first one without an answer."""
    kind = kind_of_request(policy, answers.kind)
    if kind and kind.priority:
        return None
    given = answers.effects(policy)
    needed_now = needed_rounds(policy, given)
    wanted = request.args.get("ask", "")
    named = [each for each in needed_now if wanted and str(each.number) == wanted]
    unanswered = [each for each in needed_now if not each.is_answered(given)]
    return next(iter((*named, *unanswered)), None)


def _less_urgent(policy: Policy, asked: Round) -> dict[str, None]:
    """What comes after this round; other answers to it may make that needless, or mean more."""
    later = [each for each in rounds(policy) if each.number > asked.number]
    known = {question.id for question in asked.questions}
    return {q.id: None for each in later for q in each.questions if q.id not in known}


def _after(draft: Draft, policy: Policy, asked: Round) -> str:
    """The next round that can still change the result, else the result."""
    given = Answers(draft.answers).effects(policy)
    later = [each for each in needed_rounds(policy, given) if each.number > asked.number]
    return _here(draft, ask=later[0].number) if later else _here(draft)


def _before(draft: Draft, answers: Answers, asked: Round | None) -> str:
    """Where "Back" leads from a round, or from the result."""
    policy = policy_now()
    kind = kind_of_request(policy, answers.kind)
    if kind and kind.priority:
        return back_of(draft, "effect")
    earlier = [
        each
        for each in needed_rounds(policy, answers.effects(policy))
        if asked is None or each.number < asked.number
    ]
    return _here(draft, ask=earlier[-1].number) if earlier else back_of(draft, "effect")


def _chosen(answers: Answers, policy: Policy) -> str:
    return answers.chosen_priority or settled(policy, answers).priority_id


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


def _statements_page(draft: Draft, answers: Answers, asked: Round, form: StatementsForm) -> str:
    return render_template(
        "support/effect.html",
        draft=draft,
        form=form,
        is_first=asked.number == 1,
        here=_here(draft, ask=asked.number),
        changing=is_changing(),
        back=_before(draft, answers, asked),
    )


def _result_page(
    draft: Draft, answers: Answers, form: ResultForm, *, priority: str | None = None
) -> str:
    policy = policy_now()
    known = priority if priority and policy.has_priority(priority) else None
    return render_template(
        "support/expectation.html",
        draft=draft,
        form=form,
        changing=is_changing(),
        back=_before(draft, answers, None),
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
