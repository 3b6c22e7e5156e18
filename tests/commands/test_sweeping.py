"""What has had its day is forgotten, and nothing else."""

import os
import time
from pathlib import Path

from portal.commands.sweeping import remove_unused_files


def stored(folder: Path, name: str, *, hours_old: float) -> Path:
    path = folder / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    then = time.time() - hours_old * 3600
    os.utime(path, (then, then))
    return path


def test_only_old_files_that_nobody_names_are_removed(tmp_path: Path) -> None:
    used = stored(tmp_path, "a" * 64, hours_old=100)
    old = stored(tmp_path, "b" * 64, hours_old=25)
    new = stored(tmp_path, "c" * 64, hours_old=23)
    assert remove_unused_files(tmp_path, {used.name}) == 1
    assert [path.exists() for path in (used, old, new)] == [True, False, True]
