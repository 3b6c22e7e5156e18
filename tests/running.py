"""The real `portal` command, as an operator runs it: in a process and a folder of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from portal import commands
from tests.ports import free_port

START_SECONDS = 180


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return kept | {"PORTAL_HOME": str(home)}


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


def portal(home: Path, *arguments: str, typed: str = "") -> Done:
    """`portal ARGUMENTS` to its end, without the cost of a new process."""
    told: dict[str, str | None] = {name: None for name in os.environ if name.startswith("PORTAL_")}
    done = CliRunner().invoke(
        commands.portal, arguments, input=typed, env=told | {"PORTAL_HOME": str(home)}
    )
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


def portal_process(home: Path, *arguments: str) -> Done:
    """`portal ARGUMENTS` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "portal", *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@contextmanager
def served(home: Path, *arguments: str) -> Iterator[str]:
    """`portal serve` on a free port of loopback, up and answering; its address."""
    port = free_port()
    command = [sys.executable, "-m", "portal", "serve", "--port", str(port), *arguments]
    log = home / "serve.log"
    with log.open("w") as said:
        process = subprocess.Popen(
            command, env=environment(home), stdout=said, stderr=subprocess.STDOUT
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_up(process, address, log)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)


def _wait_until_up(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the portal did not start:\n{log.read_text()}")
