"""What each form of a case page offers: only what is possible for this case now."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from portal.cases import priorities, waiting
from portal.cases.case import Case, CaseStatus
from portal.cases.clocks import policy_of
from portal.cases.words import STAFF_STATUS_WORDS
from portal.clock import now
from portal.locale import N_
from portal.locale import gettext as _
from portal.people.team import LEVELS, Team
from portal.web.desk.forms import (
    NEXT,
    ActForm,
    AssignmentForm,
    EscalationForm,
    KindForm,
    PauseForm,
    PriorityForm,
    ReplyForm,
    StatusForm,
)
from portal.web.desk.loading import rules, teams, workers
from portal.web.transaction import db

Choices = list[tuple[str, str]]
_MOVES_BY_HAND = (
    CaseStatus.IN_PROGRESS,
    CaseStatus.WAITING,
    CaseStatus.SOLVED,
    CaseStatus.CLOSED,
)
_LEAVE_PAUSED = (CaseStatus.PAUSED.value, N_("Leave it paused"))


def prepare_choices(case: Case, forms: Iterable[ActForm], *, is_new: ActForm | None = None) -> None:
    """Offer in each select what is possible; what was typed in `is_new` stays chosen."""
    for form in forms:
        prepare = _PREPARED.get(type(form))
        if prepare is not None:
            prepare(case, form, form is is_new)


def _reply(case: Case, form: Any, is_typed: bool) -> None:
    if case.status is CaseStatus.PAUSED:
        form.then.choices = [*NEXT, _LEAVE_PAUSED]
        form.then.data = form.then.data if is_typed else CaseStatus.PAUSED.value


def _status(case: Case, form: Any, _is_typed: bool) -> None:
    possible = [move for move in _MOVES_BY_HAND if case.may_move_to(move)]
    form.status.choices = [(move.value, STAFF_STATUS_WORDS[move]) for move in possible]


def _pause(case: Case, form: Any, is_typed: bool) -> None:
    """Reasons whose turn isn't the customer's; waiting for the customer is a status."""
    found = [each for each in waiting.reasons(case) if each.turn != "customer"]
    form.pause.choices = [(each.id, each.words[0].upper() + each.words[1:]) for each in found]
    if not is_typed and case.pause_reason:
        form.pause.data = case.pause_reason
        form.party.data = case.paused_for


def _assignment(case: Case, form: Any, is_typed: bool) -> None:
    form.assignee.choices = [("", N_("Nobody")), *_people()]
    form.team.choices = [("", N_("No team")), *_named(teams())]
    if not is_typed:
        form.assignee.data = str(case.assignee_id or "")
        form.team.data = str(case.team_id or "")


def _kind(case: Case, form: Any, is_typed: bool) -> None:
    form.kind.choices = [(each.id, each.name) for each in policy_of(case).request_kinds]
    if not is_typed:
        form.kind.data = case.request_kind


def _escalation(case: Case, form: Any, _is_typed: bool) -> None:
    higher = [level for level in LEVELS if level > case.level]
    form.level.choices = [(str(level), _("Level %(level)s", level=level)) for level in higher]
    form.level.data = form.level.data or (str(higher[0]) if higher else "")
    found = [team for team in teams() if team.level > case.level]
    named = [
        (str(team.id), _("%(name)s (level %(level)s)", name=team.name, level=team.level))
        for team in found
    ]
    form.team.choices = [("", N_("The team of that level")), *named]
    form.assignee.choices = [("", N_("As it is")), *_people()]


def _priority(case: Case, form: Any, _is_typed: bool) -> None:
    levels = priorities.choices(db(), case=case, now=now(), policies=rules(case))
    form.priority.choices = [(each.id, each.name) for each in levels if each.id != case.priority]


def _people() -> Choices:
    return [(str(person.id), person.name) for person in workers()]


def _named(found: Sequence[Team]) -> Choices:
    return [(str(team.id), team.name) for team in found]


_PREPARED: dict[type[ActForm], Callable[[Case, Any, bool], None]] = {
    ReplyForm: _reply,
    StatusForm: _status,
    PauseForm: _pause,
    AssignmentForm: _assignment,
    KindForm: _kind,
    EscalationForm: _escalation,
    PriorityForm: _priority,
}
