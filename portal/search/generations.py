"""Where an index lies: one folder a generation, and a small file that names the one in use.

A new generation is built beside the old one and takes its place in one step, so that search never
sees half an index. Only one writer at a time; others wait, nobody fails.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FORMAT = "3"
_KEPT = 2


class Generations:
    """The index folder. `current` names a generation; its seal says which files it must have."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the only pen; waits for whoever holds it, and a killed writer lets go of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writing.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def current(self) -> Path | None:
        """The generation in use, or None: no pointer, no such folder, or another format."""
        try:
            name = (self.folder / "current").read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        if not name.startswith(f"{FORMAT}-") or not name.replace("-", "").isalnum():
            return None
        generation = self.folder / name
        return generation if generation.is_dir() else None

    def begin(self) -> Path:
        """A new, empty generation that nobody reads yet."""
        newest = max((number_of(path) for path in self._all()), default=0)
        generation = self.folder / f"{FORMAT}-{newest + 1:08}-{secrets.token_hex(4)}"
        generation.mkdir()
        return generation

    def use(self, generation: Path, *, revision: int, mark: str) -> None:
        """Make this generation the one in use, in one step, and drop what nobody needs."""
        self.seal(generation, revision=revision, mark=mark)
        pointer = self.folder / f"current-{secrets.token_hex(4)}"
        pointer.write_text(generation.name, encoding="ascii")
        os.replace(pointer, self.folder / "current")  # noqa: PTH105  (one atomic step)
        (self.folder / "broken").unlink(missing_ok=True)
        for old in sorted(self._all(), key=number_of)[:-_KEPT]:
            shutil.rmtree(old, ignore_errors=True)

    def seal(self, generation: Path, *, revision: int, mark: str) -> None:
        """Write down what a generation holds, and its files as they must be until next time."""
        files = _files(generation)
        first = self.first_size(generation) or sum(size for size, _time in files.values())
        sealed = {"revision": revision, "files": files, "mark": mark, "first_size": first}
        seal = self._seal_of(generation)
        fresh = seal.with_suffix(".new")
        fresh.write_text(json.dumps(sealed), encoding="ascii")
        fresh.replace(seal)
        for other in self.folder.glob("*.seal"):
            if not (self.folder / other.stem).is_dir():
                other.unlink(missing_ok=True)

    def is_whole(self, generation: Path) -> bool:
        """Whether every file is as the last commit left it, and no reader complained."""
        if (self.folder / "broken").exists():
            return False
        try:
            return bool(self._read_seal(generation)["files"] == _files(generation))
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def revision(self, generation: Path) -> int:
        """How far a generation has come; 0 when its seal can't be read."""
        try:
            return int(self._read_seal(generation)["revision"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def mark(self, generation: Path) -> str:
        """Which engine made a generation."""
        try:
            return str(self._read_seal(generation)["mark"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def first_size(self, generation: Path) -> int:
        """How many bytes a generation had when it was new; 0 when its seal can't be read."""
        try:
            return int(self._read_seal(generation)["first_size"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def size(self, generation: Path) -> int:
        """How many bytes a generation has now."""
        return sum(size for size, _time in _files(generation).values())

    def seal_stamp(self, generation: Path) -> int:
        """A number that changes with each commit; 0 without a seal."""
        try:
            return self._seal_of(generation).stat().st_mtime_ns
        except OSError:
            return 0

    def _read_seal(self, generation: Path) -> dict[str, Any]:
        sealed: dict[str, Any] = json.loads(self._seal_of(generation).read_text(encoding="ascii"))
        return sealed

    def _seal_of(self, generation: Path) -> Path:
        return self.folder / f"{generation.name}.seal"

    def report_broken(self) -> None:
        """Leave word for the worker that a reader could not read the index."""
        try:
            (self.folder / "broken").touch()
        except OSError:
            return

    def _all(self) -> list[Path]:
        return [path for path in self.folder.iterdir() if path.is_dir() and number_of(path)]


def number_of(generation: Path) -> int:
    """The place of a generation in their order; 0 for a folder that is none."""
    parts = generation.name.split("-")
    return int(parts[1]) if len(parts) == 3 and parts[1].isdigit() else 0


def _files(generation: Path) -> dict[str, list[int]]:
    found = {}
    for path in generation.iterdir():
        if not path.name.lower().endswith("lock"):
            state = path.stat()
            found[path.name] = [state.st_size, state.st_mtime_ns]
    return found
