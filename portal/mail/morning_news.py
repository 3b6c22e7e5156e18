"""News for those who want them in the morning: kept until then, and told in one mail.

What was told is forgotten in the transaction of the mail, so that a crash at any moment leaves
nobody untold and nobody told twice. What its reader may not read any more by then isn't told.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import Database
from portal.knowledge.announcing import is_readable_at
from portal.knowledge.article import Article, Version
from portal.knowledge.known_issue import KnownIssue
from portal.mail.choices import NewsEntry, Wish
from portal.mail.news_letters import letter_of_the_morning
from portal.mail.news_wishes import news_wish_of
from portal.mail.posting import post
from portal.mail.speech import speaking_to
from portal.mail.wishes import next_digest_at
from portal.people.person import Person
from portal.settings import Settings


def keep_for_the_morning(
    db: Session,
    *,
    person: Person,
    now: datetime,
    article: Article | None = None,
    issue: KnownIssue | None = None,
) -> None:
    """Tell this person of an article, or of a known issue that is fixed, at eight."""
    db.add(
        NewsEntry(
            person_id=person.id,
            article_id=article.id if article else None,
            known_issue_id=issue.id if issue else None,
            due_at=next_digest_at(ZoneInfo(person.time_zone or "UTC"), now),
        )
    )
    db.flush()


def write_due_news(database: Database, *, settings: Settings, now: datetime) -> bool:
    """Write the morning mail of one person for whom it is due; whether there may be more."""
    due = select(NewsEntry.person_id).where(NewsEntry.due_at <= now).order_by(NewsEntry.due_at)
    with database.reading() as db:
        person_id = db.scalar(due.limit(1))
    if person_id is None:
        return False
    with database.writing() as db:
        person = db.get_one(Person, person_id, with_for_update={"of": Person})
        query = select(NewsEntry).where(NewsEntry.person_id == person_id, NewsEntry.due_at <= now)
        entries = db.scalars(query.order_by(NewsEntry.id)).all()
        told = [one for entry in entries if (one := _told(db, entry, person)) is not None]
        if told and person.may_sign_in and news_wish_of(db, person.email) is not Wish.NEVER:
            with speaking_to(db, person.email, settings=settings):
                letter = letter_of_the_morning(told, person, settings=settings)
            post(db, letter, recipient=person.email, settings=settings, now=now)
        for entry in entries:
            db.delete(entry)
    return True


def _told(db: Session, entry: NewsEntry, person: Person) -> Version | KnownIssue | None:
    """What there is to tell; None when it can't be read any more."""
    if entry.known_issue_id is not None:
        return db.get(KnownIssue, entry.known_issue_id)
    article = db.get(Article, entry.article_id)
    if article is None or not is_readable_at(db, article, person.organisation_id):
        return None
    return article.published
