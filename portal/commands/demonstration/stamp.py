"""When the demonstration has been made whole, the home keeps a stamp: of which program and of
which articles. As long as it holds, there is nothing to bring up to date.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from portal import resources
from portal.commands.remedy import sqlite_file
from portal.settings import Settings

NAME = "demonstration.stamp"


def holds(settings: Settings, articles: Path) -> bool:
    """Whether the demonstration stands as this program would make it from these articles."""
    file = sqlite_file(settings)
    if file is None or not file.is_file() or not settings.index_folder.is_dir():
        return False
    try:
        return (settings.home / NAME).read_text() == _stamp(settings, articles)
    except (OSError, UnicodeDecodeError):
        return False


def put(settings: Settings, articles: Path) -> None:
    """Keep that the demonstration stands whole."""
    (settings.home / NAME).write_text(_stamp(settings, articles))


def _stamp(settings: Settings, articles: Path) -> str:
    found = hashlib.sha256(repr((settings.demonstration, settings.database_url)).encode())
    for folder in (articles, resources.program_folder()):
        for line in sorted(_lines(folder)):
            found.update(line.encode())
    return found.hexdigest()


def _lines(folder: Path) -> Iterator[str]:
    """Every file with its size and the time of its last change."""
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            facts = path.stat()
            yield f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n"
