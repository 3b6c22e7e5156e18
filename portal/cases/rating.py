"""Were you satisfied? Asked once, after a case was solved."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class Rating(Base):
    """The customer's answer for one case, 1 (very dissatisfied) to 5 (very satisfied)."""

    __tablename__ = "rating"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
