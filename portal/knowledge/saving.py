"""Saving what a writer wrote: the words as a version, the facts beside them.

Readers who see the article see nothing of either before it is published; where nobody sees it yet,
the facts hold at once.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.knowledge.article import Article, Version
from portal.knowledge.describing import describe
from portal.knowledge.versioning import save_version
from portal.knowledge.waiting import said_of
from portal.knowledge.words import Facts, Words, facts_of
from portal.people.person import Person


def save(
    db: Session,
    *,
    article: Article,
    words: Words,
    facts: Facts,
    by: Person,
    now: datetime,
    note: str = "",
    based_on: int | None = None,
) -> Version:
    """Keep a version. Raises ChangedMeanwhileError or RenderingRefusedError, keeping nothing."""
    waiting = said_of(facts) if article.is_published and facts != facts_of(article) else None
    version = save_version(
        db,
        article=article,
        words=words,
        by=by,
        now=now,
        note=note,
        based_on=based_on,
        waiting=waiting,
    )
    if waiting is None and version.waiting_facts is not None:
        version.waiting_facts = None
    if not article.is_published:
        describe(db, article=article, facts=facts, by=by, now=now)
    return version
