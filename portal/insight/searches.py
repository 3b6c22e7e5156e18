"""What people searched for in vain: what is missing or badly named, found in the log alone."""

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
    of them in the last thirty days, `before` in the thirty before them. `others` are other words
    for the same question; `words` are the normal forms of them all.
    """

    text: str
    words: tuple[str, ...]
    count: int
    last_at: datetime
    recent: int = 0
    before: int = 0
    others: tuple[str, ...] = ()


def without_result(db: Session, *, since: datetime, now: datetime, limit: int = 50) -> list[Gap]:
    """Searches that found nothing, the most frequent first."""
    return _grouped(db, found_nothing(), since, now, limit)


def without_click(db: Session, *, since: datetime, now: datetime, limit: int = 50) -> list[Gap]:
    """Searches that found articles of which none was opened, the most frequent first. Words from
    which an article was opened later are no gap any more.
    """
    return _grouped(db, opened_nothing(), since, now, limit)


def followed_by_case(db: Session, *, since: datetime, now: datetime, limit: int = 50) -> list[Gap]:
    """Searches after which a case was opened all the same, the most frequent first."""
    return _grouped(db, led_to_a_case(), since, now, limit)


def found_nothing() -> ColumnElement[bool]:
    return SearchRecord.hits == 0


def opened_nothing() -> ColumnElement[bool]:
    """Nothing was opened from the search, nor from a later one in the same words."""
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
    return (SearchRecord.hits > 0) & SearchRecord.clicked_at.is_(None) & ~opened_later


def led_to_a_case() -> ColumnElement[bool]:
    """A case followed, and nobody has opened an article from the same words since."""
    later = aliased(SearchRecord)
    answered_later = (
        select(later.id)
        .where(
            later.words == SearchRecord.words,
            later.clicked_at.is_not(None),
            later.filed_at.is_(None),
            later.at > SearchRecord.at,
        )
        .exists()
    )
    return SearchRecord.filed_at.is_not(None) & ~answered_later


def merged(gaps: Sequence[Gap], groups: Sequence[Sequence[int]]) -> list[Gap]:
    """One gap for each group of numbers of `gaps`, under its most frequent words."""
    return [_one([gaps[number] for number in group]) for group in groups]


def _one(gaps: list[Gap]) -> Gap:
    first, *others = sorted(gaps, key=lambda gap: -gap.count)
    return Gap(
        first.text,
        tuple(words for gap in (first, *others) for words in gap.words),
        sum(gap.count for gap in gaps),
        max(gap.last_at for gap in gaps),
        sum(gap.recent for gap in gaps),
        sum(gap.before for gap in gaps),
        tuple(gap.text for gap in others),
    )


def _grouped(
    db: Session, which: ColumnElement[bool], since: datetime, now: datetime, limit: int
) -> list[Gap]:
    count = func.count().label("count")
    recent = func.sum(case((SearchRecord.at >= now - TREND, 1), else_=0))
    is_before = (SearchRecord.at < now - TREND) & (SearchRecord.at >= now - 2 * TREND)
    before = func.sum(case((is_before, 1), else_=0))
    last_at = func.max(SearchRecord.at)
    rows = db.execute(
        select(func.max(SearchRecord.text), SearchRecord.words, count, last_at, recent, before)
        .where(which, SearchRecord.at >= since, SearchRecord.words != "")
        .group_by(SearchRecord.words)
        .order_by(count.desc(), last_at.desc())
        .limit(limit)
    )
    return [Gap(text, (words,), *numbers) for text, words, *numbers in rows]
