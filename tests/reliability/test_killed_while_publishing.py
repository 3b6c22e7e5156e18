"""A process that publishes is killed at any moment: what it acknowledged is what readers read."""

import random
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import select

from portal.database import Database
from portal.knowledge.article import Article, LibraryChange, Version
from portal.search import indexing
from portal.search.index import Query
from portal.search.opening import open_index
from portal.settings import Settings
from tests.search.library import article

KILLS = 5


def test_what_was_published_stays_published_and_nothing_is_half_done(
    home: Path, settings: Settings
) -> None:
    url = f"sqlite:///{home / 'portal.db'}"
    database = Database(url)
    with database.writing() as db:
        article(db, "Title 1", slug="how", body="Text 1")
    index = open_index(settings)
    for _ in range(KILLS):
        acknowledged = publish_until_killed(url)
        with database.reading() as db:
            read = db.scalars(select(Article)).one()
            assert read.published is not None
            assert read.published.number in {acknowledged, acknowledged + 1}
            newest = db.scalars(select(Version).order_by(Version.number.desc())).first()
            assert newest is not None
            assert newest.id == read.published_version_id
            tag = f"article:{read.id}"
            touched = db.scalars(select(LibraryChange).where(LibraryChange.tag == tag)).all()
            assert len(touched) == newest.number
            assert db.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            title = read.published.title
        indexing.catch_up(database, index)
        found = index.search(Query(title, frozenset({"public"})))
        assert len(found.hits) == 1
    database.close()


def publish_until_killed(url: str) -> int:
    """The last version that was acknowledged before the end."""
    command = [sys.executable, "-m", "tests.reliability.publisher", url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(random.uniform(0, 0.15))
    process.kill()
    told = [first, *process.stdout.read().splitlines()]
    process.wait()
    return int(told[-1])
