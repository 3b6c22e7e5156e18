"""What people searched for in vain: the writers' list of what is missing or badly named."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.search.log import SearchRecord


@dataclass(frozen=True)
class Gap:
    """A question that was asked in the same words so many times, last at `last_at`."""

    text: str
    count: int
    last_at: datetime


def without_result(db: Session, *, since: datetime, limit: int = 50) -> list[Gap]:
    """Searches that found nothing, the most frequent first."""
    return _grouped(db, SearchRecord.hits == 0, since, limit)


def without_click(db: Session, *, since: datetime, limit: int = 50) -> list[Gap]:
    """Searches that found articles of which none was opened, the most frequent first."""
    unopened = (SearchRecord.hits > 0) & SearchRecord.clicked_at.is_(None)
    return _grouped(db, unopened, since, limit)


def _grouped(db: Session, which: ColumnElement[bool], since: datetime, limit: int) -> list[Gap]:
    count = func.count().label("count")
    rows = db.execute(
        select(func.max(SearchRecord.text).label("text"), count, func.max(SearchRecord.at))
        .where(which, SearchRecord.at >= since, SearchRecord.words != "")
        .group_by(SearchRecord.words)
        .order_by(count.desc(), func.max(SearchRecord.at).desc())
        .limit(limit)
    )
    return [Gap(text, number, last_at) for text, number, last_at in rows]
