"""An answer kept ready for questions that come again, with places for what differs."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.locale import N_
from portal.people.person import Person

PLACES = {
    "{contact}": N_("the contact's name"),
    "{case}": N_("the case number"),
    "{organisation}": N_("the contact's organisation"),
    "{agent}": N_("the name of whoever answers"),
}
"""What may stand in a canned answer for something that only the case knows."""


class CannedAnswer(Base):
    """`title` is what staff search for, `body` what the customer will read."""

    __tablename__ = "canned_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    updated_by: Mapped[Person | None] = relationship()
