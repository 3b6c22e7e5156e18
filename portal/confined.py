"""Work on what strangers wrote is done in a process of its own, under limits: no secrets, no
database, so much processor time and memory for each piece. What takes more is refused; nothing
else suffers.

A module that is run this way ends with `confined.work(answer, ...)`; whoever needs it asks through
a `Confined` of that module's name. One JSON request a line, one JSON answer a line.
"""

import atexit
import contextlib
import json
import os
import queue
import resource
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

# The limit is the child's own processor time: a busy machine must refuse nothing good. This one
# only ends a child that does not get on at all.
WALL_SECONDS = 60.0
IDLE_SECONDS = 300
_SOURCE = Path(__file__).resolve().parents[1]

Answer = dict[str, Any]


class Confined:
    """Processes that run `module`, started when first needed. Safe to use from any thread."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        self._turns = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))
        atexit.register(self._end_all)

    def ask(self, request: dict[str, Any]) -> Answer:
        """What the module answers; {"refused": why} when it took too much for that."""
        with self._turns:
            for is_last_try in (False, True):
                child = self._take()
                answer = child.ask(request)
                if answer is not None:
                    self._idle.put(child)
                    return answer
                if child.end() != 0 or is_last_try:
                    break
        return {"refused": "time"}

    def _take(self) -> "_Child":
        """An idle process of this process (a fork must not share its parent's), or a new one."""
        while True:
            try:
                child = self._idle.get_nowait()
            except queue.Empty:
                return _Child(self._module)
            if child.owner == os.getpid():
                return child

    def _end_all(self) -> None:
        while not self._idle.empty():
            child = self._idle.get_nowait()
            if child.owner == os.getpid():
                child.end()


def work(answer: Callable[[dict[str, Any]], Answer], *, seconds: float, memory_bytes: int) -> None:
    """Answer requests under these limits for each, until nobody asks any more."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    while select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            return
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        said = json.dumps(_answered(answer, json.loads(line)))
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        sys.stdout.write(said + "\n")
        sys.stdout.flush()


def _answered(answer: Callable[[dict[str, Any]], Answer], request: dict[str, Any]) -> Answer:
    try:
        return answer(request)
    except (MemoryError, RecursionError) as error:
        return {"refused": type(error).__name__}


class _Child:
    """One process that works."""

    def __init__(self, module: str) -> None:
        self.owner = os.getpid()
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(_SOURCE), "LANG": "C.UTF-8", "PYTHONUTF8": "1"},
        )

    def ask(self, request: dict[str, Any]) -> Answer | None:
        """Its answer, or None when it ended instead of answering."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            line = _read_line(self._process.stdout, time.monotonic() + WALL_SECONDS)
        except OSError:
            line = b""
        answer: Answer | None = json.loads(line) if line.endswith(b"\n") else None
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
