"""Somebody compared an article with the product and found that it is true."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.events import record
from portal.knowledge.article import Article
from portal.knowledge.publishing import describe
from portal.knowledge.words import facts_of
from portal.people.person import Person


def verify(db: Session, *, article: Article, on: date, by: Person, now: datetime) -> None:
    """Readers see `on`, a day where the writer lives, as the day of the last check."""
    describe(db, article=article, facts=replace(facts_of(article), verified_on=on), by=by, now=now)
    record(
        db,
        "article_verified",
        now=now,
        actor_id=by.id,
        actor_name=by.name,
        article_id=article.id,
        is_internal=True,
        on=on.isoformat(),
    )
