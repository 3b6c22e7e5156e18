"""The forms on the case page, one for each thing that a customer can do there."""

import secrets
from functools import cached_property
from typing import Any, TypeVar

from wtforms import HiddenField, RadioField

from portal.cases import given_reasons
from portal.cases.rating import SCORES
from portal.locale import N_
from portal.web.forms import PLAIN_TEXT_HINT, Day, Files, Form, Line, Required, Text

F = TypeVar("F", bound=Form)

CLOSING_REASONS = {
    "solved": given_reasons.SOLVED,
    "not needed": given_reasons.NOT_NEEDED,
}


class ReplyForm(Form):
    """What the customer adds; `form_token` makes a double press one message."""

    body = Text(N_("Your message"), limit=20_000, description=PLAIN_TEXT_HINT)
    files = Files(N_("Files"))
    form_token = HiddenField()


class ClosureForm(Form):
    """Why the customer closes the case."""

    reason = RadioField(
        N_("Why do you close it?"),
        [Required(N_("Choose why you close the case."))],
        choices=list(CLOSING_REASONS.items()),
        validate_choice=False,
    )


class ReopeningForm(Form):
    """What is still wrong."""

    reason = Text(
        N_("What is still wrong?"),
        limit=2_000,
        required=N_("Say what is still wrong, so that we can start."),
    )


class EscalationForm(Form):
    """Why somebody higher should look at it."""

    reason = Text(
        N_("What is not going well?"),
        limit=2_000,
        required=N_("Say what is not going well; whoever takes over reads it first."),
    )


class ScheduleForm(Form):
    """The day that was proposed: accepted, or another one. `proposed` is the day that was read."""

    answer = RadioField(
        N_("Does this day suit you?"),
        choices=[("accept", N_("Yes, I agree to it")), ("other", N_("No, I propose another day"))],
        validate_choice=False,
    )
    proposed = HiddenField()
    on = Day(
        N_("Another day"),
        required=N_("Enter the day that suits you, with day, month and year."),
    )
    reason = Text(N_("What should we know about it?"), limit=1_000)

    @property
    def accepts(self) -> bool:
        return bool(self.answer.data == "accept")


class RatingForm(Form):
    """One question and, if they like, a comment."""

    score = RadioField(
        N_("How satisfied are you with how we handled this case?"),
        [Required(N_("Choose one of the five answers."))],
        choices=[(str(score), words) for score, words in SCORES.items()],
        validate_choice=False,
    )
    comment = Text(N_("What should we know?"), limit=2_000)


class PriorityForm(Form):
    """Another priority, and why."""

    priority = RadioField(
        N_("How urgent is it now?"), [Required(N_("Choose a priority."))], validate_choice=False
    )
    reason = Text(
        N_("Why?"), limit=1_000, required=N_("Say why, so that we can judge it the same way.")
    )


class FollowForm(Form):
    """Which case, and whose mail."""

    reference = Line(
        N_("Case number or receipt"),
        limit=40,
        required=N_("Enter the number from our first mail, like 7KQ-4MPX."),
        description=N_("It stands in our first mail and on the page after sending."),
    )
    email = Line(
        N_("E-mail address of the case"),
        limit=254,
        required=N_("Enter the e-mail address that you gave with the case."),
    )


class FollowerForm(Form):
    """Which colleague is to follow the case."""

    who = Line(
        N_("Name or e-mail address of a colleague"),
        limit=254,
        required=N_("Enter the name or the e-mail address of a colleague."),
    )


_blank_forms: dict[type[Form], Any] = {}


def _blank(kind: type[F], prefix: str) -> F:
    """A form in which nothing is filled in: one for all pages, to be shown and never to be read."""
    if kind not in _blank_forms:
        _blank_forms[kind] = kind(formdata=None, prefix=prefix)
    form: F = _blank_forms[kind]
    return form


class ActForms:
    """All forms of the page, each made when the page needs it; `failed` is the one that was sent
    and refused. Their fields have ids of their own, so that errors lead to the right one.
    """

    failed: Form | None = None

    @cached_property
    def reply(self) -> ReplyForm:
        form = ReplyForm(formdata=None, data={"form_token": secrets.token_urlsafe(12)})
        form.body.flags.optional = False
        return form

    @cached_property
    def closure(self) -> ClosureForm:
        return _blank(ClosureForm, "closure-")

    @cached_property
    def reopening(self) -> ReopeningForm:
        return _blank(ReopeningForm, "reopening-")

    @cached_property
    def escalation(self) -> EscalationForm:
        return _blank(EscalationForm, "escalation-")

    @cached_property
    def rating(self) -> RatingForm:
        return _blank(RatingForm, "rating-")

    @cached_property
    def follower(self) -> FollowerForm:
        return _blank(FollowerForm, "follower-")

    @cached_property
    def schedule(self) -> ScheduleForm:
        return ScheduleForm(formdata=None, prefix="schedule-")
