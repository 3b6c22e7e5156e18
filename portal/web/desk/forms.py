"""The forms of a case page: each says with which revision of the case it was shown, so that
nobody overwrites unseen what somebody else did meanwhile.
"""

import secrets
from typing import Any

from wtforms import HiddenField, RadioField, SelectField

from portal.cases.case import Case, CaseStatus
from portal.locale import N_
from portal.web.forms import PLAIN_TEXT_HINT, Day, Files, Form, Line, Text, TimeOfDay

NEXT = (
    (CaseStatus.IN_PROGRESS.value, N_("We go on working")),
    (CaseStatus.WAITING.value, N_("Wait for the customer")),
    (CaseStatus.SOLVED.value, N_("Solved: ask the customer to confirm")),
)


class ActForm(Form):
    """What every act carries: the revision it was shown with, and how much had happened."""

    revision = HiddenField()
    seen = HiddenField()

    @property
    def shown_revision(self) -> int | None:
        return _whole(self.revision.data)

    @property
    def shown_entries(self) -> int:
        return _whole(self.seen.data) or 0


class ReplyForm(ActForm):
    """What the customer will read."""

    body = Text(
        N_("Your answer"), required=N_("Write your answer first."), description=PLAIN_TEXT_HINT
    )
    then = RadioField(N_("And then"), choices=NEXT, default=CaseStatus.IN_PROGRESS.value)
    files = Files(N_("Files for the customer"))
    form_token = HiddenField()


class NoteForm(ActForm):
    """What only staff will read."""

    body = Text(N_("Your note"), required=N_("Write the note first."), description=PLAIN_TEXT_HINT)
    files = Files(N_("Files for staff only"))
    form_token = HiddenField()


class StatusForm(ActForm):
    """Another status without a message; the reason stands in the history."""

    status = SelectField(N_("New status"), validate_choice=True)
    reason = Line(N_("Reason, for the customer"))


class PauseForm(ActForm):
    """What the case waits for; the customer reads all of it."""

    pause = SelectField(N_("Waiting for"), validate_choice=True)
    party = Line(N_("Who that is"))
    until_day = Day(N_("Day"))
    until = TimeOfDay(N_("Time of day"), on="until_day")
    reason = Line(N_("What the customer should know"))


class AssignmentForm(ActForm):
    """Who works on the case, and in which team's queue it is."""

    team = SelectField(N_("Team"), default="")
    assignee = SelectField(N_("Assigned to"), default="")
    reason = Line(N_("Reason, for the customer"))


class KindForm(ActForm):
    """It is another kind of request than it was filed as."""

    kind = SelectField(N_("Kind of request"), validate_choice=True)
    reason = Line(N_("Reason, for the customer"))


class PriorityForm(ActForm):
    """Another priority; the customer reads the reason."""

    priority = SelectField(N_("New priority"), validate_choice=True)
    reason = Text(N_("Reason, for the customer"), limit=2_000)


class ContractForm(ActForm):
    """No contract was found; the customer reads why."""

    reason = Text(
        N_("What the customer should know"), required=N_("Say why, and what they can do.")
    )


class EscalationForm(ActForm):
    """To a higher level, its team, and a named engineer."""

    level = SelectField(N_("Level"), default="")
    team = SelectField(N_("Team"), default="")
    assignee = SelectField(N_("Assigned to"), default="")
    reason = Line(N_("Reason, for the customer"), required=N_("Say why in a line."))


class EscalationAnswerForm(ActForm):
    """The case stays at its level; the customer who asked for more reads why."""

    reason = Text(
        N_("What the customer should know"),
        limit=2_000,
        required=N_("Say why it stays, and what happens next: the customer waits for this answer."),
    )


class ScheduleForm(ActForm):
    """The day on which deferred work is done: proposed, accepted or taken back."""

    on = Day(N_("Day"), required=N_("Enter the day that you propose, with day, month and year."))
    reason = Line(N_("What the customer should know"))


class DeliveryForm(ActForm):
    """The day on which the fix is delivered; the customer is told."""

    on = Day(N_("Delivery of the fix"), required=N_("Enter the day on which the fix comes."))
    reason = Line(N_("Reason, for the customer"))


def fresh(form: ActForm, case: Case, *, seen: int) -> ActForm:
    """Stamp a form with what is on the page now; a token names it until it is sent."""
    form.revision.data = str(case.revision)
    form.seen.data = str(seen)
    token: Any = getattr(form, "form_token", None)
    if token is not None and not token.data:
        token.data = secrets.token_urlsafe(12)
    return form


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
