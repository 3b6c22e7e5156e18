"""`portal library import` is killed at any moment, again and again, and then run once more: the
library is what an undisturbed import makes of the folder, and so is its export, byte for byte.

PORTAL_TEST_KILLS=50 makes it a long run.
"""

import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.database import Database
from portal.files import FileStore
from portal.knowledge.article import Article, Version
from portal.knowledge.library_export import export_library
from tests.knowledge.shelves import article, held, lay_out, png

KILLS = int(os.environ.get("PORTAL_TEST_KILLS", "3"))
ROOT = Path(__file__).parents[2]
ARTICLES = 230  # more than two commits


@dataclass
class Portal:
    """A portal's home, and the command as an operator runs it."""

    home: Path

    @property
    def database(self) -> Database:
        return Database(f"sqlite:///{self.home / 'portal.db'}")

    def importing(self, folder: Path) -> subprocess.Popen[str]:
        where = {"PORTAL_HOME": str(self.home), "PORTAL_SECRET": "s" * 40}
        return subprocess.Popen(
            [sys.executable, "-m", "portal", "library", "import", str(folder)],
            cwd=ROOT,
            env=os.environ | where | {"PORTAL_BASE_URL": "http://localhost"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def export(self, folder: Path) -> dict[str, bytes]:
        """What an export of everything writes, by path."""
        database = self.database
        with database.reading() as db:
            done = export_library(db, FileStore(self.home / "files"), folder)
        database.close()
        assert (done.faults, done.conflicts) == ([], [])
        written = [path for path in folder.rglob("*") if path.is_file()]
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in written}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Articles with images, translations, heirs, aliases and a described category."""
    files: dict[str, str | bytes] = {
        "using/_category.yaml": "title: Using it\naudience: customers\n",
        "using/heir.md": article("What now?"),
        "using/gone.md": article("What before?", status="retired", heir="heir"),
        "using/deutsch.md": article("Was nun?", language="de", translation_of="heir"),
    }
    for n in range(ARTICLES):
        body = f"Text {n}.\n\n![Picture {n}](p{n % 7}.png)\n"
        files[f"using/deep/a{n:03}.md"] = article(f"Question {n}?", body, aliases=f"[old-{n}]")
    for n in range(7):
        files[f"using/deep/p{n}.png"] = png(30 + n, 20)
    return lay_out(tmp_path / "library", files)


def test_an_import_killed_at_any_moment_and_run_again_is_the_import_undisturbed(
    home: Path, tmp_path: Path, folder: Path
) -> None:
    undisturbed = Portal(tmp_path / "undisturbed")
    shutil.copytree(home, undisturbed.home)
    began = time.monotonic()
    import_whole(undisturbed, folder)
    took = time.monotonic() - began

    disturbed = Portal(home)
    for _ in range(KILLS):
        process = disturbed.importing(folder)
        time.sleep(random.uniform(0.2, 0.95) * took)
        process.kill()
        process.communicate()
    import_whole(disturbed, folder)

    assert all_of(disturbed) == all_of(undisturbed)
    once = disturbed.export(tmp_path / "once")
    assert once == undisturbed.export(tmp_path / "as-it-should-be")
    other = Portal(tmp_path / "other")
    shutil.copytree(undisturbed.home, other.home)
    for name in ("portal.db", "portal.db-wal", "portal.db-shm"):
        (other.home / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "empty.db", other.home / "portal.db")
    import_whole(other, tmp_path / "once")
    assert other.export(tmp_path / "again") == once


@pytest.fixture(autouse=True)
def _empty_database(home: Path, tmp_path: Path) -> None:
    shutil.copy(home / "portal.db", tmp_path / "empty.db")


def import_whole(portal: Portal, folder: Path) -> None:
    process = portal.importing(folder)
    said, wrong = process.communicate()
    assert process.returncode == 0, said + wrong


def all_of(portal: Portal) -> tuple[object, int, int]:
    """Everything that was imported, with the number of versions: nothing came twice."""
    database = portal.database
    with database.reading() as db:
        counted = select(func.count()).select_from(Version)
        found = held(db), db.scalar(counted) or 0, db.scalar(select(func.count(Article.id))) or 0
    database.close()
    return found
