"""Were you satisfied? Asked once, after a case was solved."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.cases.case import Case
from portal.cases.happenings import Happening
from portal.database import Base
from portal.events import record
from portal.locale import N_


class Rating(Base):
    """The customer's answer for one case, 1 (very dissatisfied) to 5 (very satisfied)."""

    __tablename__ = "rating"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class NotRateableError(Exception):
    """The case isn't solved yet, or it was rated already."""


SCORES = {
    5: N_("Very satisfied"),
    4: N_("Satisfied"),
    3: N_("Neither satisfied nor dissatisfied"),
    2: N_("Dissatisfied"),
    1: N_("Very dissatisfied"),
}


def is_rateable(case: Case) -> bool:
    """Whether there is something to judge: the case was solved."""
    return not case.is_open and case.number is not None


def rating_of(db: Session, *, case: Case) -> Rating | None:
    """The customer's answer; None while there is none."""
    return db.get(Rating, case.id) if is_rateable(case) else None


def rate(db: Session, *, case: Case, score: int, comment: str = "", now: datetime) -> Rating:
    """Keep the answer. Raises NotRateableError unless it is the first on a solved case."""
    if score not in SCORES or not is_rateable(case) or rating_of(db, case=case):
        raise NotRateableError(case.reference)
    rating = Rating(case_id=case.id, score=score, comment=comment, at=now)
    db.add(rating)
    record(
        db,
        Happening.RATED,
        now=now,
        actor_id=case.contact_id,
        actor_name=case.contact_name,
        case_id=case.id,
        score=score,
    )
    return rating
