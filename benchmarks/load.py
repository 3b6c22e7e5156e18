"""A load from one client over one kept connection, and the figures that come of it."""

import http.client
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.processes import Server

Headers = dict[str, str]
Act = Callable[[http.client.HTTPConnection], None]


@dataclass(frozen=True)
class Figures:
    """Latencies in milliseconds; `cpu_ms` is the server's processor time for one request."""

    requests_per_second: float
    p50: float
    p95: float
    p99: float
    cpu_ms: float


def measure(server: Server, act: Act, *, seconds: float) -> Figures:
    """Repeat `act` for so many seconds, after a tenth of that to warm up."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    _repeat(connection, act, seconds / 10)
    before = server.cpu_ms()
    started = time.perf_counter()
    took = _repeat(connection, act, seconds)
    elapsed = time.perf_counter() - started
    cpu_ms = (server.cpu_ms() - before) / len(took)
    connection.close()
    cuts = statistics.quantiles(took, n=100) if len(took) > 1 else took * 99
    return Figures(len(took) / elapsed, cuts[49], cuts[94], cuts[98], cpu_ms)


def getting(path: str, headers: Headers | None = None, expect: int = 200) -> Act:
    """An act that fetches `path` and insists on the status."""

    def act(connection: http.client.HTTPConnection) -> None:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        response.read()
        if response.status != expect:
            raise SystemExit(f"GET {path} answered {response.status}, not {expect}")

    return act


def _repeat(
    connection: http.client.HTTPConnection,
    act: Act,
    seconds: float,
) -> list[float]:
    took: list[float] = []
    until = time.perf_counter() + seconds
    while (now := time.perf_counter()) < until or not took:
        act(connection)
        took.append((time.perf_counter() - now) * 1000)
    return took
