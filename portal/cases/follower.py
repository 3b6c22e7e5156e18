"""A colleague who was added to a case: reads it, and hears of it, like its contact."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.people.person import Person


class Follower(Base):
    """One person who follows one case; `added_by` is the name of whoever added them."""

    __tablename__ = "case_follower"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    added_at: Mapped[datetime]
    added_by: Mapped[str]

    person: Mapped[Person] = relationship()
