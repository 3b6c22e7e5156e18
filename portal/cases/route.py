"""Where a kind of request goes, and who hears of a step up: what managers keep on their page."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.people.person import Person
from portal.people.team import Team

DEFAULT_KIND = ""


class Route(Base):
    """The team for one kind of request, by its id in the policy; "" is everything else."""

    __tablename__ = "route"

    request_kind: Mapped[str] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))

    team: Mapped[Team] = relationship()


class EscalationListener(Base):
    """Somebody who is told when a case comes to `level`; 0 is a customer asking for it."""

    __tablename__ = "escalation_listener"

    level: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)

    person: Mapped[Person] = relationship()
