"""The real `portal` command, as an operator runs it: in a process and a folder of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

START_SECONDS = 60


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return kept | {"PORTAL_HOME": str(home)} | more


def portal(
    home: Path, *arguments: str, typed: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """Run `portal ARGUMENTS` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "portal", *arguments],
        env=environment(home, **more),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


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
        process.wait(timeout=30)


def _wait_until_up(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the portal did not start:\n{log.read_text()}")
