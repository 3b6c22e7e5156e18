"""An index may be destroyed in any way: search answers all the same, and the worker mends it."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.database import Database
from portal.knowledge.article import Article
from portal.knowledge.publishing import publish
from portal.knowledge.reader import ANYONE
from portal.knowledge.versioning import save_version
from portal.knowledge.withdrawing import retire
from portal.knowledge.words import Words
from portal.search import engine, folder, indexing, searching, suggesting
from portal.search.index import Health
from portal.search.shelves import Shelves
from portal.search.tantivy_index import TantivyIndex
from portal.search.whoosh_index import WhooshIndex
from tests.search.library import WRITTEN_AT, article


@pytest.fixture
def index(home: Path) -> WhooshIndex:
    return WhooshIndex(home / "index")


@pytest.fixture
def library(database: Database, index: WhooshIndex) -> None:
    with database.writing() as db:
        article(db, "How do I reset my password?", summary="Press the button.")
        article(db, "Which backups are made?", body="Nightly copies of everything.")
    indexing.catch_up(database, index)


def _files(home: Path, pattern: str = "*") -> list[Path]:
    return [path for path in (home / "index").rglob(pattern) if path.is_file()]


def _delete_everything(home: Path) -> None:
    shutil.rmtree(home / "index")


def _delete_segments(home: Path) -> None:
    for path in _files(home, "*.seg"):
        path.unlink()


def _delete_contents(home: Path) -> None:
    for path in _files(home, "*.toc"):
        path.unlink()


def _truncate(home: Path) -> None:
    for path in _files(home):
        os.truncate(path, path.stat().st_size // 2)


def _empty_every_file(home: Path) -> None:
    for path in _files(home):
        os.truncate(path, 0)


def _fill_with_garbage(home: Path) -> None:
    for path in _files(home):
        path.write_bytes(os.urandom(max(64, path.stat().st_size)))


def _flip_bytes(home: Path) -> None:
    for path in _files(home, "*.seg"):
        content = bytearray(path.read_bytes())
        for place in range(0, len(content), 7):
            content[place] ^= 0xFF
        path.write_bytes(content)


def _point_nowhere(home: Path) -> None:
    (home / "index" / "current").write_text("1-00000099-deadbeef")


def _point_outside(home: Path) -> None:
    (home / "index" / "current").write_text("../../../etc")


def _another_format(home: Path) -> None:
    (home / "index" / "current").write_text("0-00000001-abcdef01")


def _lose_the_seal(home: Path) -> None:
    for path in _files(home, "*.seal"):
        path.unlink()


DAMAGES = [
    _delete_everything,
    _delete_segments,
    _delete_contents,
    _truncate,
    _empty_every_file,
    _fill_with_garbage,
    _flip_bytes,
    _point_nowhere,
    _point_outside,
    _another_format,
    _lose_the_seal,
]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("is_new_process", [True, False])
@pytest.mark.usefixtures("library")
def test_search_answers_and_heals_whatever_happened_to_the_index(
    home: Path,
    database: Database,
    index: WhooshIndex,
    damage: Callable[[Path], None],
    is_new_process: bool,
) -> None:
    with database.reading() as db:
        searching.search(db, index, text="password", reader=ANYONE)
    damage(home)
    reader = WhooshIndex(home / "index") if is_new_process else index
    assert _titles(database, reader) == ["How do I reset my password?"]
    with database.reading() as db:
        assert suggesting.suggest(db, reader, prefix="passw", reader=ANYONE)
    worker = WhooshIndex(home / "index")
    assert worker.health() is not Health.READY
    indexing.catch_up(database, worker)
    assert worker.health() is Health.READY
    assert _titles(database, reader) == ["How do I reset my password?"]
    assert indexing.catch_up(database, worker) == 0


@pytest.mark.usefixtures("library")
def test_a_reader_that_fails_leaves_word_for_the_worker(
    home: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = WhooshIndex(home / "index")
    monkeypatch.setattr("portal.search.folder._follow", lambda *_: 1 / 0)
    assert _titles(database, reader) == ["How do I reset my password?"]
    monkeypatch.undo()
    worker = WhooshIndex(home / "index")
    assert worker.health() is Health.CORRUPT
    indexing.catch_up(database, worker)
    assert worker.health() is Health.READY


def test_without_an_index_search_and_suggestions_still_answer(
    database: Database, index: WhooshIndex
) -> None:
    with database.writing() as db:
        article(db, "100% of backups_made", body="Percent signs and under_scores.")
    with database.reading() as db:
        results = searching.search(db, index, text="backups", reader=ANYONE)
        assert (results.total, results.is_plain) == (1, True)
        assert searching.search(db, index, text="%", reader=ANYONE).total == 0
        assert searching.search(db, index, text="x_y", reader=ANYONE).total == 0


@pytest.mark.usefixtures("library")
def test_publishing_changing_and_withdrawing_reach_the_index(
    database: Database, index: WhooshIndex
) -> None:
    with database.writing() as db:
        article(db, "How do I renew a certificate?")
        changed = db.query(Article).filter(Article.slug == "which-backups-are-made").one()
        save_version(
            db,
            article=changed,
            words=Words(title="Which snapshots are made?", body="Hourly."),
            by=None,
            now=WRITTEN_AT,
        )
        publish(db, article=changed, by=None, now=WRITTEN_AT)
        gone = db.query(Article).filter(Article.slug == "how-do-i-reset-my-password").one()
        retire(db, article=gone, by=None, now=WRITTEN_AT)
    assert indexing.catch_up(database, index) == 3
    assert _titles(database, index, "certificate") == ["How do I renew a certificate?"]
    assert _titles(database, index, "snapshot") == ["Which snapshots are made?"]
    assert _titles(database, index, "backups") == []
    assert _titles(database, index, "password") == []
    assert indexing.catch_up(database, index) == 0


@pytest.mark.usefixtures("library")
def test_a_publication_touches_its_article_and_not_the_whole_category(
    database: Database, index: WhooshIndex
) -> None:
    with database.writing() as db:
        for number in range(5):
            article(db, f"Neighbour {number} on the same shelf")
    indexing.catch_up(database, index)
    with database.writing() as db:
        article(db, "One more on the same shelf")
    assert indexing.catch_up(database, index) == 1


@pytest.mark.usefixtures("library")
def test_an_index_from_after_a_restored_backup_is_built_anew(
    database: Database, index: WhooshIndex
) -> None:
    index.rebuild([], revision=10_000)
    assert _titles(database, index) == []
    assert indexing.catch_up(database, index) == 2
    assert _titles(database, index) == ["How do I reset my password?"]


@pytest.mark.usefixtures("library")
def test_a_writer_that_is_killed_lets_go_of_the_lock(home: Path, database: Database) -> None:
    script = (
        "import os, sys, pathlib\n"
        "from portal.search.generations import Generations\n"
        "with Generations(pathlib.Path(sys.argv[1])).writing():\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(home / "index")], check=False)
    assert indexing.rebuild(database, WhooshIndex(home / "index")) == 2


def _titles(database: Database, index: WhooshIndex, text: str = "reset passwords") -> list[str]:
    with database.reading() as db:
        results = searching.search(db, index, text=text, reader=ANYONE, forgives=False)
        return [item.title for item in results.items]


def test_whoever_asks_while_a_large_index_is_read_is_answered_from_the_database(
    database: Database, index: WhooshIndex, library: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 0.05)
    reading, read = threading.Event(), threading.Event()

    def read_slowly(journal: Path, shelf: Shelves, place: int) -> int:
        reading.set()
        read.wait(30)
        return follow(journal, shelf, place)

    follow = folder._follow
    monkeypatch.setattr(folder, "_follow", read_slowly)
    reader = threading.Thread(target=index.open)
    reader.start()
    reading.wait(30)
    with database.reading() as db:
        found = searching.search(db, index, text="backups", reader=ANYONE)
        assert [item.title for item in found.items] == ["Which backups are made?"]
        assert found.is_plain
        read.set()
        reader.join()
        found = searching.search(db, index, text="backups", reader=ANYONE)
        assert not found.is_plain


def test_what_was_read_stands_while_the_next_commit_is_written(
    database: Database,
    index: WhooshIndex,
    library: None,
    monkeypatch: pytest.MonkeyPatch,
    home: Path,
) -> None:
    """A reader must not begin anew, which takes seconds with a large index."""
    places = []

    def follow(journal: Path, shelf: Shelves, place: int) -> int:
        places.append(place)
        return read(journal, shelf, place)

    read = folder._follow
    monkeypatch.setattr(folder, "_follow", follow)
    reader = WhooshIndex(home / "index")

    def found(text: str) -> tuple[int, bool]:
        with database.reading() as db:
            results = searching.search(db, reader, text=text, reader=ANYONE)
            return results.total, results.is_plain

    assert found("backups") == (1, False)
    with database.writing() as db:
        article(db, "Where are backups kept?")
    indexing.catch_up(database, index)
    begun = next((home / "index").glob("*-*/")) / "of the next commit"
    begun.touch()
    assert found("backups") == (1, False)
    begun.unlink()
    assert found("backups") == (2, False)
    assert places[0] == 0
    assert all(places[1:])


def test_a_list_of_segments_that_became_shorter_does_no_harm(
    database: Database, library: None, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    """tantivy writes its list anew with each commit; merged segments make it shorter."""
    reader = TantivyIndex(home / "tantivy")
    indexing.catch_up(database, reader)
    reader.open()
    places = []
    monkeypatch.setattr(folder, "_follow", lambda _journal, _shelf, place: places.append(place))
    listed = next((home / "tantivy").glob("*-*/meta.json"))
    os.truncate(listed, listed.stat().st_size - 1)
    with database.reading() as db:
        assert not searching.search(db, reader, text="backups", reader=ANYONE).is_plain
    assert places == []
