"""Versions don't change, addresses never die, and the next request knows what was touched."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.events import Event
from portal.knowledge.addressing import SlugRefusedError, change_slug, set_aliases
from portal.knowledge.article import (
    Article,
    Audience,
    Category,
    LibraryChange,
    RetirementRefusedError,
    Status,
)
from portal.knowledge.describing import describe
from portal.knowledge.noting import touch
from portal.knowledge.publishing import publish
from portal.knowledge.queries import Gone, Moved, find_article
from portal.knowledge.reader import ANYONE
from portal.knowledge.versioning import ChangedMeanwhileError, add_article, save_version
from portal.knowledge.withdrawing import retire, unpublish
from portal.knowledge.words import Facts, Words


@pytest.fixture
def shelf(db: Session) -> Category:
    outer = Category(slug="outer", title="Outer")
    db.add(outer)
    db.flush()
    inner = Category(slug="inner", title="Inner", parent_id=outer.id)
    db.add(inner)
    db.flush()
    return inner


def write(
    db: Session, shelf: Category, now: datetime, slug: str = "how", body: str = "Text"
) -> Article:
    facts = Facts(shelf, audience=Audience.PUBLIC)
    return add_article(db, slug=slug, words=Words("How?", body), facts=facts, by=None, now=now)


def tags(db: Session) -> list[str]:
    return list(db.scalars(select(LibraryChange.tag).order_by(LibraryChange.revision)))


def test_publishing_touches_the_article_its_shelves_and_the_library(
    db: Session, shelf: Category, now: datetime
) -> None:
    article = write(db, shelf, now)
    assert tags(db) == []
    publish(db, article=article, by=None, now=now)
    assert set(tags(db)) == {
        f"article:{article.id}",
        f"category:{shelf.id}",
        f"category:{shelf.parent_id}",
        "library",
    }


def test_touching_counts_up(db: Session, now: datetime) -> None:
    touch(db, "article:1", "site", now=now)
    touch(db, "site", now=now)
    revisions = list(db.scalars(select(LibraryChange.revision).order_by(LibraryChange.revision)))
    assert len(set(revisions)) == 3
    assert tags(db) == ["article:1", "site", "site"]


def test_the_same_words_are_the_same_version(db: Session, shelf: Category, now: datetime) -> None:
    article = write(db, shelf, now)
    again = save_version(db, article=article, words=Words("How?", "Text"), by=None, now=now)
    assert again.number == 1
    other = save_version(db, article=article, words=Words("How?", "Other"), by=None, now=now)
    assert other.number == 2


def test_saving_shows_readers_nothing_yet(db: Session, shelf: Category, now: datetime) -> None:
    article = write(db, shelf, now)
    publish(db, article=article, by=None, now=now)
    save_version(db, article=article, words=Words("How?", "Other"), by=None, now=now)
    found = find_article(db, "how", reader=ANYONE)
    assert isinstance(found, Article)
    assert found.published is not None
    assert found.published.body == "Text"


def test_a_version_based_on_an_older_one_is_refused(
    db: Session, shelf: Category, now: datetime
) -> None:
    article = write(db, shelf, now)
    save_version(db, article=article, words=Words("How?", "B"), by=None, now=now, based_on=1)
    with pytest.raises(ChangedMeanwhileError) as told:
        save_version(db, article=article, words=Words("How?", "C"), by=None, now=now, based_on=1)
    assert told.value.latest.body == "B"


def test_a_restriction_holds_at_once(db: Session, shelf: Category, now: datetime) -> None:
    article = write(db, shelf, now)
    publish(db, article=article, by=None, now=now)
    before = len(tags(db))
    assert describe(db, article=article, facts=Facts(shelf), by=None, now=now)
    assert find_article(db, "how", reader=ANYONE) is None
    assert len(tags(db)) > before
    assert not describe(db, article=article, facts=Facts(shelf), by=None, now=now)


def test_addresses_lead_on_for_ever(db: Session, shelf: Category, now: datetime) -> None:
    article = write(db, shelf, now)
    publish(db, article=article, by=None, now=now)
    for slug in ("b", "c", "how"):
        change_slug(db, article=article, slug=slug, by=None, now=now)
    set_aliases(db, article=article, aliases={"b", "c", "d"}, now=now)
    for slug in ("b", "c", "d"):
        assert find_article(db, slug, reader=ANYONE) == Moved("how")


@pytest.mark.parametrize("slug", ["other", "once-other", "", "A", "a b", "../x", "a--b", "x" * 200])
def test_an_address_that_cannot_be_had_is_refused(
    slug: str, db: Session, shelf: Category, now: datetime
) -> None:
    other = write(db, shelf, now, slug="once-other")
    change_slug(db, article=other, slug="other", by=None, now=now)
    article = write(db, shelf, now)
    with pytest.raises(SlugRefusedError):
        change_slug(db, article=article, slug=slug, by=None, now=now)
    with pytest.raises(SlugRefusedError):
        write(db, shelf, now, slug=slug)


def test_heirs_are_followed_and_loops_end(db: Session, shelf: Category, now: datetime) -> None:
    first, second, third = (write(db, shelf, now, slug=s) for s in ("one", "two", "three"))
    for article in (first, second, third):
        publish(db, article=article, by=None, now=now)
    retire(db, article=first, by=None, now=now, heir=second)
    retire(db, article=second, by=None, now=now, heir=third)
    assert find_article(db, "one", reader=ANYONE) == Moved("three")
    retire(db, article=third, by=None, now=now)
    assert isinstance(find_article(db, "one", reader=ANYONE), Gone)
    second.heir = first
    assert isinstance(find_article(db, "one", reader=ANYONE), Gone)
    for heir in (first, third):
        with pytest.raises(RetirementRefusedError):
            retire(db, article=first, by=None, now=now, heir=heir)


def test_what_was_withdrawn_can_be_published_again(
    db: Session, shelf: Category, now: datetime
) -> None:
    article = write(db, shelf, now)
    publish(db, article=article, by=None, now=now)
    unpublish(db, article=article, by=None, now=now)
    assert find_article(db, "how", reader=ANYONE) is None
    assert article.status is Status.DRAFT
    publish(db, article=article, by=None, now=now)
    assert find_article(db, "how", reader=ANYONE) is article


def test_every_act_is_recorded_for_staff_only(db: Session, shelf: Category, now: datetime) -> None:
    article = write(db, shelf, now)
    publish(db, article=article, by=None, now=now)
    change_slug(db, article=article, slug="b", by=None, now=now)
    retire(db, article=article, by=None, now=now)
    events = list(db.scalars(select(Event).order_by(Event.id)))
    assert [event.kind for event in events] == [
        "version_saved",
        "article_published",
        "slug_changed",
        "article_retired",
    ]
    assert all(event.is_internal and event.article_id == article.id for event in events)
