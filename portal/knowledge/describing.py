"""The facts of an article - category, audience, owner and the like - change without a version."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.knowledge.article import Article, Status
from portal.knowledge.noting import tell, touch_article
from portal.knowledge.waiting import apply, overtake
from portal.knowledge.words import Facts, facts_of
from portal.people.person import Person


def describe(
    db: Session, *, article: Article, facts: Facts, by: Person | None, now: datetime
) -> bool:
    """Change the facts of an article, at once for readers too. False when nothing changed.

    What waited to be published with a version is overtaken.
    """
    before = facts_of(article)
    if before == facts:
        return False
    apply(article, facts)
    db.flush()
    overtake(db, article)
    tell(db, "facts_changed", article, by=by, now=now)
    if article.status is Status.PUBLISHED:
        touch_article(db, article, now=now, shelves={before.category.id, facts.category.id})
    return True
