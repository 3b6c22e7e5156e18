"""How often articles are read: counted by day, without any person, for "popular now"."""

from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, ArticleDay


def count_reads(db: Session, counts: Counter[int], *, now: datetime) -> None:
    """Add `counts` (reads by article id) to today's figures; withdrawn articles are left out."""
    today = now.astimezone(UTC).date()
    known = set(db.scalars(select(Article.id).where(Article.id.in_(counts))))
    for article_id in sorted(known):
        day = db.get(ArticleDay, (article_id, today))
        if day is None:
            day = ArticleDay(article_id=article_id, day=today, views=0)
            db.add(day)
        day.views += counts[article_id]
