"""What asks for checks is due on its day; a check made meanwhile is not undone by publishing."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.knowledge.addressing import change_slug
from portal.knowledge.article import Article, Audience, Category
from portal.knowledge.links import dead_links, linking_to, links_in
from portal.knowledge.publishing import publish
from portal.knowledge.saving import save
from portal.knowledge.verifying import NotPublishedError, next_check, verify
from portal.knowledge.versioning import add_article
from portal.knowledge.words import Facts, Words
from portal.people.person import Person
from tests import cast

TODAY = date(2026, 11, 23)


@pytest.fixture
def wren(db: Session) -> Person:
    return cast.writer(db)


def published(
    db: Session, slug: str, now: datetime, *, days: int | None = None, verified: date | None = None,
    category_days: int | None = None, body: str = "Text.",
) -> Article:  # fmt: skip
    shelf = Category(slug=f"c-{slug}", title=slug, review_every_days=category_days)
    db.add(shelf)
    db.flush()
    facts = Facts(shelf, audience=Audience.PUBLIC, verified_on=verified, review_every_days=days)
    words = Words(slug, body)
    article = add_article(db, slug=slug, words=words, facts=facts, by=None, now=now)
    publish(db, article=article, by=None, now=now)
    return article


def test_an_article_is_due_so_many_days_after_its_check(db: Session, now: datetime) -> None:
    tenth = TODAY - timedelta(10)
    never = published(db, "never", now, days=30)
    own = published(db, "own", now, days=10, category_days=500, verified=tenth)
    shelf = published(db, "shelf", now, category_days=9, verified=tenth)
    free = published(db, "free", now, verified=tenth)
    assert next_check(never) == TODAY + timedelta(30)
    assert next_check(own) == TODAY
    assert next_check(shelf) == TODAY - timedelta(1)
    assert next_check(free) is None


def test_a_check_made_while_somebody_writes_stays(db: Session, wren: Person, now: datetime) -> None:
    article = published(db, "how", now, days=30, verified=date(2026, 1, 1))
    facts = Facts(article.category, owner="Wren", verified_on=date(2026, 1, 1))
    save(db, article=article, words=Words("how", "New."), facts=facts, by=wren, now=now)
    verify(db, article=article, by=wren, on=TODAY, now=now)
    publish(db, article=article, by=wren, now=now)
    assert (article.owner, article.verified_on) == ("Wren", TODAY)


def test_only_what_readers_see_is_verified(db: Session, wren: Person, now: datetime) -> None:
    shelf = Category(slug="c", title="C")
    db.add(shelf)
    article = add_article(
        db, slug="draft", words=Words("?", "T"), facts=Facts(shelf), by=None, now=now
    )
    with pytest.raises(NotPublishedError):
        verify(db, article=article, by=wren, on=TODAY, now=now)


def test_links_are_known_by_every_address_an_article_ever_had(db: Session, now: datetime) -> None:
    target = published(db, "target", now)
    published(db, "one", now, body="See [it](target.md#steps).")
    published(db, "two", now, body="See [that](targets.md) and [it](old-target).")
    change_slug(db, article=target, slug="old-target", by=None, now=now)
    change_slug(db, article=target, slug="new-target", by=None, now=now)
    assert [one.slug for one in linking_to(db, target)] == ["one", "two"]
    html = published(db, "three", now, body="[a](target) [b](nowhere) [c](new-target)").published
    assert html is not None
    assert dead_links(db, links_in(html.html)) == ["nowhere"]
