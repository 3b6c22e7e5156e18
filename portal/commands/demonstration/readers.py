"""What invented readers searched for in the last weeks: some were helped, some found nothing. The
work list and the report on deflection then have something to show.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.insight import attempting
from portal.insight.attempt import Place
from portal.insight.attempting import Visitor
from portal.insight.reviewing import review
from portal.knowledge.article import NoReason
from portal.knowledge.feedback import give_feedback
from portal.knowledge.queries import readable_articles
from portal.knowledge.reader import ANYONE
from portal.search import searching
from portal.search.index import Index
from portal.search.log import SearchRecord, new_token, record_click, record_search

SHOWN = 5
READ_SECONDS = 45


@dataclass(frozen=True)
class Visit:
    """A search so many days ago. `opened` is the place of the result that was opened, from 1."""

    days: int
    text: str
    opened: int | None = None
    helped: bool | None = None


VISITS = (
    Visit(1, "wallboard colours"),
    Visit(2, "toll fraud"),
    Visit(2, "wallboard colors"),
    Visit(3, "softphone headset"),
    Visit(4, "toll fraud lock"),
    Visit(6, "wallboard colours"),
    Visit(1, "reset my password", 1, True),
    Visit(2, "attach a screenshot", 1, True),
    Visit(3, "when do you answer", 1, True),
    Visit(4, "charges at night", 1, False),
    Visit(5, "holidays"),
    Visit(6, "atached flies", 1, True),
    Visit(7, "emergency at the weekend", 1, True),
    Visit(8, "charges at night", 1, False),
    Visit(9, "follow a case without account", 1, True),
    Visit(10, "priority too low", 1, True),
    Visit(11, "reopen a case", 1, True),
    Visit(12, "holidays"),
    Visit(13, "partner files a case", 1, True),
    Visit(15, "charges at night", 1, False),
    Visit(16, "escalate", 1, True),
    Visit(18, "next update", 1),
    Visit(20, "my contract has ended", 1, True),
    Visit(22, "stop mails about a case", 1, True),
)


def look_for_answers(db: Session, index: Index, *, now: datetime) -> None:
    """Let everybody search once, then review what they missed."""
    if db.scalar(select(SearchRecord.id).limit(1)) is not None:
        return
    for number, visit in enumerate(sorted(VISITS, key=lambda one: -one.days)):
        at = now - timedelta(days=visit.days, minutes=7 * number)
        _search(db, index, visit, Visitor(f"demonstration {number}"), at)
    review(db, index, now=now)


def _search(db: Session, index: Index, visit: Visit, visitor: Visitor, at: datetime) -> None:
    found = searching.search(db, index, text=visit.text, reader=ANYONE)
    token, ids = new_token(), [item.article_id for item in found.items[:SHOWN]]
    record_search(db, token=token, text=visit.text, hits=found.total, read_as=found.read_as, now=at)
    attempting.search_for(db, visitor=visitor, article_ids=ids, now=at)
    if visit.opened is not None and len(ids) >= visit.opened:
        record_click(db, token=token, article_id=ids[visit.opened - 1], now=at)
        _read(db, visit, visitor, ids[visit.opened - 1], at)


def _read(db: Session, visit: Visit, visitor: Visitor, article_id: int, at: datetime) -> None:
    place, later = Place.RESULTS, at + timedelta(seconds=READ_SECONDS)
    attempting.open_article(db, visitor=visitor, article_id=article_id, place=place, now=at)
    attempting.read_article(db, visitor=visitor, article_id=article_id, place=place, now=later)
    (article,) = readable_articles(db, reader=ANYONE, ids=[article_id])
    if visit.helped is None or article.published is None:
        return
    give_feedback(
        db,
        version=article.published,
        visitor_hash=visitor.visit,
        helped=visit.helped,
        reason=None if visit.helped else NoReason.INCOMPLETE,
        now=later,
    )
    if visit.helped:
        attempting.solve(db, visitor=visitor, article_id=article_id, place=place, now=later)
