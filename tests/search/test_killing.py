"""A writer that is killed at any moment loses and doubles nothing.

Each writer is forked from one process that has the portal loaded, so that a hundred kills are
cheap enough for every run. PORTAL_TEST_KILLS says how often it is tried.
"""

import os
import random
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from portal.search.index import Document, Health, Index, Query
from portal.search.tantivy_index import TantivyIndex
from portal.search.whoosh_index import WhooshIndex
from tests.search.library import ANYONE_KEYS, document

KILLS = int(os.environ.get("PORTAL_TEST_KILLS", "100"))
ARTICLES = 30
BATCH = 5
LIVES = 20
"""How many writings the longest life of a writer has time for, however fast this machine is."""
LIBRARY = [document(n, f"Quokka number{n}", "Its burrow is deep.") for n in range(ARTICLES)]
FolderIndex = type[WhooshIndex] | type[TantivyIndex]


@pytest.mark.parametrize("engine", [WhooshIndex, TantivyIndex])
def test_a_writer_killed_at_any_moment_loses_nothing(engine: FolderIndex, tmp_path: Path) -> None:
    dice = random.Random(4)
    index = engine(tmp_path / "index")
    index.rebuild(LIBRARY, revision=1)
    longest_life = LIVES * _seconds_of_a_writing(engine, tmp_path / "tried")
    harmed, furthest = 0, 0
    for _ in range(KILLS):
        _kill_a_writer(engine, tmp_path / "index", seconds=dice.random() * longest_life)
        reached = index.revision()
        furthest = max(furthest, reached)
        if index.health() is not Health.READY:
            harmed += 1
            index.rebuild(LIBRARY, revision=1)  # what the worker does when it comes by
        elif reached > 1:
            assert _found(index, f"round{reached}") == _numbers(reached)
        assert _found(index, "quokka") == list(range(ARTICLES))
    assert harmed, "no kill struck in the middle of a writing"
    assert furthest > 1, "no writing was ever finished"


def _seconds_of_a_writing(engine: FolderIndex, folder: Path) -> float:
    index = engine(folder)
    index.rebuild(LIBRARY, revision=1)
    began = time.monotonic()
    for revision in range(2, 2 + LIVES):
        index.update(_batch(revision), gone=[], revision=revision)
    return (time.monotonic() - began) / LIVES


def _kill_a_writer(engine: FolderIndex, folder: Path, *, seconds: float) -> None:
    nursery = get_context("forkserver")
    nursery.set_forkserver_preload([__name__])
    ours, theirs = nursery.Pipe(duplex=False)
    writer = nursery.Process(target=_write_for_ever, args=(engine, folder, theirs), daemon=True)
    writer.start()
    assert ours.poll(60), "the writer never began"
    time.sleep(seconds)
    assert writer.is_alive(), "the writer gave up before it was killed"
    writer.kill()
    writer.join()


def _write_for_ever(engine: FolderIndex, folder: Path, began: Connection) -> None:
    index = engine(folder)
    revision = index.revision()
    began.send(revision)
    while True:
        revision += 1
        index.update(_batch(revision), gone=[], revision=revision)


def _batch(revision: int) -> list[Document]:
    text = f"Its burrow is deep: round{revision}."
    return [document(n, f"Quokka number{n}", text) for n in _numbers(revision)]


def _numbers(revision: int) -> list[int]:
    first = revision * BATCH % ARTICLES
    return list(range(first, first + BATCH))


def _found(index: Index, words: str) -> list[int]:
    return sorted(hit.article_id for hit in index.search(Query(words, ANYONE_KEYS)).hits)


def test_the_size_of_a_folder_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.search.folder._SWOLLEN_BYTES", 10_000)
    index = WhooshIndex(tmp_path / "index")
    index.rebuild(LIBRARY, revision=1)
    assert not index.is_swollen()
    for revision in range(2, 60):
        index.update(LIBRARY[:10], gone=[], revision=revision)
        if index.is_swollen():
            break
    assert index.is_swollen()
    index.rebuild(LIBRARY, revision=99)
    assert not index.is_swollen()


def test_an_index_of_another_engine_is_built_anew(tmp_path: Path) -> None:
    WhooshIndex(tmp_path / "index").rebuild(LIBRARY, revision=1)
    assert TantivyIndex(tmp_path / "index").health() is Health.CORRUPT
