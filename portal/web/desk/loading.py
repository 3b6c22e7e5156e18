"""Load and allow, for every page and act of the desk: the case, or the same "not found" for all."""

from flask import abort, g, request

from portal.cases.access import find_case
from portal.cases.case import Case
from portal.cases.clocks import policies_of
from portal.people.person import Person
from portal.people.queries import case_workers, standing_teams
from portal.people.team import Team
from portal.policy.model import Policy
from portal.web.identity import current_person
from portal.web.transaction import READING_METHODS, db


def worker() -> Person:
    """The member of staff who is asking; the route let nobody else in."""
    return current_person() or abort(404)


def workers() -> list[Person]:
    """Everybody to whom a case can be given, asked for once a request."""
    if "workers" not in g:
        g.workers = case_workers(db())
    found: list[Person] = g.workers
    return found


def rules(case: Case) -> list[Policy]:
    """Every version of the case's policy, read once a request."""
    if "rules" not in g:
        g.rules = {}
    known: dict[str, list[Policy]] = g.rules
    policy_id = case.policy_version.policy_id
    if policy_id not in known:
        known[policy_id] = policies_of(db(), case)
    return known[policy_id]


def teams() -> list[Team]:
    """Every team to which a case can be handed, asked for once a request."""
    if "teams" not in g:
        g.teams = standing_teams(db())
    found: list[Team] = g.teams
    return found


def load_case(reference: str) -> Case:
    """The case of this reference; locked when the request is going to change it."""
    changes = request.method not in READING_METHODS
    return find_case(db(), reference, person=worker(), lock=changes) or abort(404)
