"""The portal as it is served: both processes together, and never an open demonstration."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.running import environment, portal, served


@pytest.fixture
def demonstration(fresh: Path) -> Path:
    assert portal(fresh, "demo").returncode == 0
    return fresh


def test_it_answers_prints_the_sign_ins_and_ends_cleanly(demonstration: Path) -> None:
    with served(demonstration, "--processes", "1") as address:
        with urllib.request.urlopen(f"{address}/") as answer:
            assert answer.status == 200
        deadline = time.monotonic() + 10
        while "Ctrl-C" not in said(demonstration) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert f"is served at {address}" in said(demonstration)
        assert "ada@desk.example" in said(demonstration)
        pids = children_of(demonstration)
        assert len(pids) >= 2
    assert not any(is_alive(pid) for pid in pids)


def test_a_dead_worker_is_started_again(demonstration: Path) -> None:
    with served(demonstration, "--processes", "1"):
        before = worker_of(demonstration)
        os.kill(before, signal.SIGKILL)
        deadline = time.monotonic() + 15
        while worker_of(demonstration) in {0, before} and time.monotonic() < deadline:
            time.sleep(0.1)
        assert worker_of(demonstration) not in {0, before}


def test_children_end_when_their_parent_is_killed(demonstration: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "portal", "serve", "--port", str(port), "--processes", "1"]
    parent = subprocess.Popen(
        command,
        env=environment(demonstration),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    while len(children_of(demonstration)) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    pids = [pid for pid in children_of(demonstration) if pid != parent.pid]
    time.sleep(1.5)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 20
    while any(is_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(is_alive(pid) for pid in pids)


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
