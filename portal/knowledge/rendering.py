"""The only way from a writer's Markdown to HTML: checked, rendered under limits, cleaned last.

Page, preview, feed, print and search all read what this made. A text that takes more than two
seconds or 256 MB is refused; nothing else suffers, since a process of its own does the work.
"""

import atexit
import contextlib
import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from portal.knowledge.cleaning import CLEANER
from portal.knowledge.markdown_dialect import Picture
from portal.knowledge.rendering_core import Rendered
from portal.knowledge.rendering_limits import RenderingRefusedError, check_body

__all__ = ["CLEANER", "Picture", "Rendered", "RenderingRefusedError", "render"]

# The limit is the child's own two seconds of processor time: a busy machine must refuse nothing
# good. This one only ends a child that does not get on at all.
WALL_SECONDS = 60.0
_SOURCE = Path(__file__).resolve().parents[2]


def render(markdown: str, *, pictures: Mapping[str, Picture] | None = None) -> Rendered:
    """Make the HTML of an article's body; `pictures` are its images by the path the body uses.

    Raises RenderingRefusedError, with the line where it can be told. Safe to call from any thread.
    """
    check_body(markdown)
    request = {
        "body": markdown,
        "pictures": {
            path: [picture.address, picture.width, picture.height]
            for path, picture in (pictures or {}).items()
        },
    }
    answer = _ask(request)
    if "refused" in answer:
        raise _too_much(markdown)
    return Rendered(**answer)


def _too_much(markdown: str) -> RenderingRefusedError:
    """Point at the paragraph with most marks: it is nearly always the culprit."""
    line = max(
        enumerate(markdown.split("\n"), start=1),
        key=lambda numbered: sum(map(numbered[1].count, "[]()*_`<>|!")),
    )[0]
    return RenderingRefusedError(
        "the text takes too long to render; this line has most marks. Simplify it or split "
        "the article.",
        line,
    )


class _Child:
    """One rendering process, started when first needed."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "portal.knowledge.rendering_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(_SOURCE), "LANG": "C.UTF-8", "PYTHONUTF8": "1"},
        )

    def ask(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """Its answer, or None when it ended instead of answering."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            line = _read_line(self._process.stdout, time.monotonic() + WALL_SECONDS)
        except OSError:
            line = b""
        answer: dict[str, Any] | None = json.loads(line) if line.endswith(b"\n") else None
        return answer

    def end(self) -> int:
        """Stop it; 0 says that it had ended by itself for want of work."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        return self._process.wait()


def _read_line(stream: IO[bytes], until: float) -> bytes:
    """Read up to a line's end; what was read so far when the time is up or the stream ends."""
    pieces: list[bytes] = []
    while (left := until - time.monotonic()) > 0:
        if not select.select([stream], [], [], left)[0]:
            break
        piece = os.read(stream.fileno(), 1 << 16)
        pieces.append(piece)
        if not piece or piece.endswith(b"\n"):
            break
    return b"".join(pieces)


_idle: queue.LifoQueue[_Child] = queue.LifoQueue()
_turns = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))


def _ask(request: dict[str, Any]) -> dict[str, Any]:
    with _turns:
        for is_last_try in (False, True):
            child = _take()
            answer = child.ask(request)
            if answer is not None:
                _idle.put(child)
                return answer
            if child.end() != 0 or is_last_try:
                break
    return {"refused": "time"}


def _take() -> _Child:
    """An idle process of this process (a fork must not share its parent's), or a new one."""
    while True:
        try:
            child = _idle.get_nowait()
        except queue.Empty:
            return _Child()
        if child.owner == os.getpid():
            return child


@atexit.register
def _end_all() -> None:
    while not _idle.empty():
        child = _idle.get_nowait()
        if child.owner == os.getpid():
            child.end()
