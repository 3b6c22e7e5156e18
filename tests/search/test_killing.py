"""A writer that is killed at any moment loses and doubles nothing.

PORTAL_TEST_KILLS says how often it is tried.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.search.index import Health, Index, Query
from portal.search.tantivy_index import TantivyIndex
from portal.search.whoosh_index import WhooshIndex
from tests.search.library import ANYONE_KEYS, document

KILLS = int(os.environ.get("PORTAL_TEST_KILLS", "3"))
ARTICLES = 30
LIBRARY = [document(n, f"Quokka number{n}", "Its burrow is deep.") for n in range(ARTICLES)]
ENDLESS = """
import sys
from pathlib import Path
from portal.search.{module} import {name}
from tests.search.test_killing import LIBRARY
index = {name}(Path(sys.argv[1]))
print("ready", flush=True)
revision = 10
while True:
    revision += 1
    index.update(LIBRARY[revision % 30:revision % 30 + 5], gone=[], revision=revision)
"""


@pytest.mark.parametrize("engine", [WhooshIndex, TantivyIndex])
def test_a_writer_killed_at_any_moment_loses_nothing(
    engine: type[WhooshIndex] | type[TantivyIndex], tmp_path: Path
) -> None:
    dice = random.Random(4)
    index = engine(tmp_path / "index")
    index.rebuild(LIBRARY, revision=1)
    script = ENDLESS.format(module=engine.__module__.rsplit(".", 1)[1], name=engine.__name__)
    for _ in range(KILLS):
        command = [sys.executable, "-c", script, str(tmp_path / "index")]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(dice.random() * 0.15)
            writer.send_signal(signal.SIGKILL)
        _heal(index)
        found = index.search(Query("quokka", ANYONE_KEYS)).hits
        assert sorted(hit.article_id for hit in found) == list(range(ARTICLES))


def _heal(index: Index) -> None:
    """What the worker does when it comes by."""
    if index.health() is not Health.READY:
        index.rebuild(LIBRARY, revision=1)


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
