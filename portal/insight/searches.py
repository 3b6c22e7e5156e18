"""What people searched for in vain: the writers' list of what is missing or badly named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, aliased

from portal.search.log import SearchRecord

TREND = timedelta(days=30)


@dataclass(frozen=True)
class Gap:
    """A question that was asked in the same words so many times, last at `last_at`; `recent` times
    of them in the last thirty days. `others` are other words for the same question.
    """

    text: str
    count: int
    last_at: datetime
    recent: int = 0
    others: tuple[str, ...] = ()


def without_result(
    db: Session, *, since: datetime, now: datetime | None = None, limit: int = 50
) -> list[Gap]:
    """Searches that found nothing, and still did when last asked; the most frequent first."""
    return _grouped(db, SearchRecord.hits == 0, since, now, limit)


def without_click(
    db: Session, *, since: datetime, now: datetime | None = None, limit: int = 50
) -> list[Gap]:
    """Searches that found articles of which none was opened, the most frequent first. Words from
    which an article was opened later are no gap any more.
    """
    later = aliased(SearchRecord)
    opened_later = (
        select(later.id)
        .where(
            later.words == SearchRecord.words,
            later.clicked_at.is_not(None),
            later.at >= SearchRecord.at,
        )
        .exists()
    )
    unopened = (SearchRecord.hits > 0) & SearchRecord.clicked_at.is_(None) & ~opened_later
    return _grouped(db, unopened, since, now, limit)


def followed_by_case(
    db: Session, *, since: datetime, now: datetime | None = None, limit: int = 50
) -> list[Gap]:
    """Searches after which a case was opened all the same, the most frequent first."""
    return _grouped(db, SearchRecord.filed_at.is_not(None), since, now, limit)


def merged(gaps: Sequence[Gap], groups: Sequence[Sequence[int]]) -> list[Gap]:
    """One gap for each group of numbers of `gaps`, under its most frequent words."""
    return [_one([gaps[number] for number in group]) for group in groups]


def _one(gaps: list[Gap]) -> Gap:
    first, *others = sorted(gaps, key=lambda gap: -gap.count)
    return Gap(
        first.text,
        sum(gap.count for gap in gaps),
        max(gap.last_at for gap in gaps),
        sum(gap.recent for gap in gaps),
        tuple(gap.text for gap in others),
    )


def _grouped(
    db: Session, which: ColumnElement[bool], since: datetime, now: datetime | None, limit: int
) -> list[Gap]:
    count = func.count().label("count")
    start = now - TREND if now else since
    recent = func.sum(case((SearchRecord.at >= start, 1), else_=0))
    rows = db.execute(
        select(func.max(SearchRecord.text).label("text"), count, func.max(SearchRecord.at), recent)
        .where(which, SearchRecord.at >= since, SearchRecord.words != "")
        .group_by(SearchRecord.words)
        .order_by(count.desc(), func.max(SearchRecord.at).desc())
        .limit(limit)
    )
    return [Gap(text, number, last_at, late) for text, number, last_at, late in rows]
