"""A known incident: what is broken now, said above the search before anybody has to ask.

It is posted, updated and ended by staff, and readers see at the next request what it says now.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from portal.database import Base
from portal.events import record
from portal.knowledge.article import Article
from portal.knowledge.publishing import touch
from portal.people.person import Person

EVERY_PAGE = "site"


class IncidentEndedError(Exception):
    """The incident is over; a new one has to be posted."""


class Incident(Base):
    """What stands on the notice bar from `posted_at` until `ended_at`."""

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    posted_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)

    article: Mapped[Article | None] = relationship()


def post(
    db: Session, *, title: str, text: str, article: Article | None, by: Person, now: datetime
) -> Incident:
    """Tell everybody of an incident."""
    incident = Incident(title=title, text=text, article=article, posted_at=now, updated_at=now)
    db.add(incident)
    db.flush()
    _tell(db, "incident_posted", incident, by=by, now=now)
    return incident


def revise(
    db: Session,
    *,
    incident: Incident,
    title: str,
    text: str,
    article: Article | None,
    by: Person,
    now: datetime,
) -> None:
    """Say what is known now; the bar shows this moment as its last update.

    Raises IncidentEndedError.
    """
    _refuse_ended(incident)
    incident.title, incident.text, incident.article = title, text, article
    incident.updated_at = now
    _tell(db, "incident_updated", incident, by=by, now=now)


def end(db: Session, *, incident: Incident, by: Person, now: datetime) -> None:
    """It is over: the bar goes. Ending twice is ending once."""
    if incident.ended_at is None:
        incident.ended_at = incident.updated_at = now
        _tell(db, "incident_ended", incident, by=by, now=now)


def standing(db: Session) -> list[Incident]:
    """What readers have to know now, the latest news first."""
    query = select(Incident).where(Incident.ended_at.is_(None))
    return list(db.scalars(query.order_by(Incident.updated_at.desc(), Incident.id.desc())))


def ended(db: Session, *, limit: int = 20) -> list[Incident]:
    """Incidents that are over, the last one first."""
    query = select(Incident).where(Incident.ended_at.is_not(None))
    return list(db.scalars(query.order_by(Incident.ended_at.desc()).limit(limit)))


def find_incident(db: Session, incident_id: int) -> Incident | None:
    return db.get(Incident, incident_id)


def _refuse_ended(incident: Incident) -> None:
    if incident.ended_at is not None:
        raise IncidentEndedError(incident.title)


def _tell(db: Session, kind: str, incident: Incident, *, by: Person, now: datetime) -> None:
    db.flush()
    record(
        db,
        kind,
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        is_internal=True,
        incident=incident.id,
        title=incident.title,
    )
    touch(db, EVERY_PAGE, now=now)
