"""One vote a visitor for a version, changeable, with a reason for a no."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Article, Audience, Category, Feedback, NoReason
from portal.knowledge.feedback import LONGEST_COMMENT, count_votes, give_feedback, verdicts
from portal.knowledge.publishing import publish
from portal.knowledge.versioning import add_article, save_version
from portal.knowledge.words import Facts, Words


@pytest.fixture
def article(db: Session, now: datetime) -> Article:
    shelf = Category(slug="c", title="C")
    db.add(shelf)
    article = add_article(
        db,
        slug="how",
        words=Words("How?", "Text"),
        facts=Facts(shelf, audience=Audience.PUBLIC),
        by=None,
        now=now,
    )
    publish(db, article=article, by=None, now=now)
    return article


def test_B18_a_visitor_votes_once_and_may_change_it(
    db: Session, article: Article, now: datetime
) -> None:
    version = article.published
    assert version is not None
    give_feedback(db, version=version, visitor_hash="v", helped=True, now=now)
    give_feedback(db, version=version, visitor_hash="v", helped=False, now=now)
    given = give_feedback(
        db,
        version=version,
        visitor_hash="v",
        helped=False,
        reason=NoReason.UNCLEAR,
        comment=" Which button?\r\n",
        now=now,
    )
    assert len(list(db.scalars(select(Feedback)))) == 1
    assert (given.reason, given.comment) == (NoReason.UNCLEAR, "Which button?")
    again = give_feedback(db, version=version, visitor_hash="v", helped=False, now=now)
    assert (again.reason, again.comment) == (NoReason.UNCLEAR, "Which button?")
    changed = give_feedback(db, version=version, visitor_hash="v", helped=True, now=now)
    assert (changed.reason, changed.comment) == (None, "")


def test_an_improved_article_starts_anew(db: Session, article: Article, now: datetime) -> None:
    first = article.published
    assert first is not None
    give_feedback(db, version=first, visitor_hash="v", helped=False, now=now)
    assert count_votes(db, article) == (0, 1)
    second = save_version(db, article=article, words=Words("How?", "Better"), by=None, now=now)
    publish(db, article=article, by=None, now=now)
    give_feedback(db, version=second, visitor_hash="v", helped=True, now=now)
    assert count_votes(db, article) == (1, 0)
    said = verdicts(db, article)
    assert (said[first.id].not_helped, said[second.id].helped) == (1, 1)


def test_a_comment_has_its_limit(db: Session, article: Article, now: datetime) -> None:
    version = article.published
    assert version is not None
    given = give_feedback(
        db, version=version, visitor_hash="v", helped=False, comment="x" * 9_999, now=now
    )
    assert len(given.comment) == LONGEST_COMMENT
