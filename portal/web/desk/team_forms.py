"""The forms on the page of teams."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField

from portal.locale import N_
from portal.locale import gettext as _
from portal.people.team import LEVELS, Team
from portal.web.forms import Form, Line, Required


class TeamForm(Form):
    """A team: its name, its level, and who is in it."""

    name = Line(N_("Name"), required=N_("Give the team the name that customers read."), limit=80)
    level = RadioField(
        N_("Level of help"),
        [Required(N_("Choose a level."))],
        choices=lambda: [(str(level), _("Level %(level)s", level=level)) for level in LEVELS],
        default=str(LEVELS[0]),
    )
    members = SelectMultipleField(N_("Members"), validate_choice=True)


class ListenersForm(Form):
    """Who is told of one step up."""

    people = SelectMultipleField(N_("Who is told"), validate_choice=True)


def routes_form(kinds: Sequence[tuple[str, str]], teams: Sequence[Team], **options: Any) -> Form:
    """One select for each kind of request (id and name), in their order."""
    named = [(str(team.id), team.name) for team in teams]
    fields = {
        f"kind_{place}": SelectField(
            name, choices=[("", N_("The default queue") if kind else N_("No team")), *named]
        )
        for place, (kind, name) in enumerate(kinds)
    }
    form: Form = type("RoutesForm", (Form,), fields)(**options)
    return form


def filled_with(kinds: Sequence[tuple[str, str]], kept: Mapping[str, int]) -> dict[str, str]:
    """The data of the form from the kept routes."""
    return {f"kind_{place}": str(kept.get(kind, "")) for place, (kind, _name) in enumerate(kinds)}


def chosen_in(form: Form, kinds: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The team chosen for each kind; kinds that go to the default queue are left out."""
    chosen = {kind: form[f"kind_{place}"].data for place, (kind, _name) in enumerate(kinds)}
    return {kind: int(team_id) for kind, team_id in chosen.items() if team_id}
