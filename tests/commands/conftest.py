"""Installations to run commands on."""

import shutil
from pathlib import Path

import pytest

from tests.running import Done, portal


@pytest.fixture
def fresh(tmp_path: Path, empty_database_file: Path) -> Path:
    """A home with an empty database and no settings yet."""
    folder = tmp_path / "fresh"
    folder.mkdir()
    shutil.copy(empty_database_file, folder / "portal.db")
    return folder


@pytest.fixture
def installed(fresh: Path) -> Path:
    """A real installation of Harbour Support, with its first administrator."""
    done = initialise(fresh)
    assert done.returncode == 0, done.stderr
    return fresh


def initialise(home: Path, *more: str) -> Done:
    """`portal init` with every answer given."""
    return portal(
        home,
        "init",
        *("--name", "Harbour Support"),
        *("--base-url", "https://help.harbour.example"),
        *("--administrator", "ada@desk.example"),
        *("--administrator-name", "Ada Kowalski"),
        *more,
    )
