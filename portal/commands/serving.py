"""Two children, one fate: the web server and the worker are started, watched, started again when
one dies, and ended together.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

from portal.commands.remedy import Remedy
from portal.logs import set_up

START_SECONDS, END_SECONDS = 60, 15
ARENAS = "1"  # glibc's pools of memory: one a thread, its usual measure, keeps 10 MB for nothing
TRIM_AFTER = "1048576"  # bytes free before glibc gives them back; its own measure grows to 64 MB
SHORTEST_PAUSE, LONGEST_PAUSE, GOOD_RUN_SECONDS = 1.0, 30.0, 60.0
_log = logging.getLogger("portal.serve")


@dataclass
class Child:
    """One process that has to run as long as its parent."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    pause: float = SHORTEST_PAUSE
    started_at: float = field(default=0.0)

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            env=dict(self.environment),
            pass_fds=self.descriptors,
            start_new_session=True,
        )

    @property
    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    @property
    def status(self) -> int:
        """How it ended; 1 when it was ended."""
        code = self.process.returncode if self.process else 1
        return code if code > 0 else 1

    def next_pause(self) -> float:
        """How long to wait before starting again: longer each time, short after a good run."""
        if time.monotonic() - self.started_at > GOOD_RUN_SECONDS:
            self.pause = SHORTEST_PAUSE
        pause, self.pause = self.pause, min(self.pause * 2, LONGEST_PAUSE)
        return pause

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, seconds: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(seconds, 0.1))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def listen(host: str, port: int) -> socket.socket:
    """The socket that the web server answers on. Raises Remedy when it can't be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise Remedy(
            f"{host}:{port} can't be served: {_why(error)}. "
            "Stop what uses it, or choose another: portal serve --port 8001"
        ) from None
    listener.listen(512)
    return listener


def children(
    listener: socket.socket, processes: int, environment: Mapping[str, str]
) -> list[Child]:
    """The web server, and the worker."""
    descriptor, parent = listener.fileno(), str(os.getpid())
    web = ["-m", "portal.commands.web_server", str(descriptor), str(processes), parent]
    work = ["-m", "portal", "work", "--parent", parent]
    return [
        Child("the web server", [sys.executable, *web], environment, (descriptor,)),
        Child("the worker", [sys.executable, *work], environment),
    ]


def run(
    started: list[Child],
    listener: socket.socket,
    *,
    health_url: str,
    host: str,
    when_up: Callable[[], None],
) -> int:
    """Run the children until the signal to end comes; the exit status.

    `when_up` is called once the portal answers. From the signal on nobody new gets in, so that the
    next start can have the address at once.
    """
    set_up()
    stop = _stop_signal()
    for child in started:
        child.start()
    is_up = _wait_until_up(started[0], health_url, host, stop)
    if is_up:
        when_up()
        _watch(started, stop)
    for child in started:
        child.end()
    refuse_newcomers(listener)
    deadline = time.monotonic() + END_SECONDS
    for child in started:
        child.wait(deadline - time.monotonic())
    return 0 if is_up or stop.is_set() else started[0].status


def refuse_newcomers(listener: socket.socket) -> None:
    """Close the socket in every process that shares it; talks that have begun go on."""
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _stop_signal() -> threading.Event:
    stop = threading.Event()

    def tell(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, tell)
    return stop


def _wait_until_up(web: Child, url: str, host: str, stop: threading.Event) -> bool:
    """Until the first answer; False when the web server dies before, or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not stop.is_set() and not web.has_died and time.monotonic() < deadline:
        if _answers(url, host):
            return True
        stop.wait(0.05)
    if not stop.is_set():
        _log.error("The web server did not start.")
    return False


def _answers(url: str, host: str) -> bool:
    asked = urllib.request.Request(url, headers={"Host": host})  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _watch(started: list[Child], stop: threading.Event) -> None:
    while not stop.wait(0.5):
        for child in started:
            if child.has_died:
                pause = child.next_pause()
                _log.error("%s ended; it is started again in %.0f s.", child.name, pause)
                if stop.wait(pause):
                    return
                child.start()


def environment_for(base_url: str | None) -> dict[str, str]:
    """What the children are told: everything this process was, and where a demonstration is."""
    pools = {"MALLOC_ARENA_MAX": ARENAS, "MALLOC_TRIM_THRESHOLD_": TRIM_AFTER}
    told = {**pools, **os.environ}
    if base_url is not None:
        told["PORTAL_BASE_URL"] = base_url
    return told


def _why(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
