"""Many articles added at once leave exactly what one after the other would."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import Database
from portal.events import Event
from portal.knowledge.addressing import set_aliases
from portal.knowledge.article import Article, Audience, Category, LibraryChange, Status
from portal.knowledge.publishing import publish
from portal.knowledge.publishing_many import NewArticle, add_articles
from portal.knowledge.rendering import render
from portal.knowledge.versioning import add_article
from portal.knowledge.withdrawing import retire
from portal.knowledge.words import Facts, Words
from portal.people.organisation import Organisation
from tests.knowledge.shelves import AT, _held_article

STATUSES = {"a": Status.PUBLISHED, "b": Status.DRAFT, "c": Status.RETIRED, "d": Status.PUBLISHED}


def facts_in(db: Session) -> Facts:
    outer = Category(slug="outer", title="Outer")
    db.add_all([outer, Organisation(slug="acme", name="Acme", created_at=AT)])
    db.flush()
    inner = Category(slug="inner", title="Inner", parent_id=outer.id)
    db.add(inner)
    db.flush()
    acme = db.scalars(select(Organisation)).one()
    return Facts(inner, audience=Audience.ORGANISATIONS, organisations=(acme,), owner="Wren")


def words(slug: str) -> Words:
    return Words(f"{slug}?", f"## About {slug}\n\nText.\n", "In short", ("One",), ("word",))


def left(db: Session) -> dict[str, Any]:
    """All that is left behind, but for numbers that only count."""
    articles = list(db.scalars(select(Article)))
    slugs = {one.id: one.slug for one in articles}
    shelves = {one.id: one.slug for one in db.scalars(select(Category))}
    return {
        "articles": {one.slug: _held_article(db, one) for one in articles},
        "stamps": {
            one.slug: (one.created_at, one.updated_at, one.published_at, one.retired_at)
            for one in articles
        },
        "versions": {
            one.slug: [(v.number, v.content_hash, v.note, v.cleaner) for v in one.versions]
            for one in articles
        },
        "events": Counter(
            (event.kind, slugs[event.article_id or 0], event.is_internal, str(event.detail))
            for event in db.scalars(select(Event))
        ),
        "tags": {
            _named(change.tag, slugs, shelves) for change in db.scalars(select(LibraryChange))
        },
    }


def _named(tag: str, slugs: dict[int, str], shelves: dict[int, str]) -> str:
    """A tag with a name instead of the number, which differs from database to database."""
    kind, _, number = tag.partition(":")
    names = slugs if kind == "article" else shelves
    return f"{kind}:{names[int(number)]}" if number else kind


def test_many_at_once_leave_what_one_by_one_leaves(database: Database) -> None:
    with database.writing() as db:
        facts = facts_in(db)
        for slug, status in STATUSES.items():
            made = add_article(
                db, slug=slug, words=words(slug), facts=facts, by=None, now=AT, note="Imported"
            )
            if status is not Status.DRAFT:
                set_aliases(db, article=made, aliases={f"{slug}-was"}, now=AT)
                publish(db, article=made, by=None, now=AT)
            if status is Status.RETIRED:
                retire(db, article=made, by=None, now=AT)
        db.flush()
        db.expire_all()
        one_by_one = left(db)
        db.rollback()
    with database.writing() as db:
        facts = facts_in(db)
        new = [
            NewArticle(
                slug,
                words(slug),
                facts,
                status,
                render(words(slug).body),
                aliases=() if status is Status.DRAFT else (f"{slug}-was",),
            )
            for slug, status in STATUSES.items()
        ]
        add_articles(db, new, now=AT, note="Imported")
        db.flush()
        db.expire_all()
        together = left(db)
    assert together == one_by_one
