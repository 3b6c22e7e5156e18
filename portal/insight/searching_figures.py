"""How searching goes, in a few figures: how many searches, and what became of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from portal.knowledge.article import Feedback
from portal.search.log import SearchRecord


@dataclass(frozen=True)
class SearchingFigures:
    """Of the searches, and of the answers to "did it help?", since an instant."""

    searches: int
    in_vain: int
    opened: int
    filed: int
    votes: int
    helped: int


def searching_figures(db: Session, *, since: datetime) -> SearchingFigures:
    counted = select(
        func.count(),
        _how_many(SearchRecord.hits == 0),
        _how_many(SearchRecord.clicked_at.is_not(None)),
        _how_many(SearchRecord.filed_at.is_not(None)),
    ).where(SearchRecord.at >= since)
    voted = select(func.count(), _how_many(Feedback.helped.is_(True))).where(Feedback.at >= since)
    return SearchingFigures(*db.execute(counted).one(), *db.execute(voted).one())


def _how_many(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)
