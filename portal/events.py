"""Every act leaves an event: who did what, when. Audit trail, timeline, clocks and mail read it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.database import Base


class Event(Base):
    """One thing that happened to a case, an article, a person, an organisation or the portal."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_case_id_id", "case_id", "id"),
        Index("ix_event_article_id_id", "article_id", "id"),
        Index("ix_event_organisation_id_id", "organisation_id", "id"),
        Index("ix_event_person_id_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    actor_name: Mapped[str] = mapped_column(default="")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    is_internal: Mapped[bool] = mapped_column(default=False)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Actor(Protocol):
    """Somebody who did something, as an event remembers them."""

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


def happened(
    kind: str,
    *,
    now: datetime,
    actor_id: int | None = None,
    actor_name: str = "",
    case_id: int | None = None,
    article_id: int | None = None,
    person_id: int | None = None,
    organisation_id: int | None = None,
    is_internal: bool = False,
    **detail: Any,
) -> Event:
    """An event, not written yet: `record_all` takes it.

    `kind` is a past tense ("opened", "priority_changed"); `detail` is JSON-able. `is_internal`
    events are never shown to customers.
    """
    return Event(
        at=now,
        kind=kind,
        actor_id=actor_id,
        actor_name=actor_name,
        case_id=case_id,
        article_id=article_id,
        person_id=person_id,
        organisation_id=organisation_id,
        is_internal=is_internal,
        detail=detail,
    )


def record(db: Session, kind: str, *, now: datetime, **more: Any) -> Event:
    """Write an event in the running transaction and remember it for `take_recorded`; `more` is
    what `happened` takes.
    """
    event = happened(kind, now=now, **more)
    record_all(db, [event])
    db.flush()
    return event


def record_by(db: Session, kind: str, *, by: Actor, now: datetime, **more: Any) -> Event:
    """The same, for what a person did; `more` is what `happened` takes."""
    return record(db, kind, now=now, actor_id=by.id, actor_name=by.name, **more)


def record_all(db: Session, events: Sequence[Event]) -> None:
    """The same for several events at once; they are written together with what the transaction
    writes next.
    """
    db.add_all(events)
    db.info.setdefault("recorded", []).extend(events)


def take_recorded(db: Session) -> list[Event]:
    """The events written in this session since the last call: what mail has to tell of."""
    return list(db.info.pop("recorded", []))
