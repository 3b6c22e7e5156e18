"""Which team a request goes to: by its kind, when it is filed and when its kind turns out another.

The policy's own name for the queue of a kind decides, where a team has that name; then the route
that a manager gave the kind; then the default queue. A portal without teams has one queue.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, select
from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.cases.clocks import policy_of
from portal.cases.happenings import Happening
from portal.cases.moving import told
from portal.cases.revision import check_revision, count_change
from portal.cases.route import DEFAULT_KIND, Route
from portal.events import Event, happened, record
from portal.locale import gettext as _
from portal.people.person import Person
from portal.people.team import Team
from portal.people.teams import IS_NAMED, as_named, team_named
from portal.policy.intake import kind_of_request
from portal.policy.model import Policy


class UnknownKindError(ValueError):
    """The policy has no such kind of request."""


def route_for(db: Session, policy: Policy, request_kind: str) -> Team | None:
    """The team whose queue a request of this kind belongs into; None where there are no teams."""
    kind = kind_of_request(policy, request_kind)
    queue = as_named(kind.queue) if kind else ""
    return db.scalar(_TEAM_FOR, {"name": queue, "kind": request_kind})


_IS_OF_KIND = Route.request_kind == bindparam("kind")
_TEAM_FOR = (
    select(Team)
    .outerjoin(
        Route, and_(Route.team_id == Team.id, _IS_OF_KIND | (Route.request_kind == DEFAULT_KIND))
    )
    .where(Team.retired_at.is_(None), IS_NAMED | Route.request_kind.is_not(None))
    .order_by(IS_NAMED.desc(), _IS_OF_KIND.desc())
    .limit(1)
)
"""The team of the queue's name, else the one of a manager's route; a retired one takes no case."""


def team_at(db: Session, level: int, *, name: str = "") -> Team | None:
    """Who helps at this level: the team that the policy names, else the only one there is."""
    if (named := team_named(db, name)) is not None:
        return named
    query = select(Team).where(Team.retired_at.is_(None), Team.level == level)
    found = db.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def routes(db: Session) -> dict[str, int]:
    """The team that a manager chose for each kind of request, by ids."""
    return {route.request_kind: route.team_id for route in db.scalars(select(Route))}


def set_routes(db: Session, *, chosen: Mapping[str, Team], by: Person, now: datetime) -> None:
    """Replace the managers' routes; the kind "" is the default queue. Open cases stay."""
    db.execute(delete(Route))
    db.add_all(Route(request_kind=kind, team_id=team.id) for kind, team in chosen.items())
    record(
        db,
        "routes_set",
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        is_internal=True,
        routes={kind: team.name for kind, team in chosen.items()},
    )


def routed(case: Case, *, now: datetime) -> list[Event]:
    """What is kept on record of where a new request went: nothing where there are no teams."""
    if case.team is None:
        return []
    after = case.team.name
    routing = happened(
        Happening.ROUTED, now=now, case_id=case.id, before="", after=after, reason=""
    )
    return [routing]


def change_kind(
    db: Session,
    *,
    case: Case,
    request_kind: str,
    by: Person,
    now: datetime,
    reason: str = "",
    revision: int | None = None,
) -> None:
    """It is another kind of request than it was filed as: it goes to that kind's team.

    Who works on it keeps it. Raises UnknownKindError, IllegalMoveError, ChangedMeanwhileError.
    """
    check_revision(case, revision)
    case.must_be_open()
    policy = policy_of(case)
    kind = kind_of_request(policy, request_kind)
    if kind is None:
        raise UnknownKindError(_("%(policy)s has no such kind of request.", policy=policy.name))
    if kind.id == case.request_kind:
        return
    before = kind_of_request(policy, case.request_kind)
    case.request_kind = kind.id
    count_change(case, now=now)
    told(
        db,
        Happening.KIND_CHANGED,
        case=case,
        acting={"by": by, "now": now},
        before=before.name if before else "",
        after=kind.name,
        reason=reason,
    )
    hand_to_team(db, case=case, team=route_for(db, policy, kind.id), by=by, now=now)


def hand_to_team(
    db: Session,
    *,
    case: Case,
    team: Team | None,
    by: Person,
    now: datetime,
    reason: str = "",
    revision: int | None = None,
) -> None:
    """Put the case into another team's queue; the same team again changes nothing."""
    check_revision(case, revision)
    case.must_be_open()
    before = case.team.name if case.team else ""
    if team is None or team is case.team:
        return
    case.team = team
    count_change(case, now=now)
    told(
        db,
        Happening.ROUTED,
        case=case,
        acting={"by": by, "now": now},
        before=before,
        after=team.name,
        reason=reason,
    )
