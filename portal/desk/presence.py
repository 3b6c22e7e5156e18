"""Who else has a case open, and who is writing: told before two people answer one customer.

A page says every few seconds that it is there; who hasn't said so for a minute is gone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.cases.conversation import Message
from portal.database import Base
from portal.people.person import Person

GONE_AFTER = timedelta(seconds=60)


class CasePresence(Base):
    """One member of staff at one case."""

    __tablename__ = "case_presence"

    case_id: Mapped[int] = mapped_column(
        ForeignKey("case.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    is_replying: Mapped[bool]
    seen_at: Mapped[datetime] = mapped_column(index=True)

    person: Mapped[Person] = relationship()


def be_present(
    db: Session, *, case_id: int, person: Person, is_replying: bool, now: datetime
) -> None:
    """Note that `person` has the case open now; whoever is gone is forgotten."""
    db.execute(delete(CasePresence).where(CasePresence.seen_at < now - GONE_AFTER))
    db.merge(
        CasePresence(case_id=case_id, person_id=person.id, is_replying=is_replying, seen_at=now)
    )
    db.flush()


def others_at(
    db: Session, *, case_id: int, person: Person, now: datetime
) -> Sequence[CasePresence]:
    """Everybody else who has the case open, those who are writing first."""
    query = (
        select(CasePresence)
        .where(
            CasePresence.case_id == case_id,
            CasePresence.person_id != person.id,
            CasePresence.seen_at >= now - GONE_AFTER,
        )
        .options(joinedload(CasePresence.person).load_only(Person.name))
        .order_by(CasePresence.is_replying.desc(), CasePresence.person_id)
    )
    return db.scalars(query).all()


def written_since(
    db: Session, *, case_id: int, person: Person, message_id: int
) -> Sequence[Message]:
    """What others wrote after this message: what somebody who is typing has not seen."""
    query = select(Message).where(
        Message.case_id == case_id,
        Message.id > message_id,
        Message.author_id.is_distinct_from(person.id),
    )
    return db.scalars(query.order_by(Message.id)).all()
