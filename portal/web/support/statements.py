"""Some statements of the policy to tick, or the one question about a cause: a page of step 2.

What isn't ticked is not true, or not known to be; "None of these" must be said, so that nobody
passes by without reading.
"""

from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectFieldBase

from portal.locale import N_
from portal.locale import gettext as _
from portal.policy.narrowing import Round
from portal.policy.priority import Answers
from portal.web.forms import Form

NONE = "none"
_ANSWERS = [("yes", N_("Yes")), ("no", N_("No")), ("unknown", N_("I don’t know"))]
_WHICH = N_("Which of these is true?")
_THEN = N_("Then which of these is true?")


class StatementsForm(Form):
    """One group of boxes, or of radios where only the cause is asked for."""

    holds = SelectMultipleField(
        _WHICH,
        description=N_("Tick all that apply. If you are not sure of one, leave it."),
        validate_choice=False,
    )
    cause = RadioField(validate_choice=False)

    def asked(self) -> SelectFieldBase:
        return self.holds or self.cause


def statements_form(asked: Round, answers: Answers) -> StatementsForm:
    """The form of this round, with what was answered before."""
    first = asked.questions[0]
    given = {question.id: answers.get(question.id) for question in asked.questions}
    ticked = [each for each, answer in given.items() if answer == "yes"]
    is_none = not ticked and asked.is_answered(answers)
    form = StatementsForm(data={"holds": [NONE] if is_none else ticked, "cause": given[first.id]})
    if asked.is_about_cause:
        form.cause.label.text, form.cause.choices = first.ask, _ANSWERS
        del form.holds
    else:
        form.holds.label.text = _WHICH if asked.number == 1 else _THEN
        form.holds.choices = [
            *((question.id, question.statement) for question in asked.questions),
            (NONE, N_("None of these, or I don’t know")),
        ]
        del form.cause
    return form


def is_answered(form: StatementsForm) -> bool:
    """Something must be said, and "None of these" goes with nothing else."""
    field = form.asked()
    form.validate()
    offered = {value for value, *_ in field.iter_choices()}
    if not form.holds:
        if field.data not in offered:
            field.errors = [
                _("Answer yes, no or “I don’t know”: %(question)s", question=field.label.text)
            ]
        return not form.errors
    ticked = set(field.data or ()) & offered
    if not ticked:
        field.errors = [_("Tick what is true, or “None of these, or I don’t know”.")]
    elif NONE in ticked and len(ticked) > 1:
        field.errors = [_("Tick what is true, or “None of these, or I don’t know”, but not both.")]
    return not form.errors


def answers_of(form: StatementsForm, asked: Round) -> dict[str, str]:
    """By question of the policy: yes, no, or unknown."""
    if not form.holds:
        return {asked.questions[0].id: form.cause.data}
    ticked = form.holds.data or ()
    return {each.id: "yes" if each.id in ticked else "no" for each in asked.questions}
