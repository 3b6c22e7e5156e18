"""A full disk, a locked or read-only database: a page that says so, and nothing typed is lost."""

import re
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.cases.case import Case
from portal.cases.conversation import Attachment
from portal.cases.policies import adopt
from portal.database import Database
from portal.policy.profiles import profile_source
from portal.settings import Settings
from tests import cast
from tests.cast import LONG_AGO
from tests.web.support_visitor import Visitor

OURS = {"Origin": "http://localhost"}
TYPED = 'Nothing <works> & "all" is lost'


@pytest.fixture
def database_url(home: Path) -> str:
    """These faults are SQLite's; PostgreSQL has an operator of its own."""
    return f"sqlite:///{home / 'portal.db'}"


@pytest.fixture
def guest(app: Flask, database: Database) -> Visitor:
    with database.writing() as db:
        adopt(db, source=profile_source("communicado"), now=LONG_AGO)
        cast.everybody(db)
    return Visitor(app.test_client())


def each_connection(app: Flask, pragma: str) -> None:
    """From now on every connection of this portal begins with `pragma`."""
    engine = app.extensions["portal"].database.engine
    engine.dispose()
    event.listen(engine, "connect", lambda dbapi, _record: dbapi.execute(f"PRAGMA {pragma}"))


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Another program holds the write lock."""
    other = sqlite3.connect(home / "portal.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def disk_full_after(size: int) -> Iterator[None]:
    """No file of this process can grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def tell_it(guest: Visitor) -> Any:
    fields = {"kind": "problem", "subject": "Exports", "description": TYPED}
    token = guest.token
    return guest.client.post("/cases/new", data={"csrf_token": token, **fields}, headers=OURS)


def check_page(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    """503, the portal's page, a number that the log has, and the words ready to be sent again."""
    page = answer.text
    assert answer.status_code == 503
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answer.headers
    assert "Something went wrong on our side" in page
    found = re.search(r'class="incident">([0-9A-F-]+)<', page)
    assert found
    assert f"incident={found[1]}" in caplog.text
    assert 'value="Nothing &lt;works&gt; &amp; &#34;all&#34; is lost"' in page
    assert "Traceback" not in page


@pytest.mark.parametrize("fault", ["locked", "read-only"])
def test_what_was_typed_outlives_a_database_that_can_not_be_written(
    fault: str,
    app: Flask,
    guest: Visitor,
    home: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    guest.open("/cases/new")
    if fault == "locked":
        each_connection(app, "busy_timeout=30")
        with locked(home):
            answer = tell_it(guest)
            assert guest.client.get("/").status_code == 200
            assert guest.client.get("/search?q=exports").status_code == 200
    else:
        each_connection(app, "query_only=ON")
        answer = tell_it(guest)
        assert guest.client.get("/").status_code == 200
    check_page(answer, caplog)


def test_the_words_can_be_sent_again_from_that_page(
    app: Flask,
    guest: Visitor,
    home: Path,
) -> None:
    guest.open("/cases/new")
    each_connection(app, "busy_timeout=30")
    with locked(home):
        guest.page = tell_it(guest).text
    kept = dict(re.findall(r'type="hidden" name="([a-z]+)" value="([^"]*)"', guest.page))
    assert set(kept) == {"kind", "subject", "description"}
    guest.send("/cases/new", kind="problem", subject="Exports", description=TYPED)
    assert guest.path.endswith("/effect")


def test_a_full_disk_names_the_file_and_takes_the_case(
    app: Flask,
    guest: Visitor,
    settings: Settings,
    database: Database,
) -> None:
    guest.tell()
    guest.say_effect()
    guest.accept()
    guest.give_details()
    big = (b"a line of a log\n" * 30_000, "big.log")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    with disk_full_after(450_000):
        guest.send(f"{guest.draft}/files", files=[big])
        assert guest.status == 422
        assert "big.log: We can't store files right now." in guest.page
        guest.open(f"{guest.draft}/contact")
        guest.give_contact(files=[big, (b"a short note", "note.txt")], name="Gus the Great")
        assert guest.status == 422
        assert 'value="Gus the Great"' in guest.page
        assert "big.log: We can’t store files right now" in guest.text.replace("'", "’")
        guest.give_contact()
        guest.send_case()
    with database.reading() as db:
        assert db.scalars(select(Case)).one().subject == "Exports fail since Monday"
        assert [kept.name for kept in db.scalars(select(Attachment))] == ["note.txt"]
    assert not list(settings.files_folder.glob(".arriving-*"))


def test_a_full_disk_at_sending_keeps_everything_and_tells(
    app: Flask,
    guest: Visitor,
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    guest.up_to_check()
    path, page = guest.path, guest.page
    with disk_full_after(1):
        guest.send_case()
        assert guest.status == 503
        assert "Something went wrong on our side" in guest.text
    with database.reading() as db:
        assert db.scalars(select(Case)).all() == []
    guest.path, guest.page = path, page
    guest.send_case()
    assert guest.status == 200
    with database.reading() as db:
        assert len(db.scalars(select(Case)).all()) == 1
