"""The portal as it is served: both processes together, and never an open demonstration."""

import os
import signal
import socket
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.running import portal, served

PATIENCE_SECONDS = 120


@pytest.fixture
def demonstration(fresh: Path) -> Path:
    assert portal(fresh, "demo").returncode == 0
    return fresh


def test_it_answers_prints_the_sign_ins_and_ends_cleanly(demonstration: Path) -> None:
    with served(demonstration, "--processes", "1") as address:
        with urllib.request.urlopen(f"{address}/") as answer:
            assert answer.status == 200
        wait_until(lambda: "Ctrl-C" in said(demonstration))
        assert f"is served at {address}" in said(demonstration)
        assert "ada@desk.example" in said(demonstration)
        pids = children_of(demonstration)
        assert len(pids) >= 2
    assert not any(is_alive(pid) for pid in pids)


def test_a_dead_worker_is_started_again(demonstration: Path) -> None:
    with served(demonstration, "--processes", "1"):
        before = worker_of(demonstration)
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: worker_of(demonstration) not in {0, before})


def test_children_end_when_their_parent_is_killed(demonstration: Path) -> None:
    with served(demonstration, "--processes", "1"):
        pids = children_of(demonstration)
        [parent] = [pid for pid in pids if b"serve" in _command(pid).split(b"\0")]
        assert len(pids) >= 4
        os.kill(parent, signal.SIGKILL)
        wait_until(lambda: not any(is_alive(pid) for pid in pids))


def test_a_demonstration_is_served_on_loopback_only(demonstration: Path) -> None:
    done = portal(demonstration, "serve", "--host", "0.0.0.0", "--port", str(free_port()))
    assert done.returncode == 2
    assert "public passwords" in done.stderr


def test_a_taken_port_is_told_with_the_remedy(demonstration: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = portal(demonstration, "serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "choose another: portal serve --port" in done.stderr


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def said(home: Path) -> str:
    return (home / "serve.log").read_text()


def children_of(home: Path) -> list[int]:
    """Every process that works on this home folder."""
    return [pid for pid in _processes() if f"PORTAL_HOME={home}".encode() in _environment(pid)]


def worker_of(home: Path) -> int:
    found = [pid for pid in children_of(home) if b"work" in _command(pid).split(b"\0")]
    return found[0] if found else 0


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _environment(pid: int) -> bytes:
    return _read(pid, "environ")


def _command(pid: int) -> bytes:
    return _read(pid, "cmdline")


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
