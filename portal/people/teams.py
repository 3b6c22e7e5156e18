"""Keeping teams: who is in which, at which level they help."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from portal.events import record
from portal.locale import gettext as _
from portal.people.person import Person
from portal.people.team import LEVELS, Team


class WrongTeamError(ValueError):
    """The team can't be kept like that; the message says why."""


def find_team(db: Session, team_id: int) -> Team | None:
    """A team that takes cases, by its id."""
    team = db.get(Team, team_id)
    return team if team is not None and team.retired_at is None else None


def team_named(db: Session, name: str) -> Team | None:
    """The team of this name that takes cases, however the name is capitalised."""
    return db.scalar(_NAMED, {"name": as_named(name)}) if name else None


def as_named(name: str) -> str:
    """What `IS_NAMED` compares a team's name with: its parameter `name`."""
    return name.strip().lower()


IS_NAMED = func.lower(Team.name) == bindparam("name")
_NAMED = select(Team).where(Team.retired_at.is_(None), IS_NAMED)


def keep_team(
    db: Session,
    *,
    team: Team | None,
    name: str,
    level: int,
    members: Iterable[Person],
    by: Person,
    now: datetime,
) -> Team:
    """Make a team, or change `team`. A retired one of the same name is taken up again.

    Raises WrongTeamError for a name in use, a level that isn't one, or somebody who works no cases.
    """
    wanted = sorted({person.id: person for person in members}.values(), key=lambda p: p.name)
    _check(db, team, name, level, wanted)
    kept = team or _retired(db, name) or Team(name=name, created_at=now)
    kept.name, kept.level, kept.retired_at = name.strip(), level, None
    kept.members = wanted
    db.add(kept)
    db.flush()
    _record(db, "team_kept", kept, by=by, now=now, members=[person.name for person in wanted])
    return kept


def retire_team(db: Session, *, team: Team, by: Person, now: datetime) -> None:
    """No case goes to it any more; those in its queue stay there until they are handed over."""
    team.retired_at = now
    db.flush()
    _record(db, "team_retired", team, by=by, now=now)


def _check(
    db: Session, team: Team | None, name: str, level: int, members: Iterable[Person]
) -> None:
    same = team_named(db, name)
    if same is not None and same is not team:
        words = _("There is a team “%(name)s” already. Choose another name.", name=same.name)
        raise WrongTeamError(words)
    if level not in LEVELS:
        raise WrongTeamError(_("Choose level 1, 2 or 3."))
    for person in members:
        if not person.may_work_cases:
            words = _("%(name)s works on no cases. Leave them out.", name=person.name)
            raise WrongTeamError(words)


def _retired(db: Session, name: str) -> Team | None:
    query = select(Team).where(func.lower(Team.name) == name.strip().lower())
    return db.scalar(query)


def _record(
    db: Session, kind: str, team: Team, *, by: Person, now: datetime, **detail: Any
) -> None:
    record(
        db,
        kind,
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        is_internal=True,
        team=team.name,
        level=team.level,
        **detail,
    )
