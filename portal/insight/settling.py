"""What closes an item of the work list: an answer that is found now, an article that was opened, a
better version, a check.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.insight.deciding import LEADS
from portal.insight.findings import asked_of
from portal.insight.said import Said
from portal.insight.translation_findings import translated_by_now
from portal.insight.work_item import WorkItem, WorkList
from portal.knowledge.article import Article, Status, Version
from portal.knowledge.helping import is_answered
from portal.knowledge.reader import Reader
from portal.knowledge.verifying import next_check
from portal.locale import N_
from portal.search.audiences import keys_of_reader
from portal.search.index import Index, Query
from portal.search.log import SearchRecord
from portal.search.searching import find
from portal.search.synonyms import worded

CUSTOMER = Reader("contact")
"""Whose searches count: a signed-in reader who belongs to no organisation in particular."""


@dataclass(frozen=True)
class Outcome:
    """What closed an item, and the article that answers now."""

    said: Said
    article_id: int | None = None


def outcome_of(db: Session, index: Index, item: WorkItem, *, now: datetime) -> Outcome | None:
    """Why there is nothing to do any more; None while there is."""
    if item.kind is WorkList.FAILED:
        return _found_now(db, index, item.text) or _found_by_readers(db, item)
    if item.kind in {WorkList.UNOPENED, WorkList.FILED}:
        return _opened_since(db, item)
    if item.kind is WorkList.HELP_KEY:
        return Outcome(Said(LEADS)) if is_answered(db, asked_of(item)) else None
    if item.kind is WorkList.TRANSLATION:
        return _translated(db, item)
    return _of_article(db, item, now)


def _found_now(db: Session, index: Index, text: str) -> Outcome | None:
    """The article that the same question finds by now, typed as it was."""
    query = Query(text, keys_of_reader(CUSTOMER), limit=3, forgives=False)
    found, _is_plain = find(db, index, query, reader=CUSTOMER)
    if not found.hits:
        return None
    said = worded(db, query).synonyms
    means = "; ".join(f"{word} = {', '.join(others)}" for word, others in said.items() if others)
    by_words = Said(N_("Found now, by the words “%(means)s”"), {"means": means})
    return Outcome(by_words if means else Said(N_("Found now")), found.hits[0].article_id)


def _found_by_readers(db: Session, item: WorkItem) -> Outcome | None:
    """Somebody asked it later, and was shown something."""
    found_later = (
        SearchRecord.words.in_(item.words),
        SearchRecord.hits > 0,
        SearchRecord.at > item.last_at,
    )
    when = db.scalar(select(func.max(SearchRecord.at)).where(*found_later))
    return Outcome(Said(N_("Readers have found something since"))) if when else None


def _opened_since(db: Session, item: WorkItem) -> Outcome | None:
    """After the last search in vain, an article was opened from the same words, without a case."""
    query = (
        select(SearchRecord.clicked_article_id)
        .where(
            SearchRecord.words.in_(item.words),
            SearchRecord.clicked_at.is_not(None),
            SearchRecord.filed_at.is_(None),
            SearchRecord.at >= item.last_at,
        )
        .order_by(SearchRecord.at)
    )
    article_id = db.scalar(query.limit(1))
    said = Said(N_("Opened from this search"))
    return Outcome(said, article_id) if article_id else None


def _translated(db: Session, item: WorkItem) -> Outcome | None:
    said = translated_by_now(db, item)
    return Outcome(said) if said else None


def _of_article(db: Session, item: WorkItem, now: datetime) -> Outcome | None:
    article = db.get(Article, item.article_id)
    if article is None or article.status is not Status.PUBLISHED:
        return Outcome(Said(N_("Readers don’t see the article any more")))
    if item.kind is WorkList.OVERDUE:
        return _checked(article, now)
    if article.published_version_id == item.version_id:
        return None
    version = db.get_one(Version, article.published_version_id)
    said = Said(N_("Version %(number)s was published"), {"number": version.number})
    return Outcome(said, article.id)


def _checked(article: Article, now: datetime) -> Outcome | None:
    due = next_check(article)
    if due is not None and due <= now.date():
        return None
    on = article.verified_on
    if on is None:
        return Outcome(Said(N_("No check is asked for")), article.id)
    return Outcome(Said(N_("Checked on %(day)s"), {"day": on.isoformat()}), article.id)
