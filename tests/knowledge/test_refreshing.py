"""What an older cleaner let through is gone as soon as the portal has a newer one."""

from datetime import datetime

import pytest
from sqlalchemy import select

from portal.database import Database
from portal.knowledge.article import LibraryChange, Version
from portal.knowledge.refreshing import outdated, refresh
from portal.knowledge.rendering import CLEANER
from tests.search.library import article

BAD = "<p onclick=alert(1)>old</p>"


@pytest.fixture
def aged(database: Database) -> Database:
    """A library of an earlier release: two articles, one of them published."""
    with database.writing() as db:
        article(db, "How?", body="## First\n\nPress *it*.")
        article(db, "Why?", body="Because.", is_published=False)
        for version in db.scalars(select(Version)):
            version.html, version.cleaner = BAD, "an older one"
    return database


def test_stored_html_is_made_again_from_the_source(aged: Database, now: datetime) -> None:
    with aged.reading() as db:
        before = len(db.scalars(select(LibraryChange)).all())
    assert refresh(aged, now=now).count == 2
    with aged.reading() as db:
        made = {version.title: version for version in db.scalars(select(Version))}
        assert {version.cleaner for version in made.values()} == {CLEANER}
        assert "<em>it</em>" in made["How?"].html
        assert [heading["title"] for heading in made["How?"].contents] == ["First"]
        assert "onclick" not in made["How?"].html + made["Why?"].html
        changes = db.scalars(select(LibraryChange.tag)).all()[before:]
        assert changes == [f"article:{made['How?'].article_id}"]


def test_what_is_up_to_date_is_left_alone(aged: Database, now: datetime) -> None:
    refresh(aged, now=now)
    assert refresh(aged, now=now).count == 0
    with aged.reading() as db:
        assert outdated(db) == 0


def test_a_body_that_is_refused_now_becomes_plain_text(aged: Database, now: datetime) -> None:
    with aged.writing() as db:
        version = db.scalars(select(Version).where(Version.title == "How?")).one()
        version.body = "<b>x</b>" + "[" * 300
    told = refresh(aged, now=now)
    assert len(told.faults) == 1
    assert told.faults[0].startswith("how, version 1: ")
    with aged.reading() as db:
        html = db.scalars(select(Version.html).where(Version.title == "How?")).one()
    assert html.startswith("<pre>&lt;b&gt;x&lt;/b&gt;[[[")
