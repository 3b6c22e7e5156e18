"""Teams: who takes on a case at which level of help."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.people.person import Person

LEVELS = (1, 2, 3)


class Team(Base):
    """People who share a queue. `level` is the level of help they give, 1 to 3.

    A retired team keeps its name in what happened; no case goes to it any more.
    """

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    level: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    members: Mapped[list[Person]] = relationship(secondary="team_member", order_by=Person.name)


class TeamMember(Base):
    """One person in one team."""

    __tablename__ = "team_member"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
