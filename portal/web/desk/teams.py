"""Teams, where each kind of request goes, and who hears of each step up: kept by managers."""

from flask import Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.cases.listening import ASKED_FOR, listeners, set_listeners
from portal.cases.policies import policy_in_force
from portal.cases.route import DEFAULT_KIND
from portal.cases.routing import routes, set_routes
from portal.clock import now
from portal.locale import gettext as _
from portal.people.person import Person
from portal.people.team import LEVELS, Team
from portal.people.teams import (
    WrongTeamError,
    find_team,
    keep_team,
    retire_team,
    team_named,
)
from portal.policy.model import Policy
from portal.web.access import Who, allow
from portal.web.desk import blueprint
from portal.web.desk.loading import teams, worker, workers
from portal.web.desk.team_forms import (
    ListenersForm,
    TeamForm,
    chosen_in,
    filled_with,
    routes_form,
)
from portal.web.forms import Form
from portal.web.messages import tell
from portal.web.transaction import db

STEPS = (ASKED_FOR, *(level for level in LEVELS if level > 1))


@blueprint.get("/desk/teams")
@allow(Who.MANAGER)
def team_list() -> ResponseReturnValue:
    return _overview()


@blueprint.get("/desk/teams/new")
@allow(Who.MANAGER)
def new_team() -> ResponseReturnValue:
    form = _team_form()
    return render_template("desk/team.html", team=None, form=form)


@blueprint.post("/desk/teams/new")
@allow(Who.MANAGER)
def make_team() -> ResponseReturnValue:
    return _keep(None)


@blueprint.get("/desk/teams/<int:team_id>")
@allow(Who.MANAGER)
def team(team_id: int) -> ResponseReturnValue:
    found = _team(team_id)
    form = _team_form(
        data={
            "name": found.name,
            "level": str(found.level),
            "members": [str(person.id) for person in found.members],
        }
    )
    return render_template("desk/team.html", team=found, form=form)


@blueprint.post("/desk/teams/<int:team_id>")
@allow(Who.MANAGER)
def change_team(team_id: int) -> ResponseReturnValue:
    return _keep(_team(team_id))


@blueprint.post("/desk/teams/<int:team_id>/retirement")
@allow(Who.MANAGER)
def retirement(team_id: int) -> ResponseReturnValue:
    found = _team(team_id)
    retire_team(db(), team=found, by=worker(), now=now())
    words = _("%(team)s takes no more cases. Open cases stay until they are handed over.")
    tell("success", words % {"team": found.name})
    return _back()


@blueprint.post("/desk/teams/routes")
@allow(Who.MANAGER)
def keep_routes() -> ResponseReturnValue:
    kinds = _routed_kinds()
    form = routes_form(kinds, teams())
    if not form.validate_on_submit():
        return _overview(routing=form), 422
    chosen = {kind: _team(team_id) for kind, team_id in chosen_in(form, kinds).items()}
    set_routes(db(), chosen=chosen, by=worker(), now=now())
    tell("success", _("The routes are kept. They hold for requests from now on."))
    return _back("routes")


@blueprint.post("/desk/teams/listeners/<int:step>")
@allow(Who.MANAGER)
def keep_listeners(step: int) -> ResponseReturnValue:
    if step not in STEPS:
        abort(404)
    form = _listeners_form(step)
    if not form.validate_on_submit():
        return _overview(), 422
    chosen = set(form.people.data or ())
    people = [person for person in workers() if str(person.id) in chosen]
    set_listeners(db(), step=step, people=people, by=worker(), now=now())
    names = ", ".join(person.name for person in people) or _("all who manage")
    tell("success", _("%(step)s: %(names)s will be told.", step=_step_words(step), names=names))
    return _back("listeners")


@blueprint.post("/desk/teams/named")
@allow(Who.MANAGER)
def make_named() -> ResponseReturnValue:
    """Make the teams that the policy names and that are not there yet."""
    made = [
        keep_team(db(), team=None, name=name, level=1, members=(), by=worker(), now=now())
        for name in _missing(_policy())
    ]
    names = ", ".join(team.name for team in made)
    words = _("Made: %(names)s. Put people into them.", names=names)
    tell("success", words if made else _("They are all there."))
    return _back()


def _overview(*, routing: Form | None = None) -> str:
    found, policy, kinds = teams(), _policy(), _routed_kinds()
    return render_template(
        "desk/teams.html",
        teams=found,
        named=[(kind.name, team_named(db(), kind.queue)) for kind in policy.request_kinds],
        missing=_missing(policy),
        policy_name=policy.name,
        routing=routing
        or routes_form(kinds, found, formdata=None, data=filled_with(kinds, routes(db()))),
        steps=[(step, _step_words(step), _listeners_form(step, fill=True)) for step in STEPS],
    )


def _step_words(step: int) -> str:
    if step == ASKED_FOR:
        return _("A customer asks for escalation")
    return _("A case comes to level %(level)s", level=step)


def _policy() -> Policy:
    return policy_in_force(db(), now=now())[1]


def _missing(policy: Policy) -> list[str]:
    """The queues that the policy names and no team has the name of."""
    names = dict.fromkeys(kind.queue for kind in policy.request_kinds if kind.queue)
    return [name for name in names if team_named(db(), name) is None]


def _routed_kinds() -> list[tuple[str, str]]:
    """The kinds whose queue the policy doesn't settle, and everything else."""
    open_to_managers = [
        (kind.id, kind.name)
        for kind in _policy().request_kinds
        if team_named(db(), kind.queue) is None
    ]
    return [*open_to_managers, (DEFAULT_KIND, _("Everything else: the default queue"))]


def _team(team_id: int) -> Team:
    return find_team(db(), team_id) or abort(404)


def _keep(found: Team | None) -> ResponseReturnValue:
    form = _team_form()
    if not form.validate_on_submit():
        return render_template("desk/team.html", team=found, form=form), 422
    chosen = set(form.members.data or ())
    try:
        kept = keep_team(
            db(),
            team=found,
            name=form.name.text,
            level=int(form.level.data),
            members=[person for person in workers() if str(person.id) in chosen],
            by=worker(),
            now=now(),
        )
    except WrongTeamError as error:
        form.name.errors = [str(error)]
        return render_template("desk/team.html", team=found, form=form), 422
    tell("success", _("%(team)s is kept.", team=kept.name))
    return _back()


def _team_form(data: dict[str, object] | None = None) -> TeamForm:
    form = TeamForm(data=data)
    form.members.choices = _people()
    return form


def _listeners_form(step: int, *, fill: bool = False) -> ListenersForm:
    told: list[Person] = listeners(db(), step) if fill else []
    data = {"people": [str(person.id) for person in told]} if fill else None
    form = ListenersForm(data=data, prefix=f"step-{step}-")
    form.people.choices = _people()
    return form


def _people() -> list[tuple[str, str]]:
    return [(str(person.id), person.name) for person in workers()]


def _back(anchor: str = "") -> Response:
    response: Response = redirect(url_for("desk.team_list", _anchor=anchor or None), 303)  # type: ignore[assignment]
    return response
