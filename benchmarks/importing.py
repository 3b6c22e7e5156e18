"""What it costs to bring a library in: `python -m benchmarks.importing CORPUS`.

CORPUS is a folder of Markdown articles with another publisher's front matter, or a .tar.gz of one.
It comes into an empty portal and its index is built; then it comes in again, unchanged. Processor
time is what the kernel counted for the commands and all their processes, so one core needs it all.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.shelves import PORTAL, unpacked

FIRST_SECONDS, AGAIN_SECONDS, MEMORY_MB = 90, 5, 400


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time and of wall time, and the largest process in MB."""

    processor: float
    wall: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), unpacked(Path(folder), parser.parse_args().corpus))


def _measure(folder: Path, corpus: Path) -> None:
    home = folder / "home"
    who = ("--administrator", "ada@desk.example", "--administrator-name", "Ada")
    _cost(home, "init", "--name", "Measured", "--base-url", "http://localhost", *who)
    bringing = ("library", "import", str(corpus), "--from", "microsoft-learn")
    first, index = _cost(home, *bringing), _cost(home, "search", "rebuild")
    again = _cost(home, *bringing)
    print(f"{'':24}{'CPU s':>8}{'wall s':>8}{'MB':>6}")
    for name, cost in (("import", first), ("index", index), ("import, unchanged", again)):
        print(f"{name:24}{cost.processor:8.1f}{cost.wall:8.1f}{cost.memory:6.0f}")
    total = first.processor + index.processor
    print(f"\nempty to searchable: {total:.1f} s of CPU (goal: at most {FIRST_SECONDS})")
    print(f"unchanged: {again.processor:.1f} s of CPU (goal: at most {AGAIN_SECONDS})")
    print(f"memory: {max(first.memory, again.memory):.0f} MB (goal: below {MEMORY_MB})")


def _cost(home: Path, *arguments: str) -> Cost:
    """Run the portal's own command. An import ends with 1 where a file is bad, which is fine."""
    before = time.monotonic()
    process = subprocess.Popen(
        [PORTAL, *arguments],
        env={**os.environ, "PORTAL_HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        sys.exit(f"portal {' '.join(arguments)} failed.")
    wall = time.monotonic() - before
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
