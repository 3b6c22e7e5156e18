"""Servers under measurement: started on a free loopback port, their CPU time and memory read.

CPU is what the kernel counted for the process and its threads, in nanoseconds; memory is the
largest resident set so far. Linux only.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """A running server: where it listens and which processes answer (not the worker)."""

    port: int
    processes: tuple[int, ...]

    def cpu_ms(self) -> float:
        return sum(_cpu_ns(process) for process in self.processes) / 1e6

    def peak_memory_mb(self) -> float:
        return max(_peak_kb(process) for process in self.processes) / 1024


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def serving(
    command: list[str], *, port: int, environment: Mapping[str, str], serves: str
) -> Iterator[Server]:
    """Run `command` until the block ends; it must listen on `port`.

    `serves` is a word in the command line of the processes that answer requests.
    """
    server = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until_it_answers(port, server)
        yield Server(port, tuple(_answering(server.pid, serves)))
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def gunicorn(application: str, *, port: int) -> list[str]:
    """The same server as `portal serve` uses, with one process and the same threads."""
    return [
        str(Path(sys.executable).parent / "gunicorn"),
        *("--workers", "1", "--worker-class", "gthread", "--threads", "8"),
        *("--bind", f"127.0.0.1:{port}", "--keep-alive", "75", application),
    ]


def _wait_until_it_answers(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise SystemExit(f"the server ended with status {server.returncode}: {server.args!r}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"no answer on port {port} after 30 s: {server.args!r}")


def _answering(parent: int, serves: str) -> list[int]:
    family = _descendants(parent)
    leaves = [p for p in family if not _children(p) and serves in _command_line(p)]
    return leaves or [parent]


def _descendants(parent: int) -> list[int]:
    found = [parent]
    for child in _children(parent):
        found += _descendants(child)
    return found


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _command_line(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def _cpu_ns(process: int) -> int:
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks)


def _peak_kb(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])
